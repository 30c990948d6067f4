/** From arguments to inputs: files, directories, patterns, lists of paths and streams of records. */
import { createReadStream, type ReadStream } from 'node:fs';
import { LIMITS } from '../../machine/limits.ts';
import { maybeGunzip } from '../input/gunzip.ts';
import { describeFailure } from '../input/input.ts';
import type { Part, Splitter } from '../input/part.ts';
import { standardInputStream } from '../input/read-bytes.ts';
import { companions, whyNoBytes } from '../input/read-parts.ts';
import { noGuest, partsAgain } from '../input/split-readings.ts';
import { streamSplitter } from '../input/splitting.ts';
import { type Entry, entriesOf, entryOf, statOf } from '../input/walk.ts';
import { UsageError } from '../io.ts';
import type { Group, Work } from './item.ts';
import { type Line, linesOf } from './lines.ts';
import { idOfLine } from './packed-lines.ts';
import { mayBeRecord, recordHint } from './record-hint.ts';

const NEWLINE = 0x0a;
const PATH_BYTES = 64 * 1024;
/** Inputs of one group at most. */
const GROUP = 256;

export interface WorkOptions {
  /** Paths, and "-". */
  readonly inputs: readonly string[];
  /** File with a path a line, or "-". */
  readonly filesFrom?: string | undefined;
  /** Paths of that file end with NUL. */
  readonly nul: boolean;
  /** Throws UsageError for paths of that file that cannot be inputs. */
  readonly check: (paths: readonly string[]) => void;
  /** Ends the reading of streams. */
  readonly signal: AbortSignal;
  /** Hears of what holds no record at all, and what to do about it. */
  readonly hint: (text: string) => void;
}

/** What the reading of a stream needs to know. */
type StreamOptions = Pick<WorkOptions, 'signal' | 'hint'>;

function unreadable(id: string, message: string, line = 1, sha256?: string): Work {
  return { kind: 'unreadable', id, problem: { file: id, line, column: 1, message }, sha256 };
}

function failureText(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) return 'the gzip data is damaged or cut short';
  return describeFailure(error);
}

/** Blanks, line ends and the bytes of a byte order mark. */
const BLANKS: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n\ufeff'));
const BLANK = /^[ \t\r\n\ufeff]*$/;

/** Only a short line can be blank, in the sense that somebody left it so. */
const isBlank = ({ bytes }: Line) =>
  bytes !== null &&
  bytes.length < 256 &&
  (bytes.length === 0 || BLANKS.has(bytes[0])) &&
  BLANK.test(bytes.toString());

function record(file: string, { number, bytes, sha256 }: Line): Work {
  const id = idOfLine(file, number);
  if (bytes) return { kind: 'line', id, file, line: number, bytes };
  const limit = LIMITS.textBytes / 2 ** 20;
  const problem = { file, line: number, column: 1, message: `the line is longer than ${limit} MiB` };
  return { kind: 'unreadable', id, problem, sha256 };
}

/** How much of a file is read, 0 to 1; null for what has no size. */
type Way = () => number | null;

/** Runs the reading of a file or of standard input, unpacked if need be. */
async function* opened<T>(
  file: string,
  signal: AbortSignal,
  read: (stream: AsyncIterable<Buffer>, way: Way) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const raw = file === '-' ? standardInputStream() : createReadStream(file);
  const stat = file === '-' ? undefined : statOf(file);
  const size = stat?.isFile() ? stat.size : 0;
  const stop = () => raw.destroy();
  signal.addEventListener('abort', stop);
  try {
    // A file may grow while it is read.
    yield* read(maybeGunzip(raw), () =>
      size > 0 ? Math.min(1, (raw as ReadStream).bytesRead / size) : null,
    );
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Lines {
  readonly lines: readonly Line[];
  readonly at: number | null;
}

/** The lines of a file or of standard input. */
async function* fileLines(
  file: string,
  end: number,
  max: number,
  signal: AbortSignal,
): AsyncGenerator<Lines> {
  yield* opened(file, signal, async function* (stream, way) {
    for await (const lines of linesOf(stream, { end, max })) yield { lines, at: way() };
  });
}

/** An object of a large input, under its place in it until it is known by name. */
function partWork(file: string, { number, line, column, bytes, problem }: Part): Work {
  const id = `${file}:items[${number}]`;
  if (!bytes)
    return { kind: 'unreadable', id, problem: { file, line, column, message: whyNoBytes({ problem }) } };
  return { kind: 'part', id, file, line, column, bytes };
}

/** A text that is a stream of records for sure: its first line is one. */
const HAS_RECORD = /^\s*\{[^\n]*\}[ \t\r]*\n/;

/** What is looked at to see what a text is. */
const HEAD_BYTES = 4096;

/** A stream whose beginning is known: it is given again with the rest. */
async function peek(
  stream: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; all: () => AsyncGenerator<Buffer> }> {
  const pieces = stream[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < HEAD_BYTES && !ended && !HAS_RECORD.test(head.toString('latin1'))) {
    const { done, value } = await pieces.next();
    if (done) ended = true;
    else head = Buffer.concat([head, value]);
  }
  async function* all() {
    if (head.length > 0) yield head;
    for (let next = ended ? undefined : await pieces.next(); next && !next.done; next = await pieces.next())
      yield next.value as Buffer;
  }
  return { head, all };
}

/** The objects of a large input, while it comes. */
async function* partsIn(
  file: string,
  splitter: Splitter,
  stream: AsyncIterable<Buffer>,
  way: Way,
): AsyncGenerator<Group> {
  const referred = companions(partsAgain(file));
  let found = 0;
  const group = (parts: readonly Part[], at: number | null): Group => {
    const works = referred.join(parts).map((part) => partWork(file, part));
    found += works.length;
    return { works, at };
  };
  for await (const bytes of stream) {
    const parts = splitter.push(bytes);
    if (parts.length > 0) yield group(parts, way());
  }
  yield group(splitter.end(), 1);
  if (found === 0) yield { works: [unreadable(file, noGuest(file).problems[0].message)], at: 1 };
}

/** A stream that breaks gives one input that says so, and the next argument follows. */
async function* recordsIn(file: string, { signal, hint }: StreamOptions): AsyncGenerator<Group> {
  let last = 0;
  try {
    yield* opened(file, signal, async function* (stream, way): AsyncGenerator<Group> {
      const { head, all } = await peek(stream);
      const splitter = streamSplitter(head);
      if (splitter) return yield* partsIn(file, splitter, all(), way);
      let works = 0;
      let isStream = false;
      for await (const lines of linesOf(all(), { end: NEWLINE, max: LIMITS.textBytes })) {
        const records = lines.filter((line) => !isBlank(line));
        works += records.length;
        isStream ||= records.some(mayBeRecord);
        yield { works: records.map((line) => record(file, line)), at: way() };
        last = lines[lines.length - 1].number;
      }
      if (works > 0 && !isStream) hint(recordHint(file, head));
    });
  } catch (error) {
    const work = unreadable(file, failureText(error), last + 1);
    yield { works: [last > 0 ? { ...work, id: `${file}:${last + 1}` } : work], at: 1 };
  }
}

/** Part k of n of the way; of streams that cannot tell, nothing is known. */
const along = (k: number, n: number, at: number | null) => (at === null ? null : (k + at) / n);

async function* inside(entry: Entry, options: StreamOptions): AsyncGenerator<Group> {
  if (entry.kind === 'stream') return yield* recordsIn(entry.path, options);
  let entries: readonly Entry[];
  try {
    entries = entriesOf(entry.path);
  } catch (error) {
    return yield { works: [unreadable(entry.path, failureText(error))], at: 1 };
  }
  yield* worksOf(entries, options);
}

async function* worksOf(entries: readonly Entry[], options: StreamOptions): AsyncGenerator<Group> {
  let works: Work[] = [];
  const n = entries.length;
  for (const [k, entry] of entries.entries()) {
    if (entry.kind === 'input') works.push({ kind: 'path', id: entry.path });
    if (works.length > 0 && (entry.kind !== 'input' || works.length === GROUP)) {
      yield { works, at: k / n };
      works = [];
    }
    if (entry.kind === 'input') continue;
    for await (const group of inside(entry, options)) yield { ...group, at: along(k, n, group.at) };
  }
  if (works.length > 0) yield { works, at: 1 };
}

/** "-" is standard input for arguments only; in a list it is a file of that name. */
function listed(path: string): string {
  return path === '-' ? './-' : path;
}

/** The path on a line of a list. Throws UsageError. */
function pathOn({ number, bytes }: Line, { filesFrom, nul }: WorkOptions): string {
  const fail = (message: string) => new UsageError(`--files-from ${filesFrom}, line ${number}: ${message}`);
  if (bytes === null) throw fail('the path is too long');
  if (nul) return listed(bytes.toString());
  if (bytes.includes(0)) throw fail('the paths end with NUL, so -0 is needed');
  return listed(bytes.toString().replace(number === 1 ? /^\ufeff|\r$/g : /\r$/, ''));
}

async function* listedWorks(file: string, options: WorkOptions): AsyncGenerator<Group> {
  const { nul, signal, check } = options;
  try {
    for await (const { lines, at } of fileLines(file, nul ? 0 : NEWLINE, PATH_BYTES, signal)) {
      const paths = lines.map((line) => pathOn(line, options)).filter((path) => path !== '');
      check(paths);
      for await (const group of worksOf(paths.map(entryOf), options)) yield { ...group, at };
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new UsageError(`--files-from ${file}: ${failureText(error)}`);
    throw error;
  }
}

/** All inputs of a run, in order. Throws UsageError. */
export async function* works(options: WorkOptions): AsyncGenerator<Group> {
  const { inputs, filesFrom } = options;
  const entry = (path: string): Entry => (path === '-' ? { path, kind: 'stream' } : entryOf(path));
  yield* worksOf(inputs.map(entry), options);
  if (filesFrom !== undefined) yield* listedWorks(filesFrom, options);
}
