/**
 * What is written into hardware to send vector V to APIC ID N: the encodings of every interrupt kind
 * (docs/model/domains-and-destinations.md#messages). Mirrors __irq_msi_compose_msg() and
 * native_compose_msi_msg() of arch/x86/kernel/apic/msi.c, and the tables of the IOMMU drivers. 64-bit entries
 * are bigints.
 */
import { EXT_DEST_MAX_ID, MSI_MAX_ID } from '../../machine/apic-ids.ts';
import type { Kernel } from '../../machine/kernel.ts';

/** Where an interrupt goes, as the APIC driver expresses it. */
export interface Destination {
  /** APIC ID, or logical ID. */
  readonly id: number;
  readonly logical: boolean;
}

/** A PCI message: two address dwords and the data. */
export interface MsiMessage {
  readonly addressLo: number;
  readonly addressHi: number;
  readonly data: number;
}

/** A composed message, and whether its destination fits: if not it was cut, and goes astray. */
export interface ComposedMsi extends MsiMessage {
  readonly encodable: boolean;
}

const MSI_BASE = 0xfee00000;
const LEVEL_ASSERT = 1 << 14;
const DEST_LOGICAL = 1 << 2;

/** Bits 14:0 of the index of a VT-d table entry; bit 15 stands apart from them. */
const INDEX_LOW = 0x7fff;

const u32 = (value: number): number => value >>> 0;

/** Bits 7:0 of a destination: all that a field of 8 bits holds. */
const low8 = ({ id }: Destination): number => id & MSI_MAX_ID;

/** Bits 14:8 of a destination, which the extended destination ID adds. */
const extBits = ({ id }: Destination): number => (id & EXT_DEST_MAX_ID) >>> 8;

/** Destination by APIC ID. */
export const physical = (apicId: number): Destination => ({ id: apicId, logical: false });

/** Destination in x2APIC cluster mode: cluster in the upper half, one of 16 bits in the lower. */
export function cluster(apicId: number): Destination {
  return { id: u32(((apicId >>> 4) << 16) | (1 << (apicId & 15))), logical: true };
}

/** Destination in flat xAPIC mode: one of 8 bits, by CPU number. */
export const flat = (cpu: number): Destination => ({ id: 1 << cpu, logical: true });

/**
 * A message that nothing remaps. `extDestId`: the 15-bit form. `dmar`: the IOMMU's own message, which
 * alone has a 32-bit destination. `x2apic`: x2APIC is on; kernels before 5.11 then wrote the upper address
 * bits for every message, which makes it a memory write above 4 GiB.
 */
export function composeMsi(
  kernel: Kernel,
  to: Destination,
  vector: number,
  { extDestId = false, dmar = false, x2apic = true } = {},
): ComposedMsi {
  const wide = dmar || (x2apic && kernel.has('msi-high-address'));
  const useExt = !dmar && extDestId && to.id <= EXT_DEST_MAX_ID;
  const ext = useExt ? extBits(to) << 5 : 0;
  const lo = MSI_BASE | (low8(to) << 12) | ext | (to.logical ? DEST_LOGICAL : 0);
  return {
    addressLo: u32(lo),
    addressHi: wide ? u32(to.id & ~MSI_MAX_ID) : 0,
    data: vector | (kernel.has('msi-level-assert') ? LEVEL_ASSERT : 0),
    encodable: dmar || useExt || to.id <= MSI_MAX_ID,
  };
}

/** The message of an interrupt that VT-d remaps: it carries the index of the table entry. */
export function intelRemappableMsi(index: number, subHandle = 0): MsiMessage {
  const lo = MSI_BASE | ((index & INDEX_LOW) << 5) | 0x18 | ((index >>> 15) << 2);
  return { addressLo: u32(lo), addressHi: 0, data: subHandle };
}

/** The message of an interrupt that AMD-Vi remaps: its data is the index of the table entry. */
export function amdRemappedMsi(index: number): MsiMessage {
  return { addressLo: MSI_BASE, addressHi: 0, data: index };
}

/** The parts of an HPET channel's FSB route register: data in the low half, address in the high. */
export function hpetRoute({ addressLo, data }: MsiMessage): { readonly low: number; readonly high: number } {
  return { low: data, high: addressLo };
}

/** IO-APIC entry, edge, not masked; destination bits 14:8 where the extended destination ID is used. */
export function ioapicRte(to: Destination, vector: number, extDestId = false): bigint {
  const ext = extDestId ? extBits(to) : 0;
  const high = (low8(to) << 24) | (ext << 17);
  return join(u32(high), vector | (to.logical ? 1 << 11 : 0));
}

/** IO-APIC entry that VT-d remaps: the table index, and the pin where the vector was. */
export function ioapicRemappedRte(index: number, pin: number): bigint {
  return join(u32(((index & INDEX_LOW) << 17) | (1 << 16)), pin | ((index >>> 15) << 11));
}

const IRTE_PRESENT = 1 << 0;
const IRTE_REDIRECTION_HINT = 1 << 3;

/** Low half of a VT-d table entry; `eim` false: 8-bit destinations, in bits 47:40. */
export function intelIrte(to: Destination, vector: number, eim: boolean): bigint {
  const destination = eim ? to.id : low8(to) << 8;
  const low = IRTE_PRESENT | (to.logical ? DEST_LOGICAL : 0) | IRTE_REDIRECTION_HINT | (vector << 16);
  return join(u32(destination), low);
}

/** AMD-Vi legacy table entry, 32 bits: 8-bit destinations. */
export function amdLegacyIrte(to: Destination, vector: number): number {
  return u32(1 | (to.logical ? 1 << 6 : 0) | (low8(to) << 8) | (vector << 16));
}

/** AMD-Vi guest-mode table entry, 128 bits: 24 destination bits, and 8 more with `xt`. */
export function amdGaIrte(
  to: Destination,
  vector: number,
  xt: boolean,
): { readonly low: bigint; readonly high: bigint } {
  const low = 1 | (to.logical ? 1 << 6 : 0);
  return {
    low: BigInt(low) | (BigInt(to.id & 0xffffff) << 8n),
    high: BigInt(vector) | (xt ? BigInt(to.id >>> 24) << 56n : 0n),
  };
}

/** INTCAPXT register: the AMD IOMMU's own interrupt in XT mode. */
export function amdIntCapXt(to: Destination, vector: number): bigint {
  const low = u32(((to.id & 0xffffff) << 8) | (to.logical ? DEST_LOGICAL : 0));
  return join(u32((to.id >>> 24) << 24) + vector, low);
}

/** x2APIC interrupt command register (MSR 0x830): an inter-processor interrupt, fixed delivery. */
export function x2apicIcr(to: Destination, vector: number): bigint {
  return join(to.id, vector | (to.logical ? 1 << 11 : 0));
}

/** xAPIC interrupt command registers: destination in bits 31:24 of the second. */
export function xapicIcr(to: Destination, vector: number): { readonly icr: number; readonly icr2: number } {
  return { icr: vector | (to.logical ? 1 << 11 : 0), icr2: u32(low8(to) << 24) };
}

function join(high: number, low: number): bigint {
  return (BigInt(u32(high)) << 32n) | BigInt(u32(low));
}

/** "0xfee23020": a register as the kernel prints it, `digits` wide. */
export function hexRegister(value: number | bigint, digits = 8): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
