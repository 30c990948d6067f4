/** A directory of the file system as a tree: nothing outside it is read, and memory is bounded. */
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { inputError } from '../../machine/locate.ts';
import { followLinks, type PathNode } from './paths.ts';
import { readBounded } from './read-bytes.ts';

/** Bytes of one file, and of all files together, that are read at most. */
export const FILE_BYTES = 16 * 2 ** 20;
export const TREE_BYTES = 192 * 2 ** 20;

function nodeOf(path: string): PathNode | undefined {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return { kind: 'link', target: readlinkSync(path) };
    if (stat.isDirectory()) return { kind: 'directory' };
    return stat.isFile() ? { kind: 'file' } : undefined;
  } catch {
    return undefined;
  }
}

/** Files of proc and sysfs do not tell their size: read to the end, or to the limit. */
function readFile(path: string): Uint8Array | undefined {
  try {
    const bytes = readBounded(path, FILE_BYTES);
    // A journal of many boots: the log of the kernel alone stands beside it.
    if (bytes === null && /\/sos_commands\/logs\//.test(path)) return undefined;
    if (bytes === null) throw inputError(path, `the file is larger than ${FILE_BYTES / 2 ** 20} MiB`);
    return bytes;
  } catch (error) {
    // Some attributes of sysfs cannot be opened, or give an error when read.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** The tree below a directory. */
export function directoryTree(root: string): Tree {
  const nodes = new Map<string, PathNode | undefined>();
  let total = 0;
  const nodeAt = (path: string) => {
    if (!nodes.has(path)) nodes.set(path, nodeOf(join(root, path)));
    return nodes.get(path);
  };
  const at = (path: string, kind: PathNode['kind'], last = true): string | undefined => {
    const found = followLinks(path, nodeAt, last);
    if (found === '') return kind === 'directory' ? root : undefined;
    return found !== undefined && nodeAt(found)?.kind === kind ? found : undefined;
  };
  return {
    read(path) {
      const found = at(path, 'file');
      const bytes = found === undefined ? undefined : readFile(join(root, found));
      total += bytes?.length ?? 0;
      if (total > TREE_BYTES) throw inputError(root, `more than ${TREE_BYTES / 2 ** 20} MiB had to be read`);
      return bytes;
    },
    list(path) {
      const found = at(path, 'directory');
      if (found === undefined) return [];
      try {
        return readdirSync(found === root ? root : join(root, found)).sort();
      } catch {
        return [];
      }
    },
    link(path) {
      const found = at(path, 'link', false);
      const node = found === undefined ? undefined : nodeAt(found);
      return node?.kind === 'link' ? node.target : undefined;
    },
  };
}
