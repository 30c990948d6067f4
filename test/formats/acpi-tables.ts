/** Small ACPI tables for tests. */

/** A table with a header, a sound checksum and this body. */
export function table(signature: string, body: readonly number[], revision = 3): Uint8Array {
  const bytes = new Uint8Array(36 + body.length);
  bytes.set([...signature].map((char) => char.charCodeAt(0)));
  new DataView(bytes.buffer).setUint32(4, bytes.length, true);
  bytes[8] = revision;
  bytes.set(body, 36);
  bytes[9] = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
}

const u32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

export const local = (id: number, flags: number): number[] => [0, 8, 0, id, ...u32(flags)];
export const wide = (id: number, flags: number): number[] => [
  9,
  16,
  0,
  0,
  ...u32(id),
  ...u32(flags),
  ...u32(0),
];
export const madt = (...entries: number[][]): Uint8Array => table('APIC', [...zeros(8), ...entries.flat()]);

/** SRAT entries of types 0, 1 and 2. */
export const sratLocal = (domain: number, id: number): number[] => [0, 16, domain, id, 1, ...zeros(11)];
export const sratMemory = (domain: number): number[] => [1, 40, domain, ...zeros(37)];
export const sratWide = (domain: number, id: number): number[] => [
  ...[2, 24, 0, 0],
  ...u32(domain),
  ...u32(id),
  ...u32(1),
  ...zeros(8),
];
export const srat = (...entries: number[][]): Uint8Array => table('SRAT', [...zeros(12), ...entries.flat()]);

/** DMAR with these flags and number of remapping units. */
export const dmar = (flags: number, units: number): Uint8Array =>
  table('DMAR', [38, flags, ...zeros(10), ...new Array(units).fill([0, 0, 16, 0, ...zeros(12)]).flat()], 1);

/** IVRS with one block of type 0x10 or 0x11, and an IO-APIC in it or not. */
export function ivrs(type: 0x10 | 0x11, xt: boolean, ioapic = true): Uint8Array {
  // IO-APIC 0 is device 14.0 of bus 0, the southbridge.
  const devices = ioapic ? [0x48, 0, 0, 0, 0, 0xa0, 0, 1] : [];
  const length = (type === 0x10 ? 24 : 40) + devices.length;
  const features = type === 0x10 ? u32(xt ? 1 : 0) : [...u32(0), ...u32(xt ? 4 : 0), ...zeros(12)];
  return table('IVRS', [...zeros(12), type, 0, length, 0, ...zeros(16), ...features, ...devices], 2);
}

/** FADT of an ACPI version. */
export function fadt(major: number, minor: number): Uint8Array {
  const body = zeros(240);
  body[131 - 36] = minor;
  return table('FACP', body, major);
}

export const hpet = (): Uint8Array => table('HPET', zeros(20), 1);

/** The text that acpidump prints of these tables. */
export function acpidump(tables: readonly Uint8Array[]): Uint8Array {
  const texts = tables.map((bytes) => {
    const rows: string[] = [];
    for (let at = 0; at < bytes.length; at += 16) {
      const hex = [...bytes.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, '0'));
      rows.push(`    ${at.toString(16).padStart(4, '0')}: ${hex.join(' ')}  ................`);
    }
    const signature = String.fromCharCode(...bytes.subarray(0, 4));
    return `${signature} @ 0x000000007FFE0000\n${rows.join('\n')}\n\n`;
  });
  return new TextEncoder().encode(texts.join(''));
}
