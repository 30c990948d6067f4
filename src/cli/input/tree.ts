/** An input that holds a machine's files: a directory or an archive. */
import { resolve } from 'node:path';
import { subtree, type Tree } from '../../formats/linux-capture/tree.ts';
import { isArchiveName } from './archive-names.ts';
import { directoryTree } from './directory-tree.ts';
import { statOf } from './walk.ts';

/** The tree of an input; undefined if it is neither a directory nor named like an archive. Throws InputError. */
export async function treeOf(input: string): Promise<Tree | undefined> {
  if (input === '-') return undefined;
  const stat = statOf(input);
  if (stat?.isDirectory()) {
    const isLive = process.platform === 'linux' && resolve(input) === '/';
    return isLive ? (await import('./live-tree.ts')).liveTree(directoryTree(input)) : directoryTree(input);
  }
  if (!stat) return insideArchive(input);
  if (!stat.isFile() || !isArchiveName(input)) return undefined;
  return await (await import('./archive-tree.ts')).archiveTree(input);
}

/** "must-gather.tar.gz/node/sosreport-a": a directory inside an archive; undefined for what leads into none. */
async function insideArchive(input: string): Promise<Tree | undefined> {
  for (let slash = input.lastIndexOf('/'); slash > 0; slash = input.lastIndexOf('/', slash - 1)) {
    const archive = input.slice(0, slash);
    const stat = statOf(archive);
    if (!stat) continue;
    if (!stat.isFile() || !isArchiveName(archive)) return undefined;
    const inside = input.slice(slash + 1).replace(/\/+$/, '');
    const tree = await (await import('./archive-tree.ts')).archiveTree(archive);
    return tree.list(inside).length > 0 ? subtree(tree, inside) : undefined;
  }
  return undefined;
}
