/**
 * The readers, in the order they are asked whether they recognise an input; irqsim's own format comes last and
 * takes what nobody else does. A new reader is one file, its name in formats.ts and one line here.
 */
import { acpi } from './acpi/reader.ts';
import { cloudHypervisor } from './cloud-hypervisor/reader.ts';
import { kubevirt } from './kubevirt/reader.ts';
import { libvirt } from './libvirt/reader.ts';
import { virtInstall } from './libvirt/virt-install.ts';
import { native } from './native/reader.ts';
import { opennebula } from './opennebula/reader.ts';
import { proxmox } from './proxmox/reader.ts';
import { qemu } from './qemu/reader.ts';
import type { Reader } from './reader.ts';
import { bhyve } from './small/bhyve.ts';
import { crosvm } from './small/crosvm.ts';
import { firecracker } from './small/firecracker.ts';
import { propolis } from './small/propolis.ts';
import { xen } from './small/xen.ts';
import { vmware } from './vmware/reader.ts';

export const READERS: readonly Reader[] = [
  acpi,
  vmware,
  opennebula,
  virtInstall,
  kubevirt,
  cloudHypervisor,
  firecracker,
  xen,
  bhyve,
  crosvm,
  propolis,
  qemu,
  libvirt,
  proxmox,
  native,
];

/** The reader for this content. */
export function recognise(bytes: Uint8Array, file: string): Reader {
  return READERS.find((reader) => reader.recognises(bytes, file)) ?? native;
}

/** The reader of this name. Throws RangeError, with the names there are, for any other. */
export function readerNamed(name: string): Reader {
  const reader = READERS.find((one) => one.name === name);
  if (reader) return reader;
  throw new RangeError(`no such kind; one of ${READERS.map((one) => one.name).join(', ')}`);
}
