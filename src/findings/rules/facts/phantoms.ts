/** Possible CPUs that do not exist (docs/model/enumeration.md#duplicates). */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** The last CPU numbers without a CPU of their own: counted for an APIC ID that has another. */
export function phantoms({ machine, enumeration }: Pick<Simulation, 'machine' | 'enumeration'>): CpuMask {
  const { cpus, nrCpuIds } = enumeration;
  const surplus = machine.cpus.filter(({ duplicate }) => duplicate === true).length;
  const mask = new CpuMask(nrCpuIds);
  if (surplus === 0) return mask;
  // 6.9 and newer keep the entry, older kernels only the number.
  const empty = cpus.filter(
    ({ apicId, firmwareIndex }) =>
      firmwareIndex === null || (apicId === null && machine.cpus[firmwareIndex].duplicate === true),
  );
  for (const { cpu } of empty.slice(Math.max(0, empty.length - surplus))) mask.set(cpu);
  return mask;
}
