/**
 * Machines that are described alike but for their name, whatever else differs in the inputs that they are read from:
 * identifiers, addresses, paths of images, comments. Such a machine has the record of the first of its kind, but for
 * its name, its place and the places of what its findings are about.
 *
 * As with lines that repeat, the second machine of a kind is analysed too, and must come to the record that is made of
 * the first.
 */
import type { Analysis } from '../../findings/analyze.ts';
import { pathOf } from '../../findings/rules/rule.ts';
import type { Path } from '../../machine/locate.ts';
import { applySets } from '../../machine/set.ts';
import type { MachineSource } from '../../questions/source.ts';
import type { MachineRecord, RecordPlace } from '../../report/record.ts';
import { type Job, mayRepeat } from './job.ts';

/** Kinds that are known at once, and the longest text of one: memory has a bound. */
const KINDS = 512;
const LONGEST = 8 * 1024;

/** A machine of its own analysis. */
export interface Analysed {
  readonly record: MachineRecord;
  readonly analysis: Analysis;
}

interface Kind {
  readonly record: MachineRecord;
  /** By finding, what is at its place; null: it has none. */
  readonly paths: readonly (Path | null)[];
  /** Whether a second machine came to the same. */
  shown: 'not yet' | 'same' | 'other';
}

/** What decides about the record of a machine, but for its name; undefined: it cannot be told, or is long. */
function kindText({ format, result }: MachineSource): string | undefined {
  const { raw, assumptions, refusals, ignored } = result;
  if (typeof raw.value !== 'object' || raw.value === null) return undefined;
  const { name, ...unnamed } = raw.value as { readonly name?: unknown };
  if (name !== undefined && typeof name !== 'string') return undefined;
  const text = JSON.stringify([format, unnamed, assumptions, refusals, ignored ?? false]);
  // What JSON has no word for, such as infinity, is written as null.
  return text.length > LONGEST || text.includes('null') ? undefined : text;
}

/** By finding, what is at its place; undefined if that is not known of all of them. */
function pathsOf({ findings }: Analysis): readonly (Path | null)[] | undefined {
  const paths = findings.map((finding) => (finding.location ? pathOf(finding) : null));
  return paths.every((path) => path !== undefined) ? paths : undefined;
}

/** The record of a machine of the kind. */
function recordOf(
  { record, paths }: Kind,
  source: MachineSource,
  place: RecordPlace,
  job: Job,
): MachineRecord {
  const { name = '' } = source.result.raw.value as { readonly name?: string };
  const { locate } = paths.some((path) => path !== null)
    ? applySets(source.result.raw, job.changes)
    : source.result.raw;
  const { id, index, part, inputSha256 } = place;
  return {
    ...record,
    id,
    index,
    part,
    inputSha256,
    name,
    findings: record.findings.map((finding, n) => {
      const path = paths[n];
      return path ? { ...finding, location: locate(path) ?? null } : finding;
    }),
  };
}

/** What a thread remembers of the machines it has seen. */
export interface LikeMachines {
  /** The record of a machine: `analyse` gives it, unless it is known. */
  record(source: MachineSource, place: RecordPlace, job: Job, analyse: () => Analysed): MachineRecord;
}

/** An empty memory. */
export function createLikeMachines(): LikeMachines {
  const kinds = new Map<string, Kind>();
  const remember = (text: string, { record, analysis }: Analysed): void => {
    const paths = pathsOf(analysis);
    if (paths === undefined || JSON.stringify(record).length > LONGEST) return;
    if (kinds.size >= KINDS) kinds.delete(kinds.keys().next().value ?? '');
    kinds.set(text, { record, paths, shown: 'not yet' });
  };
  return {
    record(source, place, job, analyse) {
      const text = mayRepeat(job) ? kindText(source) : undefined;
      const kind = text === undefined ? undefined : kinds.get(text);
      if (kind?.shown === 'same') return recordOf(kind, source, place, job);
      const analysed = analyse();
      if (kind === undefined) {
        if (text !== undefined) remember(text, analysed);
      } else if (kind.shown === 'not yet' && kind.record.name !== analysed.record.name) {
        const made = JSON.stringify(recordOf(kind, source, place, job));
        kind.shown = made === JSON.stringify(analysed.record) ? 'same' : 'other';
      }
      return analysed.record;
    },
  };
}
