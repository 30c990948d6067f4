/** CPUs above the machine's APIC ID limit: facts that the rules about them share. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { apicIdNames, formatIds } from '../../../lib/ids.ts';
import { isGuessed } from '../../../linux/model/enumeration.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { MAX_LOCAL_APIC, XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import type { FirmwareCpu, Machine } from '../../../machine/machine.ts';

/** Plugged CPUs whose known APIC ID is above the limit: they stay offline. */
export function presentAboveLimit({ enumeration, apic, run }: Simulation): CpuMask {
  const above = new CpuMask(enumeration.nrCpuIds);
  for (const { cpu, apicId } of enumeration.cpus) {
    if (apicId !== null && apicId > apic.limit && run.present.test(cpu)) above.set(cpu);
  }
  return above;
}

/**
 * Those of them that the APIC mode decision costs. Left out: CPUs that the kernel skipped already while it
 * read firmware's list, and has only because the ACPI scan found them again (6.8 and older).
 */
export function refusedCpus(facts: Simulation): CpuMask {
  const cpus = presentAboveLimit(facts);
  if (cpus.isEmpty()) return cpus;
  const skipped = new Set(skippedByMode(facts));
  for (const { cpu, firmwareIndex } of facts.enumeration.cpus) {
    if (firmwareIndex !== null && skipped.has(firmwareIndex)) cpus.clear(cpu);
  }
  return cpus;
}

/**
 * Indexes of the plugged firmware CPUs with an APIC ID of 255 or above that the kernel skips because x2APIC
 * is off while it reads the list.
 */
export function skippedByMode({ machine, handover }: Simulation): number[] {
  const { apicEnabled, x2apicOn } = handover;
  if (!apicEnabled || x2apicOn) return [];
  const skipped = ({ apicId, state }: FirmwareCpu) =>
    state !== 'absent' && apicId !== null && apicId > XAPIC_MAX_ID;
  const found: number[] = [];
  for (const [i, cpu] of machine.cpus.entries()) if (i !== machine.bootIndex && skipped(cpu)) found.push(i);
  return found;
}

/** The CPU numbers that the kernel has for these firmware CPUs; those without one are left out. */
export function numbersOf({ enumeration }: Simulation, firmwareIndexes: ReadonlySet<number>): CpuMask {
  const known = enumeration.cpus.filter(
    ({ firmwareIndex, apicId }) =>
      firmwareIndex !== null && apicId !== null && firmwareIndexes.has(firmwareIndex),
  );
  return CpuMask.of(
    enumeration.nrCpuIds,
    known.map(({ cpu }) => cpu),
  );
}

/** Sorted APIC IDs above `limit` that firmware lists, plugged or not; IDs that no kernel takes are left out. */
export function firmwareIdsAbove({ cpus }: Machine, limit: number): number[] {
  return cpus
    .flatMap(({ apicId }) => (apicId !== null && apicId > limit && apicId < MAX_LOCAL_APIC ? apicId : []))
    .sort((a, b) => a - b);
}

/** Sorted APIC IDs of these CPUs, as far as they are known. */
function knownIdsOf({ enumeration, machine }: Simulation, cpus: CpuMask): number[] {
  const ids: number[] = [];
  cpus.forEach((cpu) => {
    const slot = enumeration.cpus[cpu];
    if (slot.apicId !== null && !isGuessed(machine, slot)) ids.push(slot.apicId);
  });
  return ids.sort((a, b) => a - b);
}

/** APIC IDs of these CPUs in list form, shortened to a few ranges. */
export function apicIdsOf(facts: Simulation, cpus: CpuMask): string {
  const ids = knownIdsOf(facts, cpus);
  return ids.length === 0 ? 'not known which' : formatIds(ids);
}

/** "APIC ID 300", "APIC IDs 256-316" or "APIC IDs not known", of these CPUs. */
export function apicIdNamesOf(facts: Simulation, cpus: CpuMask): string {
  const ids = knownIdsOf(facts, cpus);
  return ids.length === 0 ? 'APIC IDs not known' : apicIdNames(ids);
}

/** The reasons for the APIC mode as sentences, and the first value of the description that they name. */
export function becauseOf({ apic }: Simulation): { cause: string[]; path: readonly (string | number)[] } {
  const path = apic.because.find((reason) => reason.path)?.path ?? ['remapping'];
  return { cause: apic.because.map((reason) => reason.text), path };
}
