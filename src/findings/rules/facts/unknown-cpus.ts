/** Possible CPUs of which nobody can say whether interrupts reach them, and what is missing to say it. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { isGuessed, isInDoubt, type KernelCpu } from '../../../linux/model/enumeration.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

const NO_APIC_ID = 'APIC ID not known before the CPU is plugged';
const GUESSED = 'APIC ID not known: a free one stands for it';
const NO_PACKAGE =
  'no slot at all if its package has a plugged CPU, and the description gives no packageCpus';

/** What is not known of an unknown CPU. */
export function whyUnknown({ machine }: Pick<Simulation, 'machine'>, slot: KernelCpu): string {
  if (isGuessed(machine, slot)) return GUESSED;
  return slot.apicId === null ? NO_APIC_ID : NO_PACKAGE;
}

/** The same of several CPUs, each reason once. */
export function whyAllUnknown(facts: Pick<Simulation, 'machine' | 'enumeration'>, cpus: CpuMask): string {
  const { cpus: slots } = facts.enumeration;
  return [...new Set(cpus.toArray().map((cpu) => whyUnknown(facts, slots[cpu])))].join('; ');
}

/** CPUs that count only if their package has no plugged CPU, which the description does not tell. */
export function cpusInDoubt({ enumeration }: Pick<Simulation, 'enumeration'>): CpuMask {
  const { cpus, nrCpuIds } = enumeration;
  return CpuMask.of(
    nrCpuIds,
    cpus.filter((slot) => isInDoubt(enumeration, slot)).map(({ cpu }) => cpu),
  );
}
