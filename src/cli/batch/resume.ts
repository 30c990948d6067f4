/** What an earlier run has left, checked against the inputs, so that only the rest is done. */
import { createHash, type Hash } from 'node:crypto';
import { SCHEMA_VERSION } from '../../report/json.ts';
import { UsageError } from '../io.ts';
import { VERSION } from '../version.ts';
import type { Item } from './item.ts';
import { addTallies, EMPTY_TALLY, type Tally } from './tally.ts';
import type { Trailer } from './trailer.ts';
import { type LinesRead, type WrittenItem, writtenItems } from './written-items.ts';

/** How far an output has come. */
export interface Progress {
  tally: Tally;
  /** Inputs that are done. */
  items: number;
  /** Over the record lines. */
  readonly hash: Hash;
  /** Bytes of the record lines. */
  bytes: number;
}

export function noProgress(): Progress {
  return { tally: EMPTY_TALLY, items: 0, hash: createHash('sha256'), bytes: 0 };
}

export interface Resumed {
  readonly progress: Progress;
  /** Items that were taken from the source but are not done. */
  readonly rest: readonly Item[];
  readonly trailer: Trailer | undefined;
}

export interface ResumeOptions {
  readonly path: string;
  /** Digest of the options of this run. */
  readonly options: string;
  readonly digest: (item: Item) => Promise<string | undefined>;
  readonly stopped: () => boolean;
}

/** Why the records of an item cannot be kept, or undefined. */
async function mismatch(
  { record }: WrittenItem,
  item: Item | undefined,
  { options, digest }: ResumeOptions,
): Promise<string | undefined> {
  if (record.tool?.version !== VERSION)
    return `was written by irqsim ${record.tool?.version}, this is ${VERSION}`;
  if (record.schemaVersion !== SCHEMA_VERSION)
    return `has schemaVersion ${record.schemaVersion}, this irqsim writes ${SCHEMA_VERSION}`;
  if (record.options !== options) return 'was written with other options';
  if (!item) return 'has no input any more';
  if (record.index !== item.index) return `is of input ${record.index}, where ${item.index} is expected`;
  const id = record.part ? record.id.replace(/#1$/, '') : record.id;
  if (item.kind !== 'line' && id !== item.id) return `is of another input than ${item.id}`;
  return record.inputSha256 === (await digest(item)) ? undefined : 'has an input that has changed since';
}

/**
 * Passes over the items whose records a file has. Throws UsageError, and changes nothing, if a record is not what
 * this run would have written for its item.
 */
export async function resume(
  source: AsyncIterator<readonly Item[]>,
  options: ResumeOptions,
): Promise<Resumed> {
  const progress = noProgress();
  const read: LinesRead = { trailer: undefined };
  let items: readonly Item[] = [];
  let taken = 0;
  for await (const written of writtenItems(options.path, read)) {
    while (taken === items.length) {
      const { done, value } = await source.next();
      if (done) break;
      items = value;
      taken = 0;
      await new Promise(setImmediate);
    }
    if (options.stopped()) break;
    const problem = await mismatch(written, items[taken++], options);
    if (problem !== undefined)
      throw new UsageError(
        `${options.path}: the record "${written.record.id}" ${problem}; --force starts over`,
      );
    progress.tally = addTallies(progress.tally, written.tally);
    progress.items++;
    progress.hash.update(written.bytes);
    progress.bytes += written.bytes.length;
  }
  return { progress, rest: items.slice(taken), trailer: read.trailer };
}
