/** The MADT ("APIC"): the CPUs that firmware lists, in its order. */
import { X2APIC_BROADCAST, XAPIC_BROADCAST } from '../../machine/apic-ids.ts';
import { type AcpiTable, entriesOf, needLength } from './table.ts';

/** One CPU entry that is not marked as unused. */
export interface MadtCpu {
  readonly apicId: number;
  /** Entry type: 0 local APIC, 9 local x2APIC. */
  readonly type: 0 | 9;
  readonly enabled: boolean;
  readonly onlineCapable: boolean;
  /** Byte of the table. */
  readonly offset: number;
}

/** IDs of the IO-APICs (entries of type 1). */
export function madtIoapics(table: AcpiTable): number[] {
  return entriesOf(table, ENTRIES).flatMap((entry) => {
    if (entry.type !== 1) return [];
    needLength(table, entry, 12);
    return [table.u8(entry.offset + 2)];
  });
}

/** The last type that ACPI 6.5 gives a meaning; those from 0x80 on belong to the maker, and no kernel reads them. */
const LAST_KNOWN = 0x1b;
const FIRST_OWN = 0x80;

/** Types of entries that nobody knows here, ascending: kernels pass them over. */
export function madtOtherTypes(table: AcpiTable): number[] {
  const types = entriesOf(table, ENTRIES).map(({ type }) => type);
  return [...new Set(types)].filter((type) => type > LAST_KNOWN && type < FIRST_OWN).sort((a, b) => a - b);
}

const ENTRIES = 44;
const ENABLED = 1;
const ONLINE_CAPABLE = 2;

/** How a CPU entry is laid out; an ID of `unused` means that the entry stands for no CPU. */
const LAYOUTS = new Map([
  [0, { type: 0, length: 8, id: 3, flags: 4, wide: false, unused: XAPIC_BROADCAST }],
  [9, { type: 9, length: 16, id: 4, flags: 8, wide: true, unused: X2APIC_BROADCAST }],
] as const);

/**
 * The CPU entries in the order of the table. Mirrors acpi_parse_lapic() and acpi_parse_x2apic() as far as
 * they skip unused IDs. Throws InputError for entries that cannot be.
 */
export function madtCpus(table: AcpiTable): MadtCpu[] {
  return entriesOf(table, ENTRIES).flatMap((entry) => {
    const layout = LAYOUTS.get(entry.type as 0 | 9);
    if (!layout) return [];
    needLength(table, entry, layout.length);
    const { offset } = entry;
    const apicId = layout.wide ? table.u32(offset + layout.id) : table.u8(offset + layout.id);
    if (apicId === layout.unused) return [];
    const flags = table.u32(offset + layout.flags);
    return [
      {
        apicId,
        type: layout.type,
        enabled: (flags & ENABLED) !== 0,
        onlineCapable: (flags & ONLINE_CAPABLE) !== 0,
        offset,
      },
    ];
  });
}
