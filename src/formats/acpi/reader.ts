/** ACPI tables by themselves: one table as bytes, or several as `acpidump` prints them. */
import { inputError } from '../../machine/locate.ts';
import { draft } from '../draft.ts';
import type { Reader, ReadRequest, ReadResult } from '../reader.ts';
import { looksLikeAcpidump, readAcpidump } from './acpidump.ts';
import { type AcpiTables, describeFirmware } from './firmware.ts';
import { ACPI_HEADER, type AcpiTable, openTable } from './table.ts';

const HEADS = ['APIC', 'FACP', 'DMAR', 'IVRS', 'SRAT', 'HPET'];
const latin1 = new TextDecoder('latin1');

/** A binary table begins with a signature and ends where it says, give or take padding. */
function looksLikeTable(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  if (!HEADS.includes(latin1.decode(bytes.subarray(0, 4)))) return false;
  // Text that begins with these letters has no small number in the next four bytes.
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) < 0x01000000;
}

function tablesOf({ bytes, file }: ReadRequest): AcpiTables {
  const tables = new Map<string, AcpiTable>();
  if (!looksLikeAcpidump(latin1.decode(bytes.subarray(0, 4096)))) {
    const table = openTable(bytes, file);
    return tables.set(table.signature, table);
  }
  for (const { signature, bytes: dumped, line } of readAcpidump(latin1.decode(bytes), file)) {
    if (!HEADS.includes(signature) || tables.has(signature)) continue;
    if (dumped.length < ACPI_HEADER)
      throw inputError(file, `table ${signature} has only ${dumped.length} bytes`, line);
    tables.set(signature, openTable(dumped, `${file} (table ${signature})`));
  }
  return tables;
}

function read(request: ReadRequest): ReadResult {
  const tables = tablesOf(request);
  if (!tables.has('APIC')) {
    const found = [...tables.keys()].join(', ') || 'none';
    throw inputError(
      request.file,
      `there is no APIC table (MADT), which lists the CPUs; tables found: ${found}`,
    );
  }
  const sheet = draft('ACPI tables');
  describeFirmware(sheet, tables, { complete: false });
  sheet.assume('ACPI tables do not name the platform: bare metal is taken; --set platform=kvm changes it', [
    'platform',
  ]);
  return sheet.result();
}

export const acpi: Reader = {
  name: 'acpi',
  recognises: (bytes) => looksLikeTable(bytes) || looksLikeAcpidump(latin1.decode(bytes.subarray(0, 4096))),
  read: async (request) => [read(request)],
};
