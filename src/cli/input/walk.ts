/** Directories as inputs: the files in them that a reader knows by their names, in the order of their paths. */
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { isArchiveName } from './archive-names.ts';
import { piecesOf } from './read-bytes.ts';
import { splitterFor } from './splitting.ts';
import { WHOLE_BYTES } from './whole-bytes.ts';

/** Endings of files that are taken from a directory; a file named as an argument may have any. */
const READ = /\.(?:ya?ml|json|xml|conf|cfg|sh|args|toml|vmx|aml|dat)$/i;
const STREAM = /\.(?:ndjson|jsonl)(?:\.gz)?$/i;

/** What an argument, or a name in a directory, leads to. */
export interface Entry {
  readonly path: string;
  readonly kind: 'input' | 'stream' | 'directory';
}

/** True if the name is that of a file with a record a line. */
export function isStreamName(path: string): boolean {
  return STREAM.test(path);
}

/** True if files of this name are taken from a directory. */
export function hasInputName(path: string): boolean {
  return READ.test(path) || isArchiveName(path);
}

/** What is at a path, links followed; undefined if nobody can tell, for whatever reason. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const isDirectory = (path: string) => statOf(path)?.isDirectory() === true;

/** What the root of a running system has; the first stage of a capture is in "initial". */
function isMachine(directory: string): boolean {
  return ['proc', 'sys', 'initial/proc', 'initial/sys'].some((name) => isDirectory(`${directory}/${name}`));
}

/** What a path is that somebody named. One that is not there is an input, which tells so when it is read. */
export function entryOf(path: string): Entry {
  if (isDirectory(path)) return { path, kind: isMachine(path) ? 'input' : 'directory' };
  return { path, kind: isStreamName(path) || isLong(path) ? 'stream' : 'input' };
}

/** What kubectl prints of a cluster, which is worth to be read object by object. */
function isLong(path: string): boolean {
  try {
    if (!/\.(?:json|ya?ml)$/i.test(path) || (statOf(path)?.size ?? 0) <= WHOLE_BYTES) return false;
    for (const head of piecesOf(path)) return splitterFor(head) !== undefined;
  } catch {
    // It will be told when it is read.
  }
  return false;
}

/** A link to a directory could lead in a circle, one to a pipe to nowhere; one to nothing is an input that tells so. */
const leadsToFile = (link: string) => statOf(link)?.isFile() ?? true;

function entryIn(directory: string, file: Dirent): Entry | undefined {
  const path = directory.endsWith('/') ? `${directory}${file.name}` : `${directory}/${file.name}`;
  if (file.name.startsWith('.')) return undefined;
  if (file.isDirectory()) return { path, kind: isMachine(path) ? 'input' : 'directory' };
  const kind = isStreamName(file.name) || isLong(path) ? 'stream' : 'input';
  if (kind === 'input' && !hasInputName(file.name)) return undefined;
  return file.isFile() || (file.isSymbolicLink() && leadsToFile(path)) ? { path, kind } : undefined;
}

/** A directory sorts as its files do: "a.yaml" comes before "a/b.yaml". */
const sortKey = ({ path, kind }: Entry) => (kind === 'directory' ? `${path}/` : path);

/** What a directory holds, hidden names left out. Throws the system's errors. */
export function entriesOf(directory: string): readonly Entry[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((file) => entryIn(directory, file) ?? [])
    .map((entry) => ({ entry, key: sortKey(entry) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry }) => entry);
}

/** Links to directories in a directory, hidden names left out: nobody follows them. Throws the system's errors. */
export const linkedDirectories = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((file) => file.isSymbolicLink() && !file.name.startsWith('.'))
    .map(({ name }) => `${directory.replace(/\/$/, '')}/${name}`)
    .filter(isDirectory)
    .sort();
