/** CPU lists of sysfs, in files that may be missing or damaged. */
import { CpuMask } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import { type Tree, textOf } from './tree.ts';

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

/** "online", "present", "possible": a list of sys/devices/system/cpu; null as for {@link cpuList}. */
export function cpuSet(tree: Tree, name: string): CpuMask | null {
  return cpuList(tree, `sys/devices/system/cpu/${name}`);
}
