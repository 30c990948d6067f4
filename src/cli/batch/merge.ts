/** Puts the outputs of all shards together again, after proof that they are all there and belong together. */
import { rmSync } from 'node:fs';
import type { DocumentFormat } from '../../report/document/formats.ts';
import { SCHEMA_VERSION } from '../../report/json.ts';
import { expandPatterns } from '../input/patterns.ts';
import { colourLevel, type Io, oneLine, UsageError } from '../io.ts';
import { reportWidth } from '../options/machine-options.ts';
import type { Project } from '../project/project-file.ts';
import { tellFailOn } from '../project/tell-project.ts';
import type { FailOn } from '../verdict.ts';
import { readAt, sizeOf } from './file-blocks.ts';
import { type Output, partOf } from './output.ts';
import { noProgress, type Progress } from './resume.ts';
import { isOurs, parseShard, type ShardNumber, shardText, WHOLE } from './shard.ts';
import { addTallies, codeOf, tallyText } from './tally.ts';
import { openTarget, refuseOutputAmongInputs, type TargetOptions } from './target.ts';
import { type Trailer, trailerIn, trailerLine } from './trailer.ts';
import { type LinesRead, type WrittenItem, writtenItems } from './written-items.ts';

export interface MergeOptions extends Pick<TargetOptions, 'output'> {
  readonly failOn: FailOn;
  /** Check only, write nothing. */
  readonly check?: boolean;
  /** The records themselves, or what they say together. */
  readonly format: 'ndjson' | DocumentFormat;
  /** The project file, if there is one that counts. */
  readonly project?: Project;
}

interface ShardFile {
  readonly path: string;
  readonly trailer: Trailer;
  readonly shard: ShardNumber;
}

/** A trailer is much shorter. */
const TAIL = 4096;
/** Shards that are named in a message. */
const NAMED = 10;

/** The last line, if it is whole and short enough to be a trailer. */
function lastLine(path: string): string {
  const length = Math.min(sizeOf(path), TAIL);
  const text = readAt(path, sizeOf(path) - length, length).toString();
  return text.endsWith('\n') ? text.slice(text.lastIndexOf('\n', text.length - 2) + 1) : '';
}

/** A file with its trailer, or what is wrong with it. */
function shardFile(path: string): ShardFile | string {
  try {
    const trailer = trailerIn(JSON.parse(lastLine(path) || 'null'));
    if (trailer && trailer.schemaVersion > SCHEMA_VERSION)
      return `${path}: has schemaVersion ${trailer.schemaVersion}, this irqsim knows ${SCHEMA_VERSION}; merge with irqsim ${trailer.tool.version}`;
    if (trailer) return { path, trailer, shard: parseShard(trailer.shard, path) };
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return `${path}: has no trailer: it is not finished, or no output of irqsim batch`;
}

/** What must be the same in all shards, and how it is called. */
const SHARED: readonly (readonly [what: string, of: (file: ShardFile) => string | number])[] = [
  ['number of shards', ({ shard }) => shard.of],
  ['number of inputs', ({ trailer }) => trailer.inputs],
  ['digest of the options', ({ trailer }) => trailer.options],
  ['irqsim version', ({ trailer }) => trailer.tool.version],
  ['schemaVersion', ({ trailer }) => trailer.schemaVersion],
];

function named(shards: readonly string[]): string {
  const more = shards.length - NAMED;
  return `${shards.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Everything that keeps files from being one whole, a line each. */
function disagreements(files: readonly ShardFile[]): string[] {
  const [first] = files;
  const different = SHARED.flatMap(([what, of]) => {
    const other = files.find((file) => of(file) !== of(first));
    return other ? [`${other.path}: the ${what} is ${of(other)}, that of ${first.path} is ${of(first)}`] : [];
  });
  if (different.length > 0) return different;
  const byNumber = new Map<number, ShardFile>();
  const doubled = files.flatMap((file) => {
    const earlier = byNumber.get(file.shard.number);
    byNumber.set(file.shard.number, file);
    return earlier ? [`${file.path}: is shard ${file.trailer.shard}, as ${earlier.path} is`] : [];
  });
  const { of } = first.shard;
  const missing = Array.from({ length: of }, (_, n) => n + 1).filter((number) => !byNumber.has(number));
  const texts = missing.map((number) => shardText({ number, of }));
  return missing.length === 0
    ? doubled
    : [...doubled, `missing: ${texts.length === 1 ? 'shard' : 'shards'} ${named(texts)}`];
}

/** The files in the order of their shards. Throws UsageError that names everything that is wrong. */
function wholeSet(paths: readonly string[]): readonly ShardFile[] {
  const read = paths.map(shardFile);
  const files = read.filter((file) => typeof file === 'object');
  const problems = read.filter((file) => typeof file === 'string');
  if (files.length > 0) problems.push(...disagreements(files));
  if (problems.length > 0) throw new UsageError(...problems.map((problem) => `merge: ${problem}`));
  return [...files].sort((a, b) => a.shard.number - b.shard.number);
}

/** Reads one shard item by item, and proves at its end that it is as its trailer says. */
async function* provenItems({ path, trailer, shard }: ShardFile): AsyncGenerator<WrittenItem> {
  const { hash, ...own }: Progress = noProgress();
  const read: LinesRead = { trailer: undefined };
  for await (const item of writtenItems(path, read)) {
    const { id, index, options } = item.record;
    if (!isOurs(index, shard) || index >= trailer.inputs || options !== trailer.options)
      throw new UsageError(`merge: ${path}: the record "${id}" is not of this shard`);
    hash.update(item.bytes);
    own.tally = addTallies(own.tally, item.tally);
    yield item;
  }
  if (hash.digest('hex') !== trailer.sha256 || own.tally.records !== trailer.records)
    throw new UsageError(`merge: ${path}: the records are not those that its trailer tells of`);
}

/** Input order: of the first input of each shard, then of the second of each. */
async function* interleaved(files: readonly ShardFile[]): AsyncGenerator<WrittenItem> {
  const streams = files.map(provenItems);
  const { inputs } = files[0].trailer;
  for (let index = 0; index < inputs; index++) {
    const n = index % files.length;
    const { done, value } = await streams[n].next();
    if (done || value.record.index !== index)
      throw new UsageError(`merge: ${files[n].path}: there is no record of input ${index}`);
    yield value;
  }
  for (const [n, stream] of streams.entries()) {
    const { done, value } = await stream.next();
    if (!done) throw new UsageError(`merge: ${files[n].path}: "${value.record.id}" is there twice`);
  }
}

/** Copies items until the end, or until nobody reads any more. */
async function copy(files: readonly ShardFile[], output: Output): Promise<Progress> {
  const progress = noProgress();
  for await (const { bytes, tally } of interleaved(files)) {
    progress.hash.update(bytes);
    progress.tally = addTallies(progress.tally, tally);
    if (!(await output.write(bytes.toString()))) return progress;
  }
  const { trailer } = files[0];
  const sha256 = progress.hash.copy().digest('hex');
  if (await output.write(trailerLine({ ...trailer, ...progress.tally, shard: shardText(WHOLE), sha256 })))
    await output.finish();
  return progress;
}

/** Writes what all records say together. */
async function summarise(
  files: readonly ShardFile[],
  format: DocumentFormat,
  output: Output,
  io: Io,
  toFile: boolean,
): Promise<Progress> {
  const [{ addRecord, emptyFleet, fleetDocument, fleetJson }, { answerText }] = await Promise.all([
    import('../../report/fleet.ts'),
    import('../../report/document/answer.ts'),
  ]);
  const progress = noProgress();
  const fleet = emptyFleet();
  for await (const { records, tally } of interleaved(files)) {
    progress.tally = addTallies(progress.tally, tally);
    for (const record of records) addRecord(fleet, record);
  }
  const { tool } = files[0].trailer;
  const json = () => ({ schemaVersion: SCHEMA_VERSION, tool, ...fleetJson(fleet) });
  // A file is read in places that have no colours.
  const style = { width: reportWidth({}, io), colour: toFile ? 0 : colourLevel(io) } as const;
  const text = await answerText({ json, document: () => fleetDocument(fleet) }, format, style);
  if (await output.write(io.shown?.(text) ?? text)) await output.finish();
  return progress;
}

const NOWHERE: Output = { write: async () => true, finish: async () => {}, leave: () => {} };

/** Merges the outputs of shards. Returns the exit code. Throws UsageError if they make no whole. */
export async function runMerge(paths: readonly string[], options: MergeOptions, io: Io): Promise<number> {
  const { output: path, check, failOn, format } = options;
  if (check && format !== 'ndjson')
    throw new UsageError(`merge: --check writes nothing, so it goes without --format ${format}`);
  if (check && path !== undefined)
    throw new UsageError('merge: --check writes nothing, so it goes without -o');
  tellFailOn(options.project, io.note);
  const inputs = expandPatterns(paths, path);
  const files = wholeSet(inputs);
  refuseOutputAmongInputs(path, inputs);
  const target = openTarget({ output: path, force: true });
  try {
    const output = check ? NOWHERE : target.open(0);
    const { tally } =
      format === 'ndjson'
        ? await copy(files, output)
        : await summarise(files, format, output, io, path !== undefined);
    const shards = files.length === 1 ? '1 shard' : `${files.length} shards`;
    io.note(oneLine(`irqsim: merge: ${shards}, ${tallyText(tally)}`));
    return codeOf(tally, failOn);
  } catch (error) {
    // Nothing can go on with it.
    if (path !== undefined) rmSync(partOf(path), { force: true });
    throw error;
  } finally {
    target.release();
  }
}
