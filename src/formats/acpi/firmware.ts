/** All ACPI tables of a machine → what they decide in a description. */
import type { Location } from '../../machine/locate.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { describeCpus } from './cpu-list.ts';
import { madtIoapics } from './madt.ts';
import { dmarFacts, fadtVersion, ivrsFacts } from './platform-tables.ts';
import { sratNodes } from './srat.ts';
import type { AcpiTable } from './table.ts';

/** By signature; tables that nobody asks for may be missing. */
export type AcpiTables = ReadonlyMap<string, AcpiTable>;

/** A bit that was read elsewhere. */
interface KnownBit {
  readonly value: boolean;
  readonly at: Location;
}

/** A fact that only a machine with interrupt remapping in x2APIC mode shows. */
export interface RemappingProof {
  readonly vendor: 'intel' | 'amd';
  /** "APIC ID 256 runs on bare metal". */
  readonly because: string;
  readonly at: Location;
}

/** What is known from elsewhere. */
export interface FirmwareHints {
  readonly bootApicId?: number | undefined;
  /** Every Intel remapping unit offers 32-bit destinations (ECAP.EIM); undefined: not known. */
  readonly eim?: KnownBit | undefined;
  /** An AMD unit offers XT by its feature register, `mixed`: not all do; undefined: not known. */
  readonly xt?: (KnownBit & { readonly mixed?: boolean }) | undefined;
  /** CPUs that share the L2 cache of an APIC ID, where they are not those of its core. */
  readonly l2Of?: (apicId: number) => number | undefined;
  /** NUMA node by APIC ID, for machines without an SRAT. */
  readonly nodeOf?: ReadonlyMap<number, number>;
  /** The names of chips show that interrupts are remapped. */
  readonly remapped?: boolean;
  /** What runs on the machine proves that interrupts are remapped in x2APIC mode. */
  readonly provenX2apic?: RemappingProof | undefined;
  /** The list of tables is complete: what is missing does not exist. */
  readonly complete: boolean;
}

/** MADT revision that came with ACPI 6.3 and its Online Capable flag. */
const MADT_ONLINE_CAPABLE = 5;

const at = (table: AcpiTable, offset: number): Location => ({
  file: table.file,
  line: 1,
  column: offset + 1,
});

/** Sets cpus, firmware, remapping and hpet. Throws InputError for tables that cannot be. */
export function describeFirmware(sheet: DescriptionBuilder, tables: AcpiTables, hints: FirmwareHints): void {
  const madt = tables.get('APIC');
  const srat = tables.get('SRAT');
  if (madt)
    describeCpus(sheet, madt, {
      nodeOf: srat ? sratNodes(srat) : (hints.nodeOf ?? new Map()),
      bootApicId: hints.bootApicId,
      l2Of: hints.l2Of ?? (() => undefined),
    });
  for (const table of tables.values()) {
    if (!table.checksumHolds)
      sheet.assume(`the checksum of the ${table.signature} table is wrong; it is read all the same`);
  }
  describeFadt(sheet, tables.get('FACP'), madt);
  describeRemapping(sheet, tables, hints);
  const hpet = tables.get('HPET');
  if (hpet) sheet.set(['hpet', 'present'], true, at(hpet, 0));
  else if (hints.complete) sheet.set(['hpet', 'present'], false);
  else sheet.assume('there is no HPET table in the input: an HPET is taken to be there', ['hpet']);
}

function describeFadt(
  sheet: DescriptionBuilder,
  fadt: AcpiTable | undefined,
  madt: AcpiTable | undefined,
): void {
  const path = ['firmware', 'fadt'];
  if (fadt) sheet.set(path, fadtVersion(fadt), at(fadt, 8));
  else if (madt && madt.revision < MADT_ONLINE_CAPABLE) {
    sheet.set(path, '6.2', at(madt, 8));
    sheet.assume(
      `there is no FACP table in the input: a MADT of revision ${madt.revision} comes with an ACPI before 6.3, where the Online Capable flag does not count`,
      path,
    );
  } else
    sheet.assume(
      'there is no FACP table in the input: ACPI 6.5 is taken, where the Online Capable flag counts',
      path,
    );
}

/** The southbridge's IO-APIC is device 14.0 of bus 0, which AMD's driver asks for. */
const SOUTHBRIDGE_IOAPIC = 0xa0;

/** IO-APICs of the MADT that no IOMMU has in its scope keep the kernel from remapping. */
function describeIoapics(sheet: DescriptionBuilder, table: AcpiTable, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const path = ['remapping', 'ioapics'];
  sheet.set(path, false, at(table, 0));
  sheet.assume(`the ${table.signature} table lacks ${missing.join(', ')}: the kernel does not remap`, path);
}

const strangers = (madt: AcpiTable | undefined, known: { has(id: number): boolean }): string[] =>
  (madt ? madtIoapics(madt) : []).filter((id) => !known.has(id)).map((id) => `IO-APIC ${id}`);

/** IO-APICs that the table lacks; none where interrupts are known to be remapped. */
function missingIoapics(tables: AcpiTables, { provenX2apic }: FirmwareHints): string[] {
  const [madt, dmar, ivrs] = ['APIC', 'DMAR', 'IVRS'].map((signature) => tables.get(signature));
  if (provenX2apic) return [];
  if (dmar) return strangers(madt, dmarFacts(dmar).ioapics);
  if (!ivrs) return [];
  const { ioapics } = ivrsFacts(ivrs);
  const southbridge = [...ioapics.values()].includes(SOUTHBRIDGE_IOAPIC);
  return [...strangers(madt, ioapics), ...(southbridge ? [] : ["the southbridge's IO-APIC"])];
}

function describeRemapping(sheet: DescriptionBuilder, tables: AcpiTables, hints: FirmwareHints): void {
  const { eim, xt, complete, provenX2apic } = hints;
  const dmar = tables.get('DMAR');
  const ivrs = tables.get('IVRS');
  const proven = provenX2apic && { value: true, at: provenX2apic.at };
  if (dmar) describeDmar(sheet, dmar, eim ?? proven);
  else if (ivrs) describeIvrs(sheet, ivrs, xt ?? proven);
  else if (provenX2apic) describeProven(sheet, provenX2apic);
  else if (complete) sheet.set(['remapping', 'enabled'], false);
  else if (!hints.remapped)
    sheet.assume('there is no DMAR or IVRS table in the input: no interrupt remapping is taken', [
      'remapping',
    ]);
  const table = dmar && dmarFacts(dmar).remapping ? dmar : ivrs;
  if (table) describeIoapics(sheet, table, missingIoapics(tables, hints));
}

function describeProven(sheet: DescriptionBuilder, { vendor, because, at: place }: RemappingProof): void {
  sheet.set(['remapping', 'enabled'], true, place);
  sheet.set(['remapping', 'vendor'], vendor, place);
  sheet.set(['remapping', 'eim'], true, place);
  sheet.assume(`interrupts are remapped in x2APIC mode: ${because}`, ['remapping']);
}

function describeDmar(sheet: DescriptionBuilder, table: AcpiTable, eim: FirmwareHints['eim']): void {
  const { remapping, optOut, units } = dmarFacts(table);
  const flags = at(table, 37);
  sheet.set(['remapping', 'vendor'], 'intel', at(table, 0));
  sheet.set(['remapping', 'enabled'], remapping && units > 0, flags);
  if (!remapping) return;
  sheet.set(['remapping', 'optOut'], optOut, flags);
  if (eim) sheet.set(['remapping', 'eim'], eim.value, eim.at);
  else {
    sheet.assume('the tables do not say whether the IOMMU offers 32-bit destinations (EIM): it is taken to', [
      'remapping',
      'eim',
    ]);
  }
}

function describeIvrs(sheet: DescriptionBuilder, table: AcpiTable, xt: FirmwareHints['xt']): void {
  const facts = ivrsFacts(table);
  const blocks = at(table, 48);
  sheet.set(['remapping', 'vendor'], 'amd', at(table, 0));
  sheet.set(['remapping', 'enabled'], true, blocks);
  sheet.set(['remapping', 'eim'], xt?.value ?? facts.xt, xt?.at ?? blocks);
  if (xt?.mixed ?? facts.mixedXt) sheet.set(['remapping', 'mixedXt'], true, xt?.at ?? blocks);
}
