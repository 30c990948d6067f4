/** An input that holds a machine's files: a directory or an archive. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { isArchiveName } from './archive-names.ts';
import { directoryTree } from './directory-tree.ts';

/** The tree of an input; undefined if it is neither a directory nor named like an archive. Throws InputError. */
export async function treeOf(input: string): Promise<Tree | undefined> {
  if (input === '-') return undefined;
  const stat = statSync(input, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    const isLive = process.platform === 'linux' && resolve(input) === '/';
    return isLive ? (await import('./live-tree.ts')).liveTree(directoryTree(input)) : directoryTree(input);
  }
  if (!stat?.isFile() || !isArchiveName(input)) return undefined;
  return await (await import('./archive-tree.ts')).archiveTree(input);
}
