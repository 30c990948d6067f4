/** ACPI tables as bytes: the common header, and reads that cannot leave the table. */
import { excerpt, type InputError, inputError } from '../../machine/locate.ts';

/** A table whose header was checked: reads go through it, so that none leaves the table. */
export interface AcpiTable {
  /** Four characters, e.g. "APIC". */
  readonly signature: string;
  /** Who made it, bytes 10-15 without blanks at the end: "BOCHS" is QEMU. */
  readonly oemId: string;
  /** Revision of the table, byte 8. */
  readonly revision: number;
  /** Bytes by the header. */
  readonly length: number;
  /** Name of the file, for locations. */
  readonly file: string;
  /** False: the sum of all bytes is not 0. The kernel warns of it and goes on. */
  readonly checksumHolds: boolean;
  u8(offset: number): number;
  u16(offset: number): number;
  u32(offset: number): number;
  /** The error for what is wrong at a byte; its column is the offset + 1. */
  error(offset: number, message: string): InputError;
}

/** One entry of a table that is a list of them: type u8, length u8 behind the fixed part. */
export interface AcpiEntry {
  readonly type: number;
  readonly offset: number;
  readonly length: number;
}

export const ACPI_HEADER = 36;
/** Far above any real table: 32,768 CPUs take half a megabyte. */
const MAX_TABLE = 4 * 1024 * 1024;

/** Checks the header of the table in `bytes`. Throws InputError, located at the byte that is wrong. */
export function openTable(bytes: Uint8Array, file: string): AcpiTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const error = (offset: number, message: string) =>
    inputError(file, `byte ${offset}: ${message}`, 1, Math.min(offset, bytes.length) + 1);
  if (bytes.length < ACPI_HEADER) {
    throw error(
      bytes.length,
      `the ACPI table ends inside its header of ${ACPI_HEADER} bytes: it has ${bytes.length}`,
    );
  }
  const signature = String.fromCharCode(...bytes.subarray(0, 4));
  if (!/^[A-Z0-9_!]{4}$/.test(signature))
    throw error(0, `${excerpt(signature)} is no signature of an ACPI table`);
  const length = view.getUint32(4, true);
  if (length < ACPI_HEADER) {
    throw error(4, `the ${signature} table says it is ${length} bytes long, less than its header`);
  }
  if (length > MAX_TABLE) throw error(4, `the ${signature} table says it is ${length} bytes long`);
  if (length > bytes.length) {
    throw error(
      bytes.length,
      `the ${signature} table is cut short: ${length} bytes by its header, ${bytes.length} here`,
    );
  }
  const within = (offset: number, size: number) => {
    if (offset + size > length) {
      throw error(offset, `the ${signature} table ends at byte ${length}, inside a field of ${size} bytes`);
    }
    return offset;
  };
  return {
    signature,
    oemId: String.fromCharCode(...bytes.subarray(10, 16)).replace(/[\0 ]+$/, ''),
    revision: bytes[8],
    length,
    file,
    checksumHolds: bytes.subarray(0, length).reduce((sum, byte) => (sum + byte) & 0xff, 0) === 0,
    u8: (offset) => view.getUint8(within(offset, 1)),
    u16: (offset) => view.getUint16(within(offset, 2), true),
    u32: (offset) => view.getUint32(within(offset, 4), true),
    error,
  };
}

/**
 * The entries from `start` to the end. `wide`: type and length are u16 (DMAR). Throws InputError for an
 * entry shorter than its own head or longer than the table.
 */
export function entriesOf(table: AcpiTable, start: number, wide = false): AcpiEntry[] {
  const head = wide ? 4 : 2;
  const entries: AcpiEntry[] = [];
  for (let offset = start; offset < table.length; ) {
    const type = wide ? table.u16(offset) : table.u8(offset);
    const length = wide ? table.u16(offset + 2) : table.u8(offset + 1);
    if (length < head) {
      const size = length === 0 ? 'no length' : `a length of ${length}`;
      throw table.error(offset, `${table.signature} entry of type ${type} with ${size}`);
    }
    if (offset + length > table.length) {
      const beyond = `${table.signature} entry of type ${type} is ${length} bytes long`;
      throw table.error(offset, `${beyond}, but the table ends ${table.length - offset} bytes on`);
    }
    entries.push({ type, offset, length });
    offset += length;
  }
  return entries;
}

/** Refuses an entry that is too short for its type. */
export function needLength(table: AcpiTable, { type, offset, length }: AcpiEntry, least: number): void {
  if (length >= least) return;
  throw table.error(
    offset,
    `${table.signature} entry of type ${type} is ${length} bytes long instead of ${least}`,
  );
}
