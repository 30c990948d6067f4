/** What an earlier run has left: its record lines, checked against the inputs, so that only the rest is done. */
import { createHash, type Hash } from 'node:crypto';
import { SCHEMA_VERSION } from '../../report/json.ts';
import type { BatchRecord } from '../../report/record.ts';
import { UsageError } from '../io.ts';
import { VERSION } from '../version.ts';
import type { Item } from './item.ts';
import { linesOf } from './lines.ts';
import { piecesOf, sizeOf } from './pieces.ts';
import { addTallies, EMPTY_TALLY, type Tally, tallyOf } from './tally.ts';
import { type Trailer, trailerIn } from './trailer.ts';

const NEWLINE = 0x0a;

/** The lines of one item. */
export interface KeptItem {
  readonly record: BatchRecord;
  /** With their ends. */
  readonly bytes: Buffer;
  readonly tally: Tally;
}

interface KeptLine {
  readonly record: BatchRecord;
  readonly bytes: Buffer;
}

/** What a file of lines is read to the end as. */
export interface LinesRead {
  /** The trailer, once the end is reached and there was one. */
  trailer: Trailer | undefined;
}

function parseLine(path: string, number: number, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new UsageError(`${path}:${number}: the line is damaged`);
  }
}

/**
 * The record lines of a file, one by one; the trailer goes to `read`. A last line without end is torn: it is left
 * out. Throws UsageError for any other line that is no record.
 */
async function* recordLines(path: string, read: LinesRead): AsyncGenerator<KeptLine> {
  const size = sizeOf(path);
  let seen = 0;
  const options = { end: NEWLINE, max: Number.POSITIVE_INFINITY };
  for await (const lines of linesOf(piecesOf(path, size), options)) {
    for (const { number, bytes } of lines) {
      if (bytes === null) continue;
      seen += bytes.length + 1;
      if (seen > size) return;
      if (read.trailer) throw new UsageError(`${path}:${number}: a line follows the trailer`);
      const value = parseLine(path, number, bytes);
      read.trailer = trailerIn(value);
      if (read.trailer) continue;
      if (!Number.isInteger((value as Partial<BatchRecord> | null)?.index))
        throw new UsageError(`${path}:${number}: the line is no record`);
      yield { record: value as BatchRecord, bytes: Buffer.concat([bytes, Buffer.of(NEWLINE)]) };
    }
  }
}

/** The items of a file, in its order. An item at the end of which machines are missing is left out. */
export async function* keptItems(path: string, read: LinesRead): AsyncGenerator<KeptItem> {
  let parts: KeptLine[] = [];
  for await (const line of recordLines(path, read)) {
    const { id, index, part = { number: 1, of: 1 } } = line.record;
    if (part.number !== parts.length + 1 || (parts.length > 0 && parts[0].record.index !== index))
      throw new UsageError(`${path}: "${id}" does not follow what stands before it`);
    parts.push(line);
    if (part.number < part.of) continue;
    yield {
      record: parts[0].record,
      bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
      tally: parts.map(({ record }) => tallyOf(record)).reduce(addTallies, EMPTY_TALLY),
    };
    parts = [];
  }
}

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
  { record }: KeptItem,
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
  for await (const kept of keptItems(options.path, read)) {
    while (taken === items.length) {
      const { done, value } = await source.next();
      if (done) break;
      items = value;
      taken = 0;
      await new Promise(setImmediate);
    }
    if (options.stopped()) break;
    const problem = await mismatch(kept, items[taken++], options);
    if (problem !== undefined)
      throw new UsageError(`${options.path}: the record "${kept.record.id}" ${problem}; --force starts over`);
    progress.tally = addTallies(progress.tally, kept.tally);
    progress.items++;
    progress.hash.update(kept.bytes);
    progress.bytes += kept.bytes.length;
  }
  return { progress, rest: items.slice(taken), trailer: read.trailer };
}
