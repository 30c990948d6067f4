/** Damaged ACPI tables: an InputError with a place at worst, whatever the bytes are. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acpi } from '../../src/formats/acpi/reader.ts';
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import { InputError } from '../../src/machine/locate.ts';
import { runs } from '../budget.ts';
import {
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
  wide,
} from './acpi-tables.ts';
import { memoryTree } from './memory-tree.ts';

const MADT = madt(local(0, 1), wide(300, 1), local(1, 0));
const SOUND: Readonly<Record<string, Uint8Array>> = {
  APIC: MADT,
  DMAR: dmar(3, 2),
  IVRS: ivrs(0x11, true),
  SRAT: srat(sratLocal(1, 0), sratWide(2, 300), sratMemory(3)),
  HPET: hpet(),
  FACP: fadt(6, 5),
};
const RUNS = { numRuns: runs(400) };

/** Reads the table as that of a machine; undefined, or the error with the place it names. */
function readAs(name: string, bytes: Uint8Array): void {
  const dir = 'sys/firmware/acpi/tables';
  const tree = memoryTree({
    'proc/version': 'Linux version 6.12.41 ',
    [`${dir}/APIC`]: MADT,
    [`${dir}/${name}`]: bytes,
  });
  try {
    readMachineTree(tree, 'root');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const [{ file, line, column }] = (error as InputError).problems;
    expect(file).toBe(`root/${dir}/${name}`);
    expect(line).toBe(1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(bytes.length + 1);
  }
}

/** The header stays, so that the damage is met behind it. */
const withHeader = (name: string, body: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(36 + body.length);
  bytes.set(SOUND[name].subarray(0, 36));
  new DataView(bytes.buffer).setUint32(4, bytes.length, true);
  bytes.set(body, 36);
  return bytes;
};

describe.each(Object.keys(SOUND))('%s', (name) => {
  const sound = SOUND[name];

  test('bytes changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const bytes = sound.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        readAs(name, bytes);
      }),
      RUNS,
    );
  });

  test('cut at every byte', () => {
    for (let length = 1; length < sound.length; length++) readAs(name, sound.subarray(0, length));
    for (let length = 36; length < sound.length; length++)
      readAs(name, withHeader(name, sound.subarray(36, length)));
  });

  test('random bytes behind the header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => readAs(name, withHeader(name, body))),
      RUNS,
    );
  });

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => readAs(name, bytes)),
      RUNS,
    );
  });
});

test('by themselves and as text, tables give an InputError at worst', async () => {
  const names = Object.keys(SOUND);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.uint8Array({ maxLength: 120 }),
      fc.boolean(),
      async (name, body, raw) => {
        const table = withHeader(name, body);
        const text = `${name} @ 0x0\n  0000: ${[...table].map((byte) => byte.toString(16)).join(' ')}\n`;
        const bytes = raw ? table : new TextEncoder().encode(text);
        const error = await acpi.read({ bytes, file: 'x', stack: {} }).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (error !== null) expect(error).toBeInstanceOf(InputError);
      },
    ),
    RUNS,
  );
});
