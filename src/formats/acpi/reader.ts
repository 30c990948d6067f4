/** ACPI tables by themselves: one table as bytes, or several as `acpidump` prints them. */
import { lookup } from '../../lib/lookup.ts';
import { inputError } from '../../machine/locate.ts';
import type { Platform } from '../../machine/machine.ts';
import { describedBy } from '../description-builder.ts';
import type { Reader, ReadRequest, ReadResult } from '../reader.ts';
import { headText } from '../text/head.ts';
import { looksLikeAcpidump, readAcpidump } from './acpidump.ts';
import { type AcpiTables, describeFirmware } from './firmware.ts';
import { madtOtherTypes } from './madt.ts';
import { leavesDevicesOut } from './scopes.ts';
import { ACPI_HEADER, type AcpiTable, openTable } from './table.ts';

const HEADS = ['APIC', 'FACP', 'DMAR', 'IVRS', 'SRAT', 'HPET'];
const latin1 = new TextDecoder('latin1');

const beginsWith = (bytes: Uint8Array, name: string): boolean =>
  bytes[0] === name.charCodeAt(0) &&
  bytes[1] === name.charCodeAt(1) &&
  bytes[2] === name.charCodeAt(2) &&
  bytes[3] === name.charCodeAt(3);

/** A binary table begins with a signature and ends where it says, give or take padding. */
function looksLikeTable(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  if (!HEADS.some((name) => beginsWith(bytes, name))) return false;
  // Text that begins with these letters has no small number in the next four bytes.
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) < 0x01000000;
}

/** Most texts are no dump, and are read once for all who ask. */
function beginsWithDump(bytes: Uint8Array): boolean {
  return (
    headText(bytes, 64 * 1024).includes(' @ 0x') && looksLikeAcpidump(latin1.decode(bytes.subarray(0, 4096)))
  );
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

/** OEM IDs that only a hypervisor's tables have, and the platform that is then taken. */
const HYPERVISORS = {
  BOCHS: { product: 'QEMU', platform: 'kvm' },
  VBOX: { product: 'VirtualBox', platform: 'kvm' },
  CLOUDH: { product: 'Cloud Hypervisor', platform: 'kvm' },
  FIRECK: { product: 'Firecracker', platform: 'kvm' },
  BHYVE: { product: 'bhyve', platform: 'bhyve' },
  VRTUAL: { product: 'Hyper-V', platform: 'hyperv' },
  Xen: { product: 'Xen', platform: 'xen-hvm' },
} as const satisfies Readonly<Record<string, { product: string; platform: Platform }>>;

/** What the tables' maker tells of the platform; undefined: it names no hypervisor. */
export function hypervisorOf(tables: AcpiTables): { product: string; platform: Platform } | undefined {
  const oemId = tables.get('APIC')?.oemId ?? '';
  return lookup(HYPERVISORS, oemId);
}

/** A machine of which only the tables are known. `source` names the input. Throws InputError without a MADT. */
export function describeTables(tables: AcpiTables, source: string): ReadResult {
  if (!tables.has('APIC')) {
    const found = [...tables.keys()].join(', ') || 'none';
    throw inputError(source, `there is no APIC table (MADT), which lists the CPUs; tables found: ${found}`);
  }
  const sheet = describedBy('ACPI tables');
  const hypervisor = hypervisorOf(tables);
  if (hypervisor) {
    sheet.set(['platform'], hypervisor.platform);
    sheet.assume(
      `the OEM ID of the MADT names ${hypervisor.product}: a guest on ${hypervisor.platform} is taken; --set platform= changes it`,
      ['platform'],
    );
  }
  describeFirmware(sheet, tables, { complete: false });
  const madt = tables.get('APIC');
  for (const type of madt ? madtOtherTypes(madt) : []) {
    sheet.notUnderstood(
      `entries of type ${type} of the MADT`,
      { file: madt?.file ?? source, line: 1, column: 1 },
      [],
    );
  }
  const dmar = tables.get('DMAR');
  if (dmar && leavesDevicesOut(tables))
    sheet.notUnderstood(
      'which devices are outside the scopes of the DMAR table (it has no INCLUDE_PCI_ALL)',
      { file: dmar.file, line: 1, column: 1 },
      ['devices'],
      'describe such devices with `remapped: off`, or give the captured machine instead of its tables',
    );
  if (tables.has('IVRS'))
    sheet.assume(
      'devices are taken to be among those that the IVRS table lists; others have `remapped: off`',
      ['devices'],
    );
  if (!hypervisor) {
    sheet.assume('ACPI tables do not name the platform: bare metal is taken; --set platform=kvm changes it', [
      'platform',
    ]);
  }
  return sheet.result();
}

/** Names that acpidump -b, acpixtract and sysfs give the tables. */
const TABLE_FILE = /^(APIC|FACP|DMAR|IVRS|SRAT|HPET)\d*(?:\.(?:dat|bin|aml))?$/i;

/** Tables in files of their own, as acpidump -b writes them; undefined if there is no MADT among the names. */
export function tablesInFolder(
  names: readonly string[],
  read: (name: string) => Uint8Array | undefined,
  source: string,
): AcpiTables | undefined {
  const tables = new Map<string, AcpiTable>();
  for (const name of names) {
    const signature = TABLE_FILE.exec(name)?.[1].toUpperCase();
    const bytes = signature === undefined ? undefined : read(name);
    if (signature === undefined || !bytes || tables.has(signature)) continue;
    tables.set(signature, openTable(bytes, `${source.replace(/\/$/, '')}/${name}`));
  }
  return tables.has('APIC') ? tables : undefined;
}

export const acpi: Reader = {
  name: 'acpi',
  recognises: (bytes) => looksLikeTable(bytes) || beginsWithDump(bytes),
  read: async (request) => [describeTables(tablesOf(request), request.file)],
};
