/** Physical CPU hot-plug: acpi_map_cpu() and acpi_unmap_cpu(), by kernel version. */
import { EEXIST, ENODEV, ENOSPC } from '../../lib/errno.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Enumeration, NO_NUMBER, numberOf, UNABLE_TO_MAP } from './enumeration.ts';
import { type HotAddResult, hotAddedMessage, legacyHotAdd } from './hotplug-legacy.ts';

export type { HotAddResult } from './hotplug-legacy.ts';

/**
 * Plugs the CPU with this APIC ID into the running machine: it becomes present, not online. Changes
 * `enumeration`. `node` undefined: the node of firmware's entry, else 0. Refusals: ENODEV for an ID the kernel
 * did not enumerate, ENOSPC for one that it had no number for (both 6.9 and newer), EINVAL past a limit
 * (older), EEXIST (and no log line) for a CPU that is plugged already. An ID above the kernel's limit is
 * accepted; it is bring-up that refuses it.
 */
export function hotAdd(
  enumeration: Enumeration,
  machine: Machine,
  apicId: number,
  node: number | undefined,
): HotAddResult {
  const known = numberOf(enumeration, apicId);
  if (known >= 0 && enumeration.cpus[known].present) return { cpu: null, errno: -EEXIST, messages: [] };
  if (!machine.kernel.has('topology-fixed-at-boot')) {
    const listed = known >= 0 ? enumeration.cpus[known].firmwareIndex : firmwareIndexOf(machine, apicId);
    const place = node ?? (listed === null ? 0 : machine.cpus[listed].node);
    return legacyHotAdd(enumeration, machine, apicId, place, listed);
  }
  if (known < 0) {
    return { cpu: null, errno: known === NO_NUMBER ? -ENOSPC : -ENODEV, messages: [UNABLE_TO_MAP] };
  }
  const slot = enumeration.cpus[known];
  slot.present = true;
  if (node !== undefined) slot.node = node;
  enumeration.present.set(known);
  enumeration.everPresent.set(known);
  return { cpu: known, errno: 0, messages: [hotAddedMessage(machine, known)] };
}

function firmwareIndexOf(machine: Machine, apicId: number): number | null {
  const index = machine.cpus.findIndex((cpu) => cpu.apicId === apicId);
  return index < 0 ? null : index;
}

/**
 * Unplugs a CPU: it is no longer present, but keeps its number and APIC ID. Changes `enumeration`. The caller
 * takes it offline first. Returns 0, or ENODEV if it is not plugged.
 */
export function hotRemove(enumeration: Enumeration, cpu: number): number {
  const slot = enumeration.cpus[cpu];
  if (!slot?.present) return -ENODEV;
  slot.present = false;
  enumeration.present.clear(cpu);
  enumeration.legacy.processors--;
  return 0;
}
