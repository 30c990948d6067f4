/** Sets of CPUs that several rows of the audit look at. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** CPUs that no pci-msi message can address. */
export function unreachable({ domains }: Simulation): CpuMask {
  return domains[0].unreachable;
}

/** Online CPUs that an interrupt domain of devices cannot address, and the name of the first such domain. */
export function onlineUnreachable({ domains, run }: Simulation): { domain: string; cpus: CpuMask } | null {
  for (const { name, unreachable: beyond } of domains) {
    if (name === 'ipi' || name === 'iommu-fault') continue;
    const cpus = CpuMask.and(run.online, beyond);
    if (!cpus.isEmpty()) return { domain: name, cpus };
  }
  return null;
}

/** Possible CPUs with an APIC ID for which `test` holds. */
export function cpusWith(
  { enumeration }: Simulation,
  test: (apicId: number, cpu: number) => boolean,
): CpuMask {
  const cpus = new CpuMask(enumeration.nrCpuIds);
  for (const { cpu, apicId } of enumeration.cpus) if (apicId !== null && test(apicId, cpu)) cpus.set(cpu);
  return cpus;
}

/** APIC ID of the boot CPU. */
export function bootId({ enumeration }: Simulation): number {
  return enumeration.cpus[0].apicId ?? 0;
}

/** The kernel runs the APICs in xAPIC mode. */
export function inXapic({ apic }: Simulation): boolean {
  return apic.mode === 'xapic-flat' || apic.mode === 'xapic-physical';
}
