/** The Online Capable flag of single entries (docs/model/enumeration.md#disabled-entries). */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { cpuList } from '../../../src/findings/remedies/parts/cpu-list.ts';
import { acpi } from '../../../src/formats/acpi/reader.ts';
import { acpidump, fadt, local, madt } from '../../formats/acpi-tables.ts';
import { readText } from '../../helpers.ts';

const SLOTS = '  - { apicId: 2-3, state: absent }\n  - { apicId: 4-5, state: absent, onlineCapable: ';

const machine = (flag: string, firmware: string, kernel = '6.12') =>
  readText(
    `kernel: "${kernel}"\nplatform: kvm\nhpet: off\nfirmware: ${firmware}\ncpus:\n  - { apicId: 0-1 }\n${SLOTS}${flag} }\n`,
  );

describe('the flag of an entry counts before that of the machine', () => {
  test.each([
    ['off', '{ fadt: "6.3" }', '6.12', '0-3', [4, 5]],
    ['on', '{ fadt: "6.3", onlineCapable: off }', '6.12', '0-3', [2, 3]],
    ['off', '{ fadt: "6.3", onlineCapable: off }', '6.12', '0-1', [2, 3, 4, 5]],
    ['off', '{ fadt: "6.2" }', '6.12', '0-5', []],
    ['off', '{ fadt: "6.3" }', '5.10', '0-5', []],
  ])('onlineCapable: %s, firmware: %s, Linux %s', async (flag, firmware, kernel, possible, ids) => {
    const { enumeration, findings } = analyze(await machine(flag, firmware, kernel));
    expect(enumeration.possible.toString()).toBe(possible);
    expect(enumeration.ignored.map(({ apicId }) => apicId)).toEqual(ids);
    expect(findings.some(({ rule }) => rule === 'slots-not-online-capable')).toBe(ids.length > 0);
  });
});

test('the finding names just the entries without the flag, and where they are', async () => {
  const { findings } = analyze(await machine('off', '{ fadt: "6.5" }'));
  const [found] = findings.filter(({ rule }) => rule === 'slots-not-online-capable');
  expect(found.message).toBe('2 absent CPUs (APIC IDs 4-5) are not hot-pluggable');
  expect(found.location).toMatchObject({ line: 8 });
});

test('slots without an APIC ID have the flag too', async () => {
  const { enumeration } = analyze(
    await readText(
      'platform: kvm\ncpus:\n  - { apicId: 0 }\n  - { count: 2, state: absent, onlineCapable: off }\n',
    ),
  );
  expect(enumeration.possible.toString()).toBe('0');
});

test('a CPU that is plugged has no such flag', async () => {
  await expect(readText('cpus:\n  - { apicId: 0, onlineCapable: off }\n')).rejects.toThrow(
    'cpus[0].onlineCapable: the flag is for CPUs with "state: absent", these are online',
  );
});

test('a list of CPUs is written back with its flags', async () => {
  const given = await machine('off', '{ fadt: "6.5" }');
  expect(cpuList(given, () => true, 0)).toEqual([
    { apicId: '0-1' },
    { apicId: '2-3', state: 'absent' },
    { apicId: '4-5', state: 'absent', onlineCapable: false },
  ]);
});

test('the MADT is read entry by entry', async () => {
  const tables = acpidump([madt(local(0, 1), local(1, 2), local(2, 0), local(3, 0)), fadt(6, 5)]);
  const [{ raw }] = await acpi.read({ bytes: tables, file: 'tables', stack: {} });
  expect(raw.value).toMatchObject({
    cpus: [
      { apicId: 0 },
      { apicId: 1, state: 'absent' },
      { apicId: '2-3', state: 'absent', onlineCapable: false },
    ],
    firmware: { onlineCapable: true },
  });
});
