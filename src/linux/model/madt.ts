/**
 * The CPU entries of the MADT: their order, and which of them the kernel takes before it counts anything.
 * Mirrors acpi_parse_lapic(), acpi_parse_x2apic() and acpi_is_processor_usable() of
 * arch/x86/kernel/acpi/boot.c (docs/model/enumeration.md#madt-entries).
 */
import { XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import type { FirmwareCpu, Machine } from '../../machine/machine.ts';
import type { IgnoredWhy } from './enumeration.ts';
import type { Handover } from './handover.ts';
import { detectHypervisor } from './hypervisor.ts';

export interface MadtEntry {
  /** null: a slot whose ID firmware does not know either. */
  readonly apicId: number | null;
  readonly present: boolean;
  readonly node: number;
  readonly firmwareIndex: number;
  /** Its Online Capable flag, which counts where it is not present. */
  readonly onlineCapable: boolean;
  /** Entry type: 0 for xAPIC, 9 for x2APIC. */
  readonly type: 0 | 9;
}

/** Why an entry is skipped, and the line the kernel prints about it, if any. */
export interface Skipped {
  readonly why: IgnoredWhy;
  readonly reason: string;
  readonly message: string | null;
}

/** Why an entry is skipped, or null. */
type Filter = (entry: MadtEntry) => Skipped | null;

/** FADT revision from which the Online Capable flag counts. */
const FADT_ONLINE_CAPABLE = 603;

function isWide({ apicId, x2apicEntry }: FirmwareCpu): boolean {
  return x2apicEntry === true || (apicId !== null && apicId > XAPIC_MAX_ID);
}

/** The CPU entries in the order in which the kernel registers them. */
export function madtEntries(machine: Machine): MadtEntry[] {
  const entries = machine.cpus.map((cpu, firmwareIndex): MadtEntry => {
    const type = isWide(cpu) ? 9 : 0;
    const { apicId, node, state, onlineCapable = machine.firmware.onlineCapable } = cpu;
    return { apicId, present: state !== 'absent', node, firmwareIndex, onlineCapable, type };
  });
  if (!machine.kernel.has('madt-xapic-entries-first')) return entries;
  const wide = entries.filter((entry) => entry.type === 9);
  if (wide.length === 0 || wide.length === entries.length) return entries;
  return [...entries.filter((entry) => entry.type === 0), ...wide];
}

/** The filter of one boot with these entries: gives null for one that goes on to registration. */
export function madtFilter(machine: Machine, start: Handover, entries: readonly MadtEntry[]): Filter {
  const unusable = isUnusable(machine);
  let shadow: Filter | undefined;
  const ignored = 'ACPI: x2apic entry ignored';
  const { x2apic } = machine.kernelConfig;
  return (entry) => {
    if (!start.apicEnabled) {
      const reason = 'the kernel runs without the local APIC, on the boot CPU alone';
      return { why: 'no-apic', reason, message: null };
    }
    if (entry.type === 9 && !x2apic) {
      const reason = 'the kernel is built without x2APIC support, which x2APIC entries need';
      return { why: 'no-x2apic-support', reason, message: ignored };
    }
    const skipped = unusable(entry);
    if (skipped) return skipped;
    const low = entry.apicId === null || entry.apicId <= XAPIC_MAX_ID;
    if (entry.type === 9 && low) {
      shadow ??= shadowOf(machine, entries, unusable);
      return shadow(entry);
    }
    if (entry.type === 9 && !start.x2apicOn) {
      const reason =
        'x2APIC is off while the kernel reads the CPU list, and APIC IDs of 255 and above need it';
      return { why: 'x2apic-off', reason, message: entry.present ? ignored : null };
    }
    return null;
  };
}

/** Whether an x2APIC entry with a low APIC ID is ignored for the sake of xAPIC entries. */
function shadowOf(machine: Machine, entries: readonly MadtEntry[], unusable: Filter): Filter {
  if (!machine.kernel.has('x2apic-entries-shadowed')) return () => null;
  const narrow = entries.filter((entry) => entry.type === 0 && unusable(entry) === null);
  if (narrow.length === 0) return () => null;
  const ids = new Set(narrow.map(({ apicId }) => apicId));
  return ({ apicId }) =>
    ids.has(apicId)
      ? { why: 'duplicate', reason: 'an xAPIC entry lists its APIC ID', message: null }
      : {
          why: 'shadowed',
          reason: 'firmware lists it in an x2APIC entry, and other CPUs in xAPIC entries',
          message: null,
        };
}

/** acpi_is_processor_usable(): why an absent CPU does not count; null if it does. */
function isUnusable(machine: Machine): Filter {
  const { kernel, firmware } = machine;
  const flagCounts = kernel.has('online-capable-by-fadt') || kernel.has('online-capable-by-madt');
  if (flagCounts && firmware.fadt >= FADT_ONLINE_CAPABLE) {
    const reason = 'firmware does not mark the absent CPU as Online Capable';
    const skipped: Skipped = { why: 'not-online-capable', reason, message: null };
    return ({ present, onlineCapable }) => (present || onlineCapable ? null : skipped);
  }
  if (!kernel.has('disabled-needs-hypervisor') || detectHypervisor(machine).detected) return () => null;
  const reason =
    'without a detected hypervisor the kernel ignores absent CPUs of firmware older than ACPI 6.3';
  const skipped: Skipped = { why: 'needs-hypervisor', reason, message: null };
  return ({ present }) => (present ? null : skipped);
}
