/** Where in a tree the captured machine is: the tree itself, its only directory, or its stages. */
import type { Tree } from './tree.ts';

const MAX_DEPTH = 3;

function isRoot(tree: Tree, dir: string): boolean {
  const names = tree.list(dir);
  return names.includes('proc') || names.includes('sys');
}

const join = (dir: string, name: string): string => (dir === '' ? name : `${dir}/${name}`);

/**
 * Directories that look like `/`: one for a live machine or a sosreport, several for the stages of a
 * capture, in the order of their names, "initial" first. Empty if there is none.
 */
export function machineRoots(tree: Tree): string[] {
  let dirs = [''];
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const roots = dirs.filter((dir) => isRoot(tree, dir));
    if (roots.length > 0) {
      const initial = roots.filter((dir) => dir.endsWith('initial'));
      return [...initial, ...roots.filter((dir) => !initial.includes(dir))];
    }
    dirs = dirs.flatMap((dir) => tree.list(dir).map((name) => join(dir, name))).slice(0, 1000);
  }
  return [];
}
