/**
 * Descriptions that repeat but for their name: a fleet has many machines and few kinds. A line of a stream that reads
 * like one before, except for the name it begins with, has the same record but for that name and its place.
 *
 * That holds for what irqsim does today, and is shown for each kind before it is relied on: the second line of a kind
 * is analysed too, and must come to the record that is made of the first.
 */
import type { Item, LineItem as Line } from './item.ts';
import { type Job, mayRepeat } from './job.ts';
import type { Outcome } from './process.ts';

/** Kinds that are known at once, and the longest line that may be one: memory has a bound. */
const KINDS = 512;
const LONGEST = 16 * 1024;
/** A record with its name; the name is plain, and as long as that of the kind, so that columns stay. */
const NAMED = /^(\{\s*"(?:name|id)"\s*:\s*")([A-Za-z0-9._-]{1,64})("\s*[,}])/;

type RecordJson = Record<string, unknown> & {
  readonly findings?: readonly { readonly location: { readonly line: number } | null }[];
};

/** A line in parts: what it has in common with others of its kind, and its name. */
interface Named {
  readonly kind: string;
  readonly name: string;
}

/** The first line of a kind. */
interface First {
  readonly item: Line;
  readonly name: string;
  readonly outcome: Outcome;
  /** Its record, once a second line came to the same; null: one came to another. */
  record?: RecordJson | null;
}

function namedOf({ bytes, file }: Line): Named | undefined {
  if (bytes.length > LONGEST) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const match = NAMED.exec(text);
  if (match === null) return undefined;
  const [all, before, name, after] = match;
  return { kind: `${file}\n${before}${name.length}${after}${text.slice(all.length)}`, name };
}

/** The record of a line, made of that of the first line of its kind. */
function recordOf({ item: first, name: firstName }: First, record: RecordJson, item: Line, name: string) {
  const renamed = (value: unknown): unknown =>
    value === firstName ? name : value === first.id ? item.id : value;
  const findings = record.findings?.map((finding) =>
    finding.location?.line === first.line
      ? { ...finding, location: { ...finding.location, line: item.line } }
      : finding,
  );
  return {
    ...record,
    id: renamed(record.id),
    index: item.index,
    ...('name' in record && { name: renamed(record.name) }),
    ...(findings && { findings }),
  };
}

/** What a thread remembers of the lines it has seen. */
export interface Repeats {
  /** The outcome of an item: `make` gives it, unless it is known. `digest`: of the bytes of a line. */
  outcome(
    item: Item,
    job: Job,
    digest: (bytes: Uint8Array) => string,
    make: () => Promise<Outcome>,
  ): Promise<Outcome>;
}

export function createRepeats(): Repeats {
  const kinds = new Map<string, First>();
  const remember = (kind: string, first: First): void => {
    if (kinds.size >= KINDS) kinds.delete(kinds.keys().next().value ?? '');
    kinds.set(kind, first);
  };
  return {
    async outcome(item, job, digest, make) {
      const named = item.kind === 'line' && mayRepeat(job) ? namedOf(item) : undefined;
      if (item.kind !== 'line' || named === undefined) return make();
      const { kind, name } = named;
      const first = kinds.get(kind);
      const textOf = (record: RecordJson, from: First): string =>
        `${JSON.stringify({ ...recordOf(from, record, item, name), inputSha256: digest(item.bytes) })}\n`;
      if (first?.record) return { text: textOf(first.record, first), tally: first.outcome.tally };
      const outcome = await make();
      const isPlain = outcome.complaint === undefined && outcome.traces === undefined;
      if (first === undefined) {
        if (isPlain) remember(kind, { item, name, outcome });
      } else if (first.record === undefined && name !== first.name && item.line !== first.item.line) {
        const record = JSON.parse(first.outcome.text) as RecordJson;
        first.record = isPlain && textOf(record, first) === outcome.text ? record : null;
      }
      return outcome;
    },
  };
}
