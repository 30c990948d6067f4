/** ACPI tables: what is read of them, and where broken ones are refused. */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/machine/locate.ts';
import { acpi } from '../../src/readers/acpi/reader.ts';
import { runs } from '../budget.ts';

/** A table with a header and this body. */
function table(signature: string, body: readonly number[], revision = 3): Uint8Array {
  const bytes = new Uint8Array(36 + body.length);
  bytes.set([...signature].map((char) => char.charCodeAt(0)));
  new DataView(bytes.buffer).setUint32(4, bytes.length, true);
  bytes[8] = revision;
  bytes.set(body, 36);
  bytes[9] = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
}

const local = (id: number, flags: number) => [0, 8, 0, id, flags, 0, 0, 0];
const wide = (id: number, flags: number) => [
  9,
  16,
  0,
  0,
  id & 255,
  id >> 8,
  0,
  0,
  flags,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
];
const madt = (...entries: number[][]) => table('APIC', [0, 0, 0, 0, 0, 0, 0, 0, ...entries.flat()]);

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
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const hex = [...bytes.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    rows.push(`    ${at.toString(16).padStart(4, '0')}: ${hex}  ................`);
  }
  const text = new TextEncoder().encode(`APIC @ 0x000000007FFE0000\n${rows.join('\n')}\n\n`);
  expect(acpi.recognises(text, 'x')).toBe(true);
  expect((await read(text)).raw.value).toEqual((await read(bytes)).raw.value);
});

test('damaged tables give an InputError at worst', async () => {
  const sound = madt(local(0, 1), wide(300, 1), local(1, 0));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 4 }),
      async (changes) => {
        const bytes = sound.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        const error = await read(bytes).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (error !== null) expect(error).toBeInstanceOf(InputError);
      },
    ),
    { numRuns: runs(500), seed: 7 },
  );
});
