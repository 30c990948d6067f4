/** Reads an item: the digest of what it holds, and its machines. */
import { createHash, type Hash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { InputError, inputError } from '../../machine/locate.ts';
import { type MachineSource, readSources } from '../../questions/source.ts';
import { isArchiveName } from '../input/archive-names.ts';
import { archiveTree } from '../input/archive-tree.ts';
import { directoryTree } from '../input/directory-tree.ts';
import { describeFailure, readBytes, TREE_FORMAT, treeReadings } from '../input/input.ts';
import { nameOfPart, readPart } from '../input/read-parts.ts';
import { statOf } from '../input/walk.ts';
import type { Item } from './item.ts';
import { type ReadOptions, readRecord } from './line-record.ts';

export interface Loaded {
  readonly id: string;
  /** Undefined if the input could not be read at all. */
  readonly sha256: string | undefined;
  /** The machines, at least one; or what was thrown in their place. */
  readonly sources: readonly MachineSource[] | { readonly error: unknown };
}

export const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex');

/** A tree whose answers go into the digest as they are given: what nobody asked for does not count. */
function hashedTree(tree: Tree, hash: Hash): Tree {
  const note = (what: string, path: string, answer: Uint8Array | string | undefined) => {
    hash.update(`${what} ${path} ${answer === undefined ? '-' : answer.length}\n`);
    if (answer !== undefined) hash.update(answer);
  };
  return {
    read(path) {
      const bytes = tree.read(path);
      note('read', path, bytes);
      return bytes;
    },
    list(path) {
      const names = tree.list(path);
      note('list', path, names.join('\0'));
      return names;
    },
    link(path) {
      const target = tree.link(path);
      note('link', path, target);
      return target;
    },
  };
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

/** What the system says of an input is said of the input; anything else as it is. */
function asInputError(error: unknown, id: string): unknown {
  return error instanceof Error && 'syscall' in error ? inputError(id, describeFailure(error)) : error;
}

/** Runs the reading of sources, so that a failure is a result with the digest beside it. */
async function outcome(
  id: string,
  digest: () => string,
  read: () => Promise<readonly MachineSource[]> | readonly MachineSource[],
): Promise<Loaded> {
  let sources: Loaded['sources'];
  try {
    sources = await read();
  } catch (error) {
    sources = { error: asInputError(error, id) };
  }
  return { id, sha256: digest(), sources };
}

type PathKind = 'directory' | 'archive' | 'file';

function kindOf(path: string, { from }: ReadOptions): PathKind {
  if (from !== undefined && from !== TREE_FORMAT) return 'file';
  const stat = statOf(path);
  if (stat?.isDirectory()) return 'directory';
  return stat?.isFile() && isArchiveName(path) ? 'archive' : 'file';
}

function machineSource(tree: Tree, file: string): readonly MachineSource[] {
  return treeReadings(tree, file).map((read) => read());
}

async function loadPath(path: string, options: ReadOptions): Promise<Loaded> {
  const kind = kindOf(path, options);
  if (kind === 'archive') {
    const digest = await fileDigest(path);
    return outcome(
      path,
      () => digest,
      async () => machineSource(await archiveTree(path), path),
    );
  }
  if (kind === 'directory') {
    const hash = createHash('sha256');
    const tree = hashedTree(directoryTree(path), hash);
    return outcome(
      path,
      () => hash.digest('hex'),
      () => machineSource(tree, path),
    );
  }
  const bytes = readBytes(path);
  const digest = sha256(bytes);
  const { from, stack, defines } = options;
  return outcome(
    path,
    () => digest,
    () => readSources({ bytes, file: path, from, stack, defines }),
  );
}

/** The object of a large input is known by its name, also where it cannot be read as a machine. */
async function loadPart(item: Item & { kind: 'part' }, options: ReadOptions): Promise<Loaded> {
  const { id, file, bytes } = item;
  const loaded = await outcome(
    id,
    () => sha256(bytes),
    () => readPart(item, file, options),
  );
  const { sources } = loaded;
  const name =
    'error' in sources
      ? await nameOfPart(bytes, file)
      : (sources[0]?.result.raw.value as { readonly name?: string } | undefined)?.name;
  return { ...loaded, id: name ?? id };
}

/** Reads an item. Never throws: whatever went wrong is in the result. */
export async function load(item: Item, options: ReadOptions): Promise<Loaded> {
  const { id } = item;
  try {
    switch (item.kind) {
      case 'path':
        return await loadPath(id, options);
      case 'unreadable':
        return { id, sha256: item.sha256, sources: { error: new InputError([item.problem]) } };
      case 'part':
        return await loadPart(item, options);
      case 'line': {
        const record = await readRecord(item, options);
        const digest = sha256(item.bytes);
        return await outcome(record.id ?? id, () => digest, record.sources);
      }
    }
  } catch (error) {
    return { id, sha256: undefined, sources: { error: asInputError(error, id) } };
  }
}

/** The digest of an item as {@link load} would give it, without making machines of it where that can be had. */
export async function digestOf(item: Item, options: ReadOptions): Promise<string | undefined> {
  if ('bytes' in item) return sha256(item.bytes);
  if (item.kind === 'unreadable') return item.sha256;
  try {
    const kind = kindOf(item.id, options);
    if (kind === 'file') return sha256(readBytes(item.id));
    return kind === 'archive' ? await fileDigest(item.id) : (await load(item, options)).sha256;
  } catch {
    return undefined;
  }
}
