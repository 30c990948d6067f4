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

/** Directories that look like `/` in a tree, and archives of support tools, which are not looked into. */
interface Survey {
  readonly roots: readonly string[];
  readonly packed: readonly string[];
}

/** Looks for roots; those that support tools named are found at every depth. */
function survey(tree: Tree): Survey {
  const roots: string[] = [];
  const packed: string[] = [];
  let dirs = [''];
  for (let depth = 0; depth < MAX_NESTED && dirs.length > 0; depth++) {
    const all = depth < MAX_DEPTH && roots.length === 0;
    const found = dirs.filter((dir) => (all || SUPPORT_NAME.test(baseName(dir))) && isRoot(tree, dir));
    roots.push(...found);
    const others = dirs.filter((dir) => !found.includes(dir));
    packed.push(...others.filter((dir) => PACKED.test(baseName(dir))));
    dirs = below(tree, others);
  }
  const initial = roots.filter((dir) => dir.endsWith('initial'));
  return { roots: [...initial, ...roots.filter((dir) => !initial.includes(dir))], packed };
}

/**
 * Directories that look like `/`: one for a live machine, a sosreport or a supportconfig, several for the stages of a
 * capture, in the order of their names, "initial" first. Empty if there is none.
 */
export const machineRoots = (tree: Tree): readonly string[] => survey(tree).roots;

/** Archives of support tools that lie in a tree beside or instead of machines. */
export const packedMachines = (tree: Tree): readonly string[] => survey(tree).packed;

/** True for a directory that a support tool made of one machine. */
function isSupportRoot(tree: Tree, dir: string): boolean {
  const names = tree.list(dir);
  return SUPPORT_NAME.test(baseName(dir)) || names.includes('sos_commands') || !isSystem(names);
}

/** True if a support tool made one of the machines in a tree. */
export const hasSupportRoot = (tree: Tree): boolean =>
  machineRoots(tree).some((dir) => isSupportRoot(tree, dir));

/** Stages of one machine begin with "initial"; other directories beside each other are machines of their own. */
const areStages = (tree: Tree, roots: readonly string[]): boolean =>
  baseName(roots[0]) === 'initial' && !roots.some((dir) => isSupportRoot(tree, dir));

/** The roots, where each is a machine; undefined where they are one machine, or there is none. */
export function severalMachines(tree: Tree): readonly string[] | undefined {
  const roots = machineRoots(tree);
  return roots.length > 1 && !areStages(tree, roots) ? roots : undefined;
}

/** "there are 2 machines in it: give one of them: a.tar.gz/h1, a.tar.gz/h2". */
export function oneOf(source: string, roots: readonly string[]): string {
  const base = source.replace(/\/$/, '');
  const shown = roots.slice(0, 8).map((root) => `${base}/${root}`);
  return `there are ${roots.length} machines in it: give one of them: ${shown.join(', ')}${roots.length > 8 ? ' ...' : ''}`;
}

/** The roots of the one machine in a tree. Throws InputError where there are several. */
export function rootsOfOne(tree: Tree, source: string): readonly string[] {
  const several = severalMachines(tree);
  if (several) throw inputError(source, oneOf(source, several));
  return machineRoots(tree);
}

/** The machine below one of the roots. */
export function machineAt(tree: Tree, root: string): Tree {
  const inside = subtree(tree, root);
  const names = inside.list('');
  return !isSystem(names) && isSupportconfig(inside, names) ? supportconfigTree(inside) : inside;
}
