/** Facts that the three rules on CPUs above the machine's APIC ID limit share. */

import { CpuMask } from '../../lib/cpumask.ts';
import { formatIds } from '../../lib/ids.ts';
import type { Facts } from '../rule.ts';

/** Plugged CPUs whose known APIC ID is above the limit: they stay offline. */
export function presentAboveLimit({ enumeration, apic, run }: Facts): CpuMask {
  const above = new CpuMask(enumeration.nrCpuIds);
  for (const { cpu, apicId } of enumeration.cpus) {
    if (apicId !== null && apicId > apic.limit && run.present.test(cpu)) above.set(cpu);
  }
  return above;
}

/** APIC IDs of these CPUs in list form, shortened to a few ranges. */
export function apicIdsOf({ enumeration }: Facts, cpus: CpuMask): string {
  const ids: number[] = [];
  cpus.forEach((cpu) => {
    const { apicId } = enumeration.cpus[cpu];
    if (apicId !== null) ids.push(apicId);
  });
  return formatIds(ids.sort((a, b) => a - b));
}

/** True when the kernel runs on a hypervisor whose extended destination ID it is too old to use. */
export function kernelTooOld({ machine, apic }: Facts): boolean {
  if (!apic.hypervisorX2apic || apic.remapping === 'x2apic') return false;
  const { kernel, platform } = machine;
  if (!kernel.has('guest-apic-limit')) return true;
  const uses = platform.startsWith('xen') ? kernel.has('ext-dest-id-xen') : kernel.has('ext-dest-id');
  return machine.extDestId && !uses;
}
