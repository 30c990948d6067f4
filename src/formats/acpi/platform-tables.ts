/** The tables of which a few bits matter: FADT, DMAR, IVRS, HPET. */
import { type AcpiEntry, type AcpiTable, entriesOf, needLength } from './table.ts';

/** Minor revision of the FADT, from ACPI 5.1 on. */
const FADT_MINOR = 131;
const DMAR_FLAGS = 37;
const DMAR_ENTRIES = 48;
const IVRS_ENTRIES = 48;

/** "6.3": the ACPI version that the FADT follows. */
export function fadtVersion(table: AcpiTable): string {
  const minor = table.length > FADT_MINOR ? table.u8(FADT_MINOR) & 0x0f : 0;
  return `${Math.min(table.revision, 99)}.${minor}`;
}

export interface DmarFacts {
  /** Flag INTR_REMAP. */
  readonly remapping: boolean;
  /** Flag X2APIC_OPT_OUT. */
  readonly optOut: boolean;
  /** Remapping units (DRHD). */
  readonly units: number;
  /** IDs of the IO-APICs in the scopes of the units. */
  readonly ioapics: ReadonlySet<number>;
}

/** Where the device scopes of a DRHD begin, and the kind that is an IO-APIC. */
const DRHD_SCOPES = 16;
const SCOPE_IOAPIC = 3;

function scopedIoapics(table: AcpiTable, { offset, length }: AcpiEntry): number[] {
  const ids: number[] = [];
  for (let at = offset + DRHD_SCOPES; at + 6 <= offset + length; ) {
    if (table.u8(at) === SCOPE_IOAPIC) ids.push(table.u8(at + 4));
    at += Math.max(6, table.u8(at + 1));
  }
  return ids;
}

/** Intel's remapping table. Throws InputError for entries that cannot be. */
export function dmarFacts(table: AcpiTable): DmarFacts {
  const flags = table.u8(DMAR_FLAGS);
  const units = entriesOf(table, DMAR_ENTRIES, true).filter(({ type }) => type === 0);
  return {
    remapping: (flags & 1) !== 0,
    optOut: (flags & 2) !== 0,
    units: units.length,
    ioapics: new Set(units.flatMap((unit) => scopedIoapics(table, unit))),
  };
}

export interface IvrsFacts {
  /** An IVHD block of the kind the kernel reads says XTSup: 32-bit destinations. */
  readonly xt: boolean;
  /** Some of them do not. */
  readonly mixedXt: boolean;
  /** The IO-APICs that are listed as special devices: ID → PCI device and function on bus 0. */
  readonly ioapics: ReadonlyMap<number, number>;
}

/** IVHD types from the one that the kernel prefers down. */
const IVHD_TYPES = [0x40, 0x11, 0x10];
/** Where the device entries begin, and where XTSup is: in the features u32 @20 or the EFR image @24. */
const IVHD_DEVICES = new Map([
  [0x10, 24],
  [0x11, 40],
  [0x40, 40],
]);

function says(table: AcpiTable, { type, offset }: AcpiEntry): boolean {
  return type === 0x10 ? (table.u32(offset + 20) & 1) !== 0 : (table.u32(offset + 24) & 4) !== 0;
}

/** AMD's remapping table. Throws InputError for blocks that cannot be. */
export function ivrsFacts(table: AcpiTable): IvrsFacts {
  const blocks: AcpiEntry[] = [];
  for (let offset = IVRS_ENTRIES; offset < table.length; ) {
    const block = { type: table.u8(offset), offset, length: table.u16(offset + 2) };
    if (block.length < 4)
      throw table.error(offset, `IVRS block of type ${block.type} with length ${block.length}`);
    if (offset + block.length > table.length)
      throw table.error(offset, `IVRS block of type ${block.type} is longer than the table`);
    blocks.push(block);
    offset += block.length;
  }
  const used = IVHD_TYPES.find((type) => blocks.some((block) => block.type === type));
  const chosen = blocks.filter(({ type }) => type === used);
  for (const block of chosen) needLength(table, block, IVHD_DEVICES.get(block.type) ?? 24);
  return {
    xt: chosen.some((block) => says(table, block)),
    mixedXt: new Set(chosen.map((block) => says(table, block))).size > 1,
    ioapics: new Map(chosen.flatMap((block) => listedIoapics(table, block))),
  };
}

/** Device entries are 4, 8, 16 or 32 bytes by the top bits of their type; type 0xF0 says its length. */
function listedIoapics(table: AcpiTable, { type, offset, length }: AcpiEntry): [number, number][] {
  const found: [number, number][] = [];
  for (let at = offset + (IVHD_DEVICES.get(type) ?? 24); at < offset + length; ) {
    const kind = table.u8(at);
    if (kind === 0x48 && table.u8(at + 7) === 1) found.push([table.u8(at + 4), table.u16(at + 5)]);
    at += kind === 0xf0 ? 22 + table.u8(at + 21) : 4 << (kind >> 6);
  }
  return found;
}
