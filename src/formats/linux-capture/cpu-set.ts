/** Sets of CPUs in sysfs and /proc, as lists ("0-3,8") or as maps ("00000001,0000000f"), in files that may be missing or damaged. */
import { CpuMask } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import { type Tree, textOf } from './tree.ts';

const WORD_BITS = 32;
const MAP = /^[0-9a-f]{1,8}(?:,[0-9a-f]{8}){0,1023}$/i;

/** The CPU list in a file; null if it is not there or cannot be read. */
export function cpuList(tree: Tree, path: string): CpuMask | null {
  const text = textOf(tree, path);
  if (text === undefined) return null;
  try {
    return CpuMask.parse(text, LIMITS.cpus);
  } catch {
    return null;
  }
}

/** The CPU map in a file, words of 32 bits with the highest first; null as for {@link cpuList}. */
export function cpuMap(tree: Tree, path: string): CpuMask | null {
  const text = textOf(tree, path);
  if (text === undefined || !MAP.test(text)) return null;
  const cpus: number[] = [];
  for (const [index, word] of text.split(',').reverse().entries()) {
    const bits = Number.parseInt(word, 16);
    for (let bit = 0; bit < WORD_BITS; bit++)
      if (((bits >>> bit) & 1) !== 0) cpus.push(index * WORD_BITS + bit);
  }
  return cpus.some((cpu) => cpu >= LIMITS.cpus) ? null : CpuMask.of(LIMITS.cpus, cpus);
}

/** "online", "present", "possible": a list of sys/devices/system/cpu; null as for {@link cpuList}. */
export function cpuSet(tree: Tree, name: string): CpuMask | null {
  return cpuList(tree, `sys/devices/system/cpu/${name}`);
}

/** CPUs of the same L2 cache, core, ... of sys/devices/system/cpu: the list, or the map where only that was kept. */
export function cpuSetOrMap(tree: Tree, list: string, map: string): CpuMask | null {
  return cpuSet(tree, list) ?? cpuMap(tree, `sys/devices/system/cpu/${map}`);
}
