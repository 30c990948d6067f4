/** Which devices the IOMMUs cover, by DMAR and IVRS and by what a captured machine shows. */
import { expect, test } from 'vitest';
import { acpi } from '../../src/formats/acpi/reader.ts';
import { coverage, pciAddress } from '../../src/formats/acpi/scopes.ts';
import { openTable } from '../../src/formats/acpi/table.ts';
import { deviceCoverage, isBehindVmd } from '../../src/formats/linux-capture/coverage.ts';
import { placesIn } from '../../src/formats/linux-capture/place.ts';
import { acpidump, local, madt, table } from './acpi-tables.ts';
import { memoryTree } from './memory-tree.ts';

const zeros = (count: number): number[] => new Array(count).fill(0);
/** A device scope of type 1 (endpoint) or 2 (bridge): start bus, and device and function by step. */
const scope = (type: number, bus: number, ...path: number[]) => [
  ...[type, 6 + path.length, 0, 0, 0, bus],
  ...path,
];
const drhd = (flags: number, segment: number, ...scopes: number[][]) => {
  const body = scopes.flat();
  return [0, 0, 16 + body.length, 0, flags, 0, segment, 0, ...zeros(8), ...body];
};
const dmarOf = (...units: number[][]) => table('DMAR', [39, 1, ...zeros(10), ...units.flat()], 1);
const tables = (...all: Uint8Array[]) =>
  new Map(all.map((bytes) => openTable(bytes, 't')).map((one) => [one.signature, one]));
/** An IVHD block of type 0x10 of the IOMMU at 00:00.2, with device entries of four bytes. */
const ivrsOf = (...entries: number[][]) => {
  const body = entries.flat();
  return table('IVRS', [...zeros(12), 0x10, 0, 24 + body.length, 0, 2, 0, ...zeros(18), ...body], 2);
};

/** 00:1c.0 is a bridge to buses 2 to 4, 02:01.0 one to bus 3; of others nothing is known or they are none. */
const covers = (all: ReturnType<typeof tables>, bdf: string, known = true) => {
  const address = pciAddress(bdf);
  if (!address) throw new Error(bdf);
  return coverage(all, ({ bus, devfn }) => {
    if (!known) return undefined;
    if (bus === 0 && devfn === 0x1c << 3) return { secondary: 2, subordinate: 4 };
    return bus === 2 && devfn === 1 << 3 ? { secondary: 3, subordinate: 3 } : null;
  })?.(address);
};

test('INCLUDE_PCI_ALL takes the whole of its segment, and no other', () => {
  const all = tables(dmarOf(drhd(1, 0), drhd(0, 1)));
  expect(covers(all, '0000:7f:00.0')).toBe(true);
  expect(covers(all, '0001:00:02.0')).toBe(false);
});

test('scopes: a function, and all that is behind a bridge', () => {
  const all = tables(dmarOf(drhd(0, 0, scope(1, 0, 2, 0), scope(2, 0, 0x1c, 0))));
  expect(covers(all, '00:02.0')).toBe(true);
  expect(covers(all, '00:02.1')).toBe(false);
  expect(covers(all, '00:1c.0')).toBe(true);
  expect(covers(all, '04:00.0')).toBe(true);
  expect(covers(all, '05:00.0')).toBe(false);
});

test('scopes: a path over bridges', () => {
  const all = tables(dmarOf(drhd(0, 0, scope(1, 0, 0x1c, 0, 1, 0, 5, 0))));
  expect(covers(all, '03:05.0')).toBe(true);
  expect(covers(all, '03:06.0')).toBe(false);
  expect(covers(all, '02:05.0')).toBe(false);
});

test('a bridge of which nothing is known leaves open what is behind it', () => {
  const all = tables(dmarOf(drhd(0, 0, scope(2, 0, 0x1c, 0))));
  expect(covers(all, '02:00.0', false)).toBeUndefined();
  expect(covers(all, '00:03.0', false)).toBe(false);
  expect(covers(all, '00:1c.0', false)).toBe(true);
});

test('IVRS: ranges, single functions, all, and the IOMMU itself', () => {
  const some = tables(ivrsOf([3, 0x08, 0x00, 0], [4, 0xff, 0x1f, 0], [2, 0x00, 0x41, 0]));
  expect(covers(some, '00:00.2')).toBe(true);
  expect(covers(some, '00:00.3')).toBe(false);
  expect(covers(some, '1f:1f.7')).toBe(true);
  expect(covers(some, '41:00.0')).toBe(true);
  expect(covers(some, '41:00.1')).toBe(false);
  expect(covers(tables(ivrsOf([1, 0, 0, 0])), '41:00.1')).toBe(true);
});

test('tables without remapping say nothing', () => {
  expect(covers(tables(madt(local(0, 1))), '00:02.0')).toBeUndefined();
  expect(covers(tables(dmarOf()), '00:02.0')).toBeUndefined();
});

const DEVICES = 'sys/bus/pci/devices';
const bridge = (secondary: number, subordinate: number) => {
  const config = new Uint8Array(64);
  config.set([0x81], 0x0e);
  config.set([secondary, subordinate], 0x19);
  return config;
};

test('a captured machine: bridges by their configuration, chips where the machine remaps', () => {
  const all = tables(dmarOf(drhd(0, 0, scope(2, 0, 0x1c, 0))));
  const files = {
    [`${DEVICES}/0000:00:1c.0/config`]: bridge(2, 2),
    [`${DEVICES}/0000:02:00.0/msi_irqs/24`]: '',
    [`${DEVICES}/0000:05:00.0/msi_irqs/25`]: '',
    [`${DEVICES}/10000:01:00.0/msi_irqs/26`]: '',
    [`${DEVICES}/0000:02:10.0/physfn/class`]: '',
  };
  const covered = deviceCoverage(memoryTree(files), all, placesIn('m'));
  expect(covered('0000:02:00.0', [24]).remapped).toBe(true);
  expect(covered('0000:05:00.0', [25])).toEqual({ remapped: false, at: { file: 't', line: 1, column: 1 } });
  expect(covered('10000:01:00.0', [26]).remapped).toBe(true);
  expect([isBehindVmd('10000:01:00.0'), isBehindVmd('0000:01:00.0')]).toEqual([true, false]);
  expect(covered('0000:02:10.0', []).remapped).toBeNull();
  const chips = ' CPU0\n 24: 1 PCI-MSI 24-edge a\n 25: 1 IR-PCI-MSI 25-edge b\n';
  const running = deviceCoverage(memoryTree({ ...files, 'proc/interrupts': chips }), all, placesIn('m'));
  expect(running('0000:02:00.0', [24])).toMatchObject({ remapped: false, at: { line: 2 } });
  expect(running('0000:05:00.0', [25]).remapped).toBe(true);
});

test('tables alone: a DMAR without INCLUDE_PCI_ALL is named, as devices may be outside', async () => {
  const read = async (dmar: Uint8Array) =>
    (await acpi.read({ bytes: acpidump([madt(local(0, 1)), dmar]), file: 'a', stack: {} }))[0].raw.value;
  expect(await read(dmarOf(drhd(0, 0, scope(2, 0, 0x1c, 0))))).toHaveProperty('notUnderstood');
  expect(await read(dmarOf(drhd(1, 0)))).not.toHaveProperty('notUnderstood');
});
