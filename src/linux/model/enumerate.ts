/**
 * From firmware's CPU list to the kernel's CPU numbers, and the possible and present masks. Mirrors what
 * setup_arch() does from the MADT walk to the possible mask; the two generations of the kernel differ
 * throughout, so each has a file.
 */
import type { Machine } from '../../machine/machine.ts';
import { enumerateLegacy } from './enumerate-legacy.ts';
import { enumerateTopology } from './enumerate-topology.ts';
import type { Enumeration } from './enumeration.ts';
import type { Handover } from './handover.ts';

export { bringsUpInParallel, type Enumeration, type IgnoredCpu, type KernelCpu } from './enumeration.ts';

/** Never fails: a kernel that dies over its APIC mode is reported by decideApic(). */
export function enumerate(machine: Machine, start: Handover): Enumeration {
  return machine.kernel.has('topology-fixed-at-boot')
    ? enumerateTopology(machine, start)
    : enumerateLegacy(machine, start);
}
