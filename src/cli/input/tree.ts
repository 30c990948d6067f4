/** An input that holds a machine's files: a directory or an archive. */
import { statSync } from 'node:fs';
import type { Tree } from '../../formats/linux-capture/tree.ts';
import { archiveTree, isArchiveName } from './archive-tree.ts';
import { directoryTree } from './directory-tree.ts';

/** The tree of an input; undefined if it is neither a directory nor named like an archive. Throws InputError. */
export async function treeOf(input: string): Promise<Tree | undefined> {
  if (input === '-') return undefined;
  const stat = statSync(input, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return directoryTree(input);
  return stat?.isFile() && isArchiveName(input) ? await archiveTree(input) : undefined;
}
