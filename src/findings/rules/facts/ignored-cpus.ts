/** Firmware CPUs that get no CPU number: shared by the rules that say why. */

import { apicIdNames } from '../../../lib/ids.ts';
import type { IgnoredCpu, IgnoredWhy } from '../../../linux/model/enumeration.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** Plugged CPUs that are ignored for this reason. */
export function ignoredPlugged({ enumeration }: Simulation, ...why: IgnoredWhy[]): readonly IgnoredCpu[] {
  return enumeration.ignored.filter((cpu) => cpu.present && why.includes(cpu.why));
}

/** Hot-plug slots that are ignored for this reason. */
export function ignoredSlots({ enumeration }: Simulation, ...why: IgnoredWhy[]): readonly IgnoredCpu[] {
  return enumeration.ignored.filter((cpu) => !cpu.present && why.includes(cpu.why));
}

/** " (APIC IDs 4-7)", or nothing where no ID is known. */
export function idsOf(cpus: readonly { readonly apicId: number | null }[]): string {
  const ids = cpus.flatMap(({ apicId }) => apicId ?? []).sort((a, b) => a - b);
  return ids.length === 0 ? '' : ` (${apicIdNames(ids)})`;
}

/** The reasons of these CPUs, each once. */
export function reasonsOf(cpus: readonly IgnoredCpu[]): string[] {
  return [...new Set(cpus.map(({ reason }) => reason))];
}
