/** Where in a tree the captured machine is: the tree itself, a directory below it, or its stages. */
import { inputError } from '../../machine/locate.ts';
import { isSupportconfig, supportconfigTree } from './supportconfig.ts';
import { baseName, subtree, type Tree } from './tree.ts';

/** From here on only what support tools made is looked for: a must-gather has sosreports deep inside. */
const MAX_DEPTH = 3;
const MAX_NESTED = 7;
const MAX_DIRECTORIES = 1000;

/** Directories of one machine each, as support tools name them. */
const SUPPORT_NAME = /^(?:sosreport-|scc_|nts_)/;
const PACKED = /^(?:sosreport-|scc_|nts_).*\.(?:tar(?:\.\w+)?|t[gx]z|tbz2?)$/;

const isSystem = (names: readonly string[]): boolean => names.includes('proc') || names.includes('sys');

function isRoot(tree: Tree, dir: string): boolean {
  const names = tree.list(dir);
  return isSystem(names) || isSupportconfig(subtree(tree, dir), names);
}

const join = (dir: string, name: string): string => (dir === '' ? name : `${dir}/${name}`);

const below = (tree: Tree, dirs: readonly string[]): string[] =>
  dirs.flatMap((dir) => tree.list(dir).map((name) => join(dir, name))).slice(0, MAX_DIRECTORIES);

/**
 * Directories that look like `/`: one for a live machine, a sosreport or a supportconfig, several for the stages of a
 * capture, in the order of their names, "initial" first. Empty if there is none.
 */
export function machineRoots(tree: Tree): string[] {
  let dirs = [''];
  for (let depth = 0; depth < MAX_NESTED && dirs.length > 0; depth++) {
    const named = depth < MAX_DEPTH ? dirs : dirs.filter((dir) => SUPPORT_NAME.test(baseName(dir)));
    const roots = named.filter((dir) => isRoot(tree, dir));
    if (roots.length > 0) {
      const initial = roots.filter((dir) => dir.endsWith('initial'));
      return [...initial, ...roots.filter((dir) => !initial.includes(dir))];
    }
    dirs = below(tree, dirs);
  }
  return [];
}

/** The roots of the one machine in a tree. Throws InputError where there are several, named by a support tool. */
export function rootsOfOne(tree: Tree, source: string): string[] {
  const roots = machineRoots(tree);
  if (roots.length > 1 && roots.some((dir) => SUPPORT_NAME.test(baseName(dir))))
    throw inputError(
      source,
      `there are ${roots.length} machines in it: unpack it and give one of them: ${roots.slice(0, 8).join(', ')}${roots.length > 8 ? ' ...' : ''}`,
    );
  return roots;
}

/** Archives of support tools that lie in a tree, which are not looked into. */
export function packedMachines(tree: Tree): string[] {
  const found: string[] = [];
  let dirs = [''];
  for (let depth = 0; depth < MAX_NESTED && dirs.length > 0; depth++) {
    dirs = below(tree, dirs);
    found.push(...dirs.filter((dir) => PACKED.test(baseName(dir))));
  }
  return found;
}

/** The machine below one of the roots. */
export function machineAt(tree: Tree, root: string): Tree {
  const inside = subtree(tree, root);
  const names = inside.list('');
  return !isSystem(names) && isSupportconfig(inside, names) ? supportconfigTree(inside) : inside;
}
