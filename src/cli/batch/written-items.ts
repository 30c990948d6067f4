/** The record lines of an output, by item: what an earlier run or another shard has written. */
import { isMapping } from '../../formats/text/values.ts';
import type { BatchRecord } from '../../report/record.ts';
import { UsageError } from '../io.ts';
import { blocksOf, sizeOf } from './file-blocks.ts';
import { linesOf } from './lines.ts';
import { addTallies, EMPTY_TALLY, type Tally, tallyOf } from './tally.ts';
import { type Trailer, trailerIn } from './trailer.ts';

const NEWLINE = 0x0a;

/** The lines of one item. */
export interface WrittenItem {
  readonly record: BatchRecord;
  /** All of its records; `record` is the first. */
  readonly records: readonly BatchRecord[];
  /** With their ends. */
  readonly bytes: Buffer;
  readonly tally: Tally;
}

interface RecordLine {
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

const isFinding = (value: unknown): boolean =>
  isMapping(value) && typeof value.rule === 'string' && typeof value.level === 'string';

/** What is counted of a record, if it is there, is what it should be: a line without a verdict is no PASS. */
function isRecord(value: unknown): value is BatchRecord {
  if (!isMapping(value) || typeof value.id !== 'string' || !Number.isInteger(value.index)) return false;
  const { verdict, error, findings = [], cpus = {}, queues = {} } = value;
  if (error !== undefined)
    return (
      isMapping(error) && /^(?:input|internal)$/.test(`${error.kind}`) && typeof error.message === 'string'
    );
  return (
    /^(?:pass|warn|fail)$/.test(`${verdict}`) &&
    isMapping(cpus) &&
    isMapping(queues) &&
    Array.isArray(findings) &&
    findings.every(isFinding)
  );
}

/**
 * The record lines of a file, one by one; the trailer goes to `read`. A last line without end is torn: it is left
 * out. Throws UsageError for any other line that is no record.
 */
async function* recordLines(path: string, read: LinesRead): AsyncGenerator<RecordLine> {
  const size = sizeOf(path);
  let seen = 0;
  const options = { end: NEWLINE, max: Number.POSITIVE_INFINITY };
  for await (const lines of linesOf(blocksOf(path, size), options)) {
    for (const { number, bytes } of lines) {
      if (bytes === null) continue;
      seen += bytes.length + 1;
      if (seen > size) return;
      if (read.trailer) throw new UsageError(`${path}:${number}: a line follows the trailer`);
      const value = parseLine(path, number, bytes);
      read.trailer = trailerIn(value);
      if (read.trailer) continue;
      if (!isRecord(value)) throw new UsageError(`${path}:${number}: the line is no record`);
      yield { record: value, bytes: Buffer.concat([bytes, Buffer.of(NEWLINE)]) };
    }
  }
}

/** The items of a file, in its order. An item at the end of which machines are missing is left out. */
export async function* writtenItems(path: string, read: LinesRead): AsyncGenerator<WrittenItem> {
  let parts: RecordLine[] = [];
  for await (const line of recordLines(path, read)) {
    const { id, index, part = { number: 1, of: 1 } } = line.record;
    if (part.number !== parts.length + 1 || (parts.length > 0 && parts[0].record.index !== index))
      throw new UsageError(`${path}: "${id}" does not follow what stands before it`);
    parts.push(line);
    if (part.number < part.of) continue;
    yield {
      record: parts[0].record,
      records: parts.map(({ record }) => record),
      bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
      tally: parts.map(({ record }) => tallyOf(record)).reduce(addTallies, EMPTY_TALLY),
    };
    parts = [];
  }
}
