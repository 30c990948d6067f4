/** How many vectors a CPU has for devices. */

import type { Machine } from '../../machine/machine.ts';
import { vectorLayout } from '../engine/vector-layout.ts';
import { ioapicDisabled } from './ioapic-disabled.ts';

/** The allocation window without the system vectors inside it, at the end of boot (docs/model/vectors.md#layout). */
export function perCpuCapacity(machine: Machine): number {
  const { kernel, kernelConfig, cmdline, legacyIrqs } = machine;
  const ia32 = kernelConfig.ia32 && !cmdline.ia32Off;
  const { start, end, system, legacy } = vectorLayout(kernel, ia32, legacyIrqs ? 16 : 0);
  const taken = system.filter((vector) => vector >= start && vector < end).length;
  // Without IO-APICs those of the PIC become system vectors (lapic_assign_legacy_vector()).
  return end - start - taken - (ioapicDisabled(machine) ? legacy.length : 0);
}
