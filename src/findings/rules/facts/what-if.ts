/** Which CPUs would come up if one thing about the machine were different: what a setting really costs. */
import { apicIdNames } from '../../../lib/ids.ts';
import { earlyBoot } from '../../../linux/model/early-boot.ts';
import type { Machine } from '../../../machine/machine.ts';
import { varied } from '../../../machine/vary.ts';
import { count } from '../rule.ts';

/** APIC IDs, sorted, of the CPUs that a change would add. */
export interface Gain {
  readonly plugged: readonly number[];
  /** Hot-plug slots. */
  readonly slots: readonly number[];
}

/** Indexes into `machine.cpus` of the CPUs that this machine can bring online, plugged or not. */
function usable(machine: Machine): ReadonlySet<number> {
  const { enumeration, apic } = earlyBoot(machine);
  const { fatal, limit } = apic;
  const found = new Set<number>();
  if (fatal) return found;
  for (const { apicId, predictedApicId, firmwareIndex } of enumeration.cpus) {
    const id = apicId ?? predictedApicId;
    if (firmwareIndex !== null && id !== null && id <= limit) found.add(firmwareIndex);
  }
  return found;
}

/** Boots the machine twice in the model, as it is and with `change`; gives the CPUs that only the second has. */
export function gainedBy(machine: Machine, change: Partial<Machine>): Gain {
  const before = usable(machine);
  const gained = [...usable(varied(machine, change))].filter((index) => !before.has(index));
  const ids = (absent: boolean) =>
    gained
      .filter((index) => (machine.cpus[index].state === 'absent') === absent)
      .flatMap((index) => machine.cpus[index].apicId ?? [])
      .sort((a, b) => a - b);
  return { plugged: ids(false), slots: ids(true) };
}

/** The gain of other kernel parameters. */
export function gainedByParameters(machine: Machine, change: Partial<Machine['cmdline']>): Gain {
  return gainedBy(machine, { cmdline: { ...machine.cmdline, ...change } });
}

export function isGain({ plugged, slots }: Gain): boolean {
  return plugged.length + slots.length > 0;
}

/** "128 plugged CPUs (APIC IDs 256-383) and 2 hot-plug slots (APIC IDs 384-385)". */
export function gainText({ plugged, slots }: Gain): string {
  const part = (ids: readonly number[], what: string) =>
    ids.length === 0 ? [] : [`${count(ids.length, what)} (${apicIdNames(ids)})`];
  return [...part(plugged, 'plugged CPU'), ...part(slots, 'hot-plug slot')].join(' and ');
}
