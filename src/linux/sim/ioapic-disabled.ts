/** Machines without IO-APICs. */
import type { Machine } from '../../machine/machine.ts';
import { apicDisabled } from '../model/handover.ts';

/** True if the IO-APIC is left alone: `noapic`, or a kernel told to run on one CPU. */
export function ioapicDisabled(machine: Machine): boolean {
  return machine.cmdline.noapic || machine.cmdline.maxCpus === 0 || apicDisabled(machine);
}
