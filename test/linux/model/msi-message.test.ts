/**
 * The encodings of docs/model/domains-and-destinations.md#messages, worked for APIC ID 0x123 and vector 0x41.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amdGaIrte,
  amdIntCapXt,
  amdLegacyIrte,
  amdRemappedMsi,
  cluster,
  composeMsi,
  flat,
  hexRegister,
  hpetRoute,
  intelIrte,
  intelRemappableMsi,
  ioapicRemappedRte,
  ioapicRte,
  physical,
  x2apicIcr,
  xapicIcr,
} from '../../../src/linux/model/msi-message.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';

const NEW = kernelProfile('6.12');
const OLD = kernelProfile('5.10');
const ID = 0x123;
const VECTOR = 0x41;

describe('destinations', () => {
  test('cluster logical ID', () => {
    expect(cluster(ID)).toEqual({ id: 0x00120008, logical: true });
    expect(cluster(0xffffffff).id).toBe(0xffff8000);
  });
  test('flat logical ID', () => {
    expect(flat(3)).toEqual({ id: 8, logical: true });
  });
});

describe('PCI messages that nothing remaps', () => {
  test('extended destination ID', () => {
    expect(composeMsi(NEW, physical(ID), VECTOR, { extDestId: true })).toEqual({
      addressLo: 0xfee23020,
      addressHi: 0,
      data: 0x41,
      encodable: true,
    });
  });
  test('compatibility format cannot hold 0x123: it would hit APIC ID 0x23', () => {
    expect(composeMsi(NEW, physical(ID), VECTOR)).toEqual({
      addressLo: 0xfee23000,
      addressHi: 0,
      data: 0x41,
      encodable: false,
    });
    expect(composeMsi(NEW, physical(0xff), VECTOR).encodable).toBe(true);
    expect(composeMsi(NEW, physical(0x8000), VECTOR, { extDestId: true }).encodable).toBe(false);
  });
  test('cluster destination, cut', () => {
    expect(composeMsi(NEW, cluster(ID), VECTOR)).toMatchObject({ addressLo: 0xfee08004, encodable: false });
    expect(composeMsi(NEW, cluster(7), VECTOR).encodable).toBe(true);
    expect(composeMsi(NEW, cluster(8), VECTOR).encodable).toBe(false);
  });
  test("the IOMMU's own message has 32 bits", () => {
    expect(composeMsi(NEW, physical(ID), VECTOR, { dmar: true })).toEqual({
      addressLo: 0xfee23000,
      addressHi: 0x100,
      data: 0x41,
      encodable: true,
    });
    expect(composeMsi(NEW, cluster(ID), VECTOR, { dmar: true })).toMatchObject({
      addressLo: 0xfee08004,
      addressHi: 0x00120000,
      data: 0x41,
    });
  });
  test('before 5.11: upper address bits in every message, level-assert bit in the data', () => {
    expect(composeMsi(OLD, physical(ID), VECTOR)).toEqual({
      addressLo: 0xfee23000,
      addressHi: 0x100,
      data: 0x4041,
      encodable: false,
    });
    expect(composeMsi(OLD, physical(1), VECTOR, { x2apic: false })).toMatchObject({
      addressHi: 0,
      data: 0x4041,
    });
  });
  test('the extended form keeps every 15-bit destination apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fff }), (id) => {
        const { addressLo, encodable } = composeMsi(NEW, physical(id), VECTOR, { extDestId: true });
        const back = ((addressLo >>> 12) & 0xff) | (((addressLo >>> 5) & 0x7f) << 8);
        return encodable && back === id && (addressLo & 0x1f) === 0;
      }),
    );
  });
});

describe('remapped messages', () => {
  test('Intel: index in the address', () => {
    expect(intelRemappableMsi(16)).toEqual({ addressLo: 0xfee00218, addressHi: 0, data: 0 });
    expect(intelRemappableMsi(0x8000).addressLo).toBe(0xfee0001c);
  });
  test('AMD: index in the data', () => {
    expect(amdRemappedMsi(5)).toEqual({ addressLo: 0xfee00000, addressHi: 0, data: 5 });
  });
  test('Intel table entries', () => {
    expect(intelIrte(physical(ID), VECTOR, true)).toBe(0x0000012300410009n);
    expect(intelIrte(cluster(ID), VECTOR, true)).toBe(0x001200080041000dn);
    expect(intelIrte(physical(0x23), VECTOR, false)).toBe(0x0000230000410009n);
    expect(intelIrte(physical(ID), VECTOR, false)).toBe(0x0000230000410009n);
  });
  test('AMD table entries', () => {
    expect(amdLegacyIrte(physical(0x23), VECTOR)).toBe(0x00412301);
    expect(amdGaIrte(physical(ID), VECTOR, true)).toEqual({ low: 0x12301n, high: 0x41n });
    expect(amdGaIrte(physical(0x01000123), VECTOR, true).high).toBe(0x0100000000000041n);
    expect(amdIntCapXt(physical(ID), VECTOR)).toBe(0x0000004100012300n);
  });
});

describe('every vector has its own field, and nothing else is in it', () => {
  /** Fields of hardware that hold the vector, and what a register is without one. */
  const FIELDS: readonly (readonly [name: string, of: (vector: number) => bigint, at: bigint])[] = [
    ['message', (vector) => BigInt(composeMsi(NEW, physical(ID), vector).data), 0n],
    ['message before 5.11', (vector) => BigInt(composeMsi(OLD, physical(ID), vector).data), 0n],
    ['IO-APIC entry', (vector) => ioapicRte(cluster(ID), vector), 0n],
    ['Intel table entry', (vector) => intelIrte(cluster(ID), vector, true), 16n],
    ['AMD legacy entry', (vector) => BigInt(amdLegacyIrte(cluster(ID), vector)), 16n],
    ['AMD guest-mode entry', (vector) => amdGaIrte(cluster(ID), vector, true).high, 0n],
    ['AMD own interrupt', (vector) => amdIntCapXt(cluster(ID), vector), 32n],
    ['x2APIC command', (vector) => x2apicIcr(cluster(ID), vector), 0n],
    ['xAPIC command', (vector) => BigInt(xapicIcr(flat(3), vector).icr), 0n],
  ];

  test.each(FIELDS)('%s', (_name, of, at) => {
    const empty = of(0);
    expect((empty >> at) & 0xffn).toBe(0n);
    for (let vector = 0x10; vector <= 0xff; vector++) expect(of(vector)).toBe(empty | (BigInt(vector) << at));
  });

  test('logical destinations set one bit', () => {
    const bitOf = (of: (to: ReturnType<typeof flat>) => bigint) =>
      of({ id: 8, logical: true }) ^ of({ id: 8, logical: false });
    expect(bitOf((to) => ioapicRte(to, 0x42))).toBe(1n << 11n);
    expect(bitOf((to) => intelIrte(to, 0x42, true))).toBe(1n << 2n);
    expect(bitOf((to) => BigInt(amdLegacyIrte(to, 0x42)))).toBe(1n << 6n);
    expect(bitOf((to) => amdGaIrte(to, 0x42, true).low)).toBe(1n << 6n);
    expect(bitOf((to) => amdIntCapXt(to, 0x42))).toBe(1n << 2n);
    expect(bitOf((to) => x2apicIcr(to, 0x42))).toBe(1n << 11n);
    expect(bitOf((to) => BigInt(xapicIcr(to, 0x42).icr))).toBe(1n << 11n);
    expect(bitOf((to) => BigInt(composeMsi(NEW, to, 0x42).addressLo))).toBe(1n << 2n);
  });
});

describe('IO-APIC, HPET, inter-processor interrupts', () => {
  test('IO-APIC entries', () => {
    expect(ioapicRte(physical(ID), VECTOR, true)).toBe(0x2302000000000041n);
    expect(ioapicRte(physical(ID), 0x23, true)).toBe(0x2302000000000023n);
    expect(ioapicRte(physical(0x23), VECTOR)).toBe(0x2300000000000041n);
    expect(ioapicRte(physical(ID), VECTOR)).toBe(0x2300000000000041n);
    expect(ioapicRemappedRte(11, 12)).toBe(0x001700000000000cn);
  });
  test('HPET route', () => {
    expect(hpetRoute(composeMsi(NEW, physical(ID), VECTOR, { extDestId: true }))).toEqual({
      low: 0x41,
      high: 0xfee23020,
    });
    expect(hpetRoute(composeMsi(NEW, physical(0x100), 0x21, { extDestId: true }))).toEqual({
      low: 0x21,
      high: 0xfee00020,
    });
  });
  test('interrupt command registers', () => {
    expect(x2apicIcr(physical(ID), VECTOR)).toBe(0x0000012300000041n);
    expect(x2apicIcr(cluster(ID), VECTOR)).toBe(0x0012000800000841n);
    expect(xapicIcr(physical(0x23), VECTOR)).toEqual({ icr: 0x41, icr2: 0x23000000 });
  });
  test('registers print in fixed width', () => {
    expect(hexRegister(0x41)).toBe('0x00000041');
    expect(hexRegister(0x0000012300410009n, 16)).toBe('0x0000012300410009');
  });
});
