/**
 * Physical hot-add on kernels 6.8 and older, which is ordinary registration at a later time: any APIC ID is
 * taken while numbers last. Mirrors generic_processor_info() as called by acpi_map_cpu().
 */

import { EINVAL } from '../../lib/errno.ts';
import { MAX_LOCAL_APIC } from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';
import {
  type Enumeration,
  type IgnoredWhy,
  type LegacyCounters,
  limitReason,
  numberOf,
  setNumber,
  UNABLE_TO_MAP,
} from './enumeration.ts';
import { bootApicId } from './handover.ts';

/** CPU number, or the kernel's errno (negative) and null; the log lines in order. */
export interface HotAddResult {
  readonly cpu: number | null;
  readonly errno: number;
  readonly messages: readonly string[];
}

/** The APIC ID that `disable_cpu_apicid=` disables; the boot CPU's cannot be. */
export function disabledApicId(machine: Machine): number | null {
  const { disableCpuApicid = null } = machine.cmdline;
  return disableCpuApicid === bootApicId(machine) ? null : disableCpuApicid;
}

/** Why generic_processor_info() refuses an APIC ID, and what it prints; null if it takes it. */
export function legacyRefusal(
  disabledId: number | null,
  counters: Readonly<LegacyCounters>,
  nrCpuIds: number,
  apicId: number,
  bootSeen: boolean,
): { readonly message: string; readonly why: IgnoredWhy; readonly reason: string } | null {
  const { processors, disabled } = counters;
  const id = `0x${apicId.toString(16)}`;
  if (apicId === disabledId) {
    return {
      message: `APIC: Disabling requested cpu. Processor ${processors + disabled}/${id} ignored.`,
      why: 'disabled',
      reason: 'disable_cpu_apicid= on the command line names it',
    };
  }
  const limit = `APIC: NR_CPUS/possible_cpus limit of ${nrCpuIds}`;
  const why = 'limit';
  const reason = limitReason(nrCpuIds);
  if (!bootSeen && processors >= nrCpuIds - 1) {
    const processor = `Processor ${nrCpuIds + disabled - 1}/${id} ignored.`;
    return { message: `${limit} almost reached. Keeping one slot for boot cpu.  ${processor}`, why, reason };
  }
  if (processors >= nrCpuIds) {
    return { message: `${limit} reached. Processor ${nrCpuIds + disabled}/${id} ignored.`, why, reason };
  }
  return null;
}

/** Adds a CPU to `enumeration`, changing it. `firmwareIndex`: its entry, or null if firmware lists none. */
export function legacyHotAdd(
  enumeration: Enumeration,
  machine: Machine,
  apicId: number,
  node: number,
  firmwareIndex: number | null,
): HotAddResult {
  const { legacy, nrCpuIds } = enumeration;
  const refused = (...said: readonly string[]): HotAddResult => {
    return { cpu: null, errno: -EINVAL, messages: [...said, UNABLE_TO_MAP] };
  };
  if (apicId >= MAX_LOCAL_APIC) return refused('ACPI: skipped apicid that is too big');
  const refusal = legacyRefusal(disabledApicId(machine), legacy, nrCpuIds, apicId, true);
  if (refusal) {
    legacy.disabled++;
    return refused(refusal.message);
  }
  const known = numberOf(enumeration, apicId);
  if (known < 0 && legacy.numbered >= nrCpuIds) {
    if (legacy.saidExhausted) return refused();
    legacy.saidExhausted = true;
    const processor = `Processor ${legacy.numbered}/0x${apicId.toString(16)} and the rest are ignored.`;
    return refused(`APIC: NR_CPUS/possible_cpus limit of ${nrCpuIds} reached. ${processor}`);
  }
  const cpu = known < 0 ? legacy.numbered++ : known;
  legacy.processors++;
  if (known < 0) bind(enumeration, cpu, apicId, firmwareIndex);
  const slot = enumeration.cpus[cpu];
  slot.present = true;
  slot.node = node;
  enumeration.present.set(cpu);
  enumeration.everPresent.set(cpu);
  return { cpu, errno: 0, messages: [hotAddedMessage(machine, cpu)] };
}

export function hotAddedMessage(machine: Machine, cpu: number): string {
  return `${machine.kernel.has('hot-add-acpi-prefix') ? 'ACPI: ' : ''}CPU${cpu} has been hot-added`;
}

/**
 * Gives an APIC ID to a number. The slot that was expected to have that ID takes over what this number was
 * expected to have, so that every firmware entry still belongs to one number.
 */
function bind(enumeration: Enumeration, cpu: number, apicId: number, firmwareIndex: number | null): void {
  const slot = enumeration.cpus[cpu];
  if (firmwareIndex !== slot.firmwareIndex) {
    const other = enumeration.cpus.find((c) => firmwareIndex !== null && c.firmwareIndex === firmwareIndex);
    if (other) {
      other.predictedApicId = slot.predictedApicId;
      other.firmwareIndex = slot.firmwareIndex;
      other.node = slot.node;
    }
  }
  slot.apicId = apicId;
  slot.predictedApicId = null;
  slot.firmwareIndex = firmwareIndex;
  setNumber(enumeration, apicId, cpu);
}
