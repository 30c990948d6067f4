/** ACPI tables: what is read of them, and where broken ones are refused. */
import { describe, expect, test } from 'vitest';
import { acpi } from '../../src/formats/acpi/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import {
  acpidump,
  dmar,
  fadt,
  hpet,
  ivrs,
  local,
  madt,
  srat,
  sratLocal,
  sratMemory,
  sratWide,
  table,
  wide,
} from './acpi-tables.ts';

const read = async (bytes: Uint8Array) => (await acpi.read({ bytes, file: 'apic.dat', stack: {} }))[0];

test('CPUs come in the order of the table, unused entries are skipped', async () => {
  const { raw } = await read(madt(local(0, 1), local(1, 1), local(255, 0), local(5, 0), wide(300, 3)));
  expect(raw.value).toMatchObject({
    cpus: [{ apicId: '0-1' }, { apicId: 5, state: 'absent' }, { apicId: 300 }],
    firmware: { onlineCapable: false },
  });
  expect(raw.locate(['cpus', 1])).toEqual({ file: 'apic.dat', line: 1, column: 44 + 3 * 8 + 1 });
});

test('what the tables do not say is an assumption', async () => {
  const { assumptions } = await read(madt(local(0, 1)));
  expect(assumptions.map(({ text }) => text).join('\n')).toMatch(/bare metal is taken/);
});

test.each([
  ['cut short', madt(local(0, 1)).subarray(0, 50), 51, 'cut short'],
  ['entry without length', madt([0, 0, 0, 0]), 45, 'no length'],
  ['entry longer than the table', madt([0, 9, 0, 0, 1, 0, 0, 0]), 45, 'but the table ends'],
  ['entry too short', madt([9, 8, 0, 0, 0, 0, 0, 0]), 45, 'instead of 16'],
  ['no enabled CPU', madt(local(0, 0)), 5, 'no enabled CPU'],
])('%s', async (_name, bytes, column, text) => {
  const error = await read(bytes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).problems[0]).toMatchObject({ line: 1, column });
  expect((error as InputError).message).toContain(text);
});

test('acpidump text gives the same as the bytes', async () => {
  const bytes = madt(local(0, 1), local(2, 1));
  const text = acpidump([bytes]);
  expect(acpi.recognises(text, 'x')).toBe(true);
  expect((await read(text)).raw.value).toEqual((await read(bytes)).raw.value);
});

const readAll = (...tables: Uint8Array[]) =>
  read(acpidump([madt(local(0, 1), local(1, 1), wide(300, 0)), ...tables]));

test.each([
  ['ACPI 6.3', fadt(6, 3), { firmware: { fadt: '6.3' } }],
  ['a short FADT', table('FACP', new Array(80).fill(0), 1), { firmware: { fadt: '1.0' } }],
  ['an HPET', hpet(), { hpet: { present: true } }],
  ['DMAR with remapping', dmar(1, 2), { remapping: { vendor: 'intel', enabled: true, optOut: false } }],
  ['DMAR with opt-out', dmar(3, 1), { remapping: { vendor: 'intel', enabled: true, optOut: true } }],
  ['DMAR without remapping', dmar(2, 1), { remapping: { vendor: 'intel', enabled: false } }],
  ['DMAR without units', dmar(1, 0), { remapping: { vendor: 'intel', enabled: false } }],
  ['IVRS', ivrs(0x10, false), { remapping: { vendor: 'amd', enabled: true, eim: false } }],
  ['IVRS with XT', ivrs(0x10, true), { remapping: { vendor: 'amd', enabled: true, eim: true } }],
  ['IVRS of type 11h with XT', ivrs(0x11, true), { remapping: { vendor: 'amd', enabled: true, eim: true } }],
  [
    'IVRS without IO-APIC',
    ivrs(0x11, true, false),
    { remapping: { vendor: 'amd', enabled: true, ioapics: false } },
  ],
  // Domains of CPUs are numbered in the order of the table.
  [
    'SRAT',
    srat(sratMemory(9), sratLocal(7, 1), sratLocal(5, 0), sratWide(7, 300)),
    {
      cpus: [{ apicId: 0, node: 1 }, { apicId: 1 }, { apicId: 300, state: 'absent' }],
    },
  ],
])('%s', async (_name, one, expected) => {
  expect((await readAll(one)).raw.value).toMatchObject(expected);
});

describe('IO-APICs that no IOMMU has in its scope', () => {
  const ioapic = (id: number) => [1, 12, id, 0, ...new Array(8).fill(0)];
  const scope = (id: number) => [3, 8, 0, 0, id, 0, 0x1e, 0];
  const unit = (...scopes: number[][]) => {
    const body = scopes.flat();
    return [0, 0, 16 + body.length, 0, ...new Array(12).fill(0), ...body];
  };
  const dmarOf = (...units: number[][]) =>
    table('DMAR', [39, 1, ...new Array(10).fill(0), ...units.flat()], 1);
  const remappingOf = async (...tables: Uint8Array[]) =>
    ((await read(acpidump(tables))).raw.value as { remapping: Record<string, unknown> }).remapping;
  const cpus = [local(0, 1), local(1, 1)];

  test('DMAR: all of them in some scope', async () => {
    const remapping = await remappingOf(
      madt(...cpus, ioapic(8), ioapic(9)),
      dmarOf(unit(scope(8)), unit(scope(9))),
    );
    expect(remapping).toEqual({ vendor: 'intel', enabled: true, optOut: false });
  });

  test('DMAR: one in none', async () => {
    const remapping = await remappingOf(madt(...cpus, ioapic(8), ioapic(9)), dmarOf(unit(scope(8)), unit()));
    expect(remapping).toMatchObject({ enabled: true, ioapics: false });
  });

  test('IVRS: one that is not listed', async () => {
    expect(await remappingOf(madt(...cpus, ioapic(0)), ivrs(0x11, true))).not.toHaveProperty('ioapics');
    expect(await remappingOf(madt(...cpus, ioapic(0), ioapic(7)), ivrs(0x11, true))).toMatchObject({
      enabled: true,
      ioapics: false,
    });
  });
});
