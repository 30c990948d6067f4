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
  readonly drhds: readonly DrhdUnit[];
}

/** One remapping unit. */
export interface DrhdUnit {
  readonly segment: number;
  /** Flag INCLUDE_PCI_ALL: all that no other unit of the segment has. */
  readonly includesAll: boolean;
  /** PCI functions, and what is behind those that are bridges: from a bus, device << 3 | function by step. */
  readonly scopes: readonly { readonly bus: number; readonly path: readonly number[] }[];
}

/** Where the device scopes of a DRHD begin, where the path of a scope does, and its kinds. */
const DRHD_SCOPES = 16;
const SCOPE_PATH = 6;
const SCOPE_IOAPIC = 3;
const SCOPE_PCI: readonly number[] = [1, 2];

/** Offsets and lengths of the device scopes of a DRHD. */
function scopesOf(table: AcpiTable, { offset, length }: AcpiEntry): AcpiEntry[] {
  const scopes: AcpiEntry[] = [];
  for (let at = offset + DRHD_SCOPES; at + SCOPE_PATH <= offset + length; ) {
    const size = Math.max(SCOPE_PATH, table.u8(at + 1));
    scopes.push({ type: table.u8(at), offset: at, length: Math.min(size, offset + length - at) });
    at += size;
  }
  return scopes;
}

function scopedIoapics(table: AcpiTable, unit: AcpiEntry): number[] {
  return scopesOf(table, unit)
    .filter(({ type }) => type === SCOPE_IOAPIC)
    .map(({ offset }) => table.u8(offset + 4));
}

function scopePath(table: AcpiTable, { offset, length }: AcpiEntry): number[] {
  return Array.from({ length: (length - SCOPE_PATH) >> 1 }, (_, step) => {
    const at = offset + SCOPE_PATH + 2 * step;
    return (table.u8(at) << 3) | (table.u8(at + 1) & 7);
  });
}

function drhdUnit(table: AcpiTable, unit: AcpiEntry): DrhdUnit {
  needLength(table, unit, DRHD_SCOPES);
  const scopes = scopesOf(table, unit).filter(({ type }) => SCOPE_PCI.includes(type));
  return {
    segment: table.u16(unit.offset + 6),
    includesAll: (table.u8(unit.offset + 4) & 1) !== 0,
    scopes: scopes.map((scope) => ({ bus: table.u8(scope.offset + 5), path: scopePath(table, scope) })),
  };
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
    drhds: units.map((unit) => drhdUnit(table, unit)),
  };
}

export interface IvrsFacts {
  /** An IVHD block of the kind the kernel reads says XTSup: 32-bit destinations. */
  readonly xt: boolean;
  /** Some of them do not. */
  readonly mixedXt: boolean;
  /** The IO-APICs that are listed as special devices: ID → PCI device and function on bus 0. */
  readonly ioapics: ReadonlyMap<number, number>;
  /** The PCI functions that are covered, and the IOMMUs themselves. */
  readonly entries: readonly DeviceEntry[];
}

/** A range of PCI functions, by bus << 8 | device << 3 | function. */
export interface DeviceEntry {
  readonly segment: number;
  readonly first: number;
  readonly last: number;
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
    entries: chosen.flatMap((block) => listedDevices(table, block)),
  };
}

/** Device entries are 4, 8, 16 or 32 bytes by the top bits of their type; type 0xF0 says its length. */
function deviceEntries(
  table: AcpiTable,
  { type, offset, length }: AcpiEntry,
): { kind: number; at: number }[] {
  const found: { kind: number; at: number }[] = [];
  for (let at = offset + (IVHD_DEVICES.get(type) ?? 24); at < offset + length; ) {
    const kind = table.u8(at);
    found.push({ kind, at });
    at += kind === 0xf0 ? 22 + table.u8(at + 21) : 4 << (kind >> 6);
  }
  return found;
}

function listedIoapics(table: AcpiTable, block: AcpiEntry): [number, number][] {
  return deviceEntries(table, block)
    .filter(({ kind, at }) => kind === 0x48 && table.u8(at + 7) === 1)
    .map(({ at }) => [table.u8(at + 4), table.u16(at + 5)]);
}

/** What the kinds of device entries say: all devices, one, the first or the last of a range. */
const ENTRY_KINDS: ReadonlyMap<number, 'all' | 'one' | 'first' | 'last'> = new Map([
  [1, 'all'],
  [2, 'one'],
  [3, 'first'],
  [4, 'last'],
  [0x42, 'one'],
  [0x43, 'first'],
  [0x46, 'one'],
  [0x47, 'first'],
]);

function listedDevices(table: AcpiTable, block: AcpiEntry): DeviceEntry[] {
  const segment = table.u16(block.offset + 16);
  const own = table.u16(block.offset + 4);
  const found: DeviceEntry[] = [{ segment, first: own, last: own }];
  let start = 0;
  for (const { kind, at } of deviceEntries(table, block)) {
    const says = ENTRY_KINDS.get(kind);
    if (says === undefined) continue;
    const id = table.u16(at + 1);
    if (says === 'first') start = id;
    else if (says === 'all') found.push({ segment, first: 0, last: 0xffff });
    else found.push({ segment, first: says === 'one' ? id : start, last: id });
  }
  return found;
}
