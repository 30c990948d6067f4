/** Bringing the CPUs up at boot. Mirrors bringup_nonboot_cpus() of kernel/cpu.c. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Machine } from '../../machine/machine.ts';
import { refuseBringUp } from './apic.ts';
import type { Enumeration } from './enumerate.ts';

export interface BringUp {
  readonly online: CpuMask;
  /** CPU numbers that were tried and refused, in the order tried. */
  readonly refused: readonly number[];
  readonly messages: readonly string[];
}

/** What bringing up depends on, of the APIC rules. */
export interface BringUpRules {
  /** The kernel is without local APIC if "off". */
  readonly mode: string;
  readonly limit: number;
  readonly parallelBringUp: boolean;
}

/**
 * Brings up what `enumeration.bringUp` lists. Parallel bring-up kicks a whole group of CPUs, then goes through
 * the same group again, so each refusal is printed once in either pass.
 */
export function bringUpCpus(machine: Machine, enumeration: Enumeration, rules: BringUpRules): BringUp {
  const online = CpuMask.of(enumeration.nrCpuIds, [0]);
  const { kernel } = machine;
  const messages = machine.cmdline.maxCpus === 0 && rules.mode !== 'off' ? ['smpboot: SMP disabled'] : [];
  const refused: number[] = [];
  const threadMask = (1 << machine.smtShift) - 1;
  let group: string[] = [];
  let groupIsPrimary = true;
  const endGroup = () => {
    messages.push(...group);
    if (rules.parallelBringUp) messages.push(...group);
    group = [];
  };
  for (const cpu of enumeration.bringUp) {
    const slot = enumeration.cpus[cpu];
    const refusal = refuseBringUp(kernel, slot, rules);
    const isPrimary = cpu === 0 || ((slot.apicId ?? 0) & threadMask) === 0;
    if (groupIsPrimary && !isPrimary) {
      endGroup();
      groupIsPrimary = false;
    }
    if (refusal) {
      refused.push(cpu);
      group.push(refusal);
    } else {
      online.set(cpu);
    }
  }
  endGroup();
  return { online, refused, messages };
}
