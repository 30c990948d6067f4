/**
 * What reads and writes each format. The compiler demands all of it of a new one: the facts (formats.ts), the reader, and
 * the editor or the reason why there is none. Readers are loaded together, for an input may be any of them, and late, for
 * descriptions need none (bin/late); the writer of an editor is loaded when it is first used.
 */
import { acpi } from './acpi/reader.ts';
import { cloudHypervisor } from './cloud-hypervisor/reader.ts';
import type { Writer } from './editor.ts';
import { FORMAT_NAMES, type FormatFacts, INPUT_FORMATS, type InputFormat } from './formats.ts';
import { incus } from './incus/reader.ts';
import { kata } from './kata/reader.ts';
import { kernelLog } from './kernel-log/reader.ts';
import { kubevirt } from './kubevirt/reader.ts';
import { libvirt } from './libvirt/reader.ts';
import { native } from './native/reader.ts';
import { nova } from './nova/reader.ts';
import { opennebula } from './opennebula/reader.ts';
import { procInterrupts } from './proc-interrupts/reader.ts';
import { proxmox } from './proxmox/reader.ts';
import { qemu } from './qemu/reader.ts';
import { quickemu } from './quickemu/reader.ts';
import type { Reader } from './reader.ts';
import { bhyve } from './small/bhyve.ts';
import { crosvm } from './small/crosvm.ts';
import { firecracker } from './small/firecracker.ts';
import { propolis } from './small/propolis.ts';
import { vmBhyve } from './small/vm-bhyve.ts';
import { xen } from './small/xen.ts';
import { virtInstall } from './virt-install/reader.ts';
import { virtmeNg } from './virtme-ng/reader.ts';
import { vmware } from './vmware/reader.ts';

export interface Product extends FormatFacts {
  readonly reader: Reader;
  /** Loads what writes changes into a text of this format, or says why nothing does. */
  readonly editor: (() => Promise<Writer>) | { readonly none: string };
}

const NO_SETTING = { none: 'the product has no setting for what the remedies ask for' };

export const PRODUCTS: Readonly<Record<InputFormat, Product>> = {
  acpi: { ...INPUT_FORMATS.acpi, reader: acpi, editor: { none: 'firmware makes its tables' } },
  'kernel-log': {
    ...INPUT_FORMATS['kernel-log'],
    reader: kernelLog,
    editor: { none: 'a log says what was: the machine itself is changed' },
  },
  'proc-interrupts': {
    ...INPUT_FORMATS['proc-interrupts'],
    reader: procInterrupts,
    editor: { none: 'it says what is: the machine itself is changed' },
  },
  vmware: {
    ...INPUT_FORMATS.vmware,
    reader: vmware,
    editor: { none: 'what the keys of a .vmx do to interrupts is not measured' },
  },
  opennebula: {
    ...INPUT_FORMATS.opennebula,
    reader: opennebula,
    editor: { none: 'a template says the most of it in RAW, whose text belongs to libvirt' },
  },
  'virt-install': {
    ...INPUT_FORMATS['virt-install'],
    reader: virtInstall,
    editor: { none: 'the command has run: what it defined is changed by virsh edit' },
  },
  kubevirt: {
    ...INPUT_FORMATS.kubevirt,
    reader: kubevirt,
    editor: async () => (await import('./kubevirt/edit.ts')).writeKubevirt,
  },
  'cloud-hypervisor': {
    ...INPUT_FORMATS['cloud-hypervisor'],
    reader: cloudHypervisor,
    editor: async () => (await import('./cloud-hypervisor/edit.ts')).writeCloudHypervisor,
  },
  incus: {
    ...INPUT_FORMATS.incus,
    reader: incus,
    editor: { none: 'what is printed is not the whole of it: profiles hold the rest' },
  },
  firecracker: { ...INPUT_FORMATS.firecracker, reader: firecracker, editor: NO_SETTING },
  kata: {
    ...INPUT_FORMATS.kata,
    reader: kata,
    editor: { none: 'its keys are few, and the runtime completes them by the host' },
  },
  xen: {
    ...INPUT_FORMATS.xen,
    reader: xen,
    editor: { none: 'no setting of an xl.cfg makes an APIC ID reachable' },
  },
  bhyve: {
    ...INPUT_FORMATS.bhyve,
    reader: bhyve,
    editor: { none: 'it has no setting for interrupts; a topology is for its owner to choose' },
  },
  'vm-bhyve': {
    ...INPUT_FORMATS['vm-bhyve'],
    reader: vmBhyve,
    editor: { none: 'bhyve has no setting for interrupts; a topology is for its owner to choose' },
  },
  crosvm: { ...INPUT_FORMATS.crosvm, reader: crosvm, editor: NO_SETTING },
  propolis: { ...INPUT_FORMATS.propolis, reader: propolis, editor: NO_SETTING },
  'virtme-ng': {
    ...INPUT_FORMATS['virtme-ng'],
    reader: virtmeNg,
    editor: { none: 'it hands to QEMU what --qemu-opts says: the change is written there' },
  },
  quickemu: {
    ...INPUT_FORMATS.quickemu,
    reader: quickemu,
    editor: { none: 'it hands to QEMU what extra_args says: the change is written there' },
  },
  qemu: {
    ...INPUT_FORMATS.qemu,
    reader: qemu,
    editor: async () => (await import('./qemu/edit.ts')).writeQemu,
  },
  libvirt: {
    ...INPUT_FORMATS.libvirt,
    reader: libvirt,
    editor: async () => (await import('./libvirt/edit.ts')).writeLibvirt,
  },
  nova: {
    ...INPUT_FORMATS.nova,
    reader: nova,
    editor: { none: 'flavors and images are changed by openstack flavor set and openstack image set' },
  },
  proxmox: {
    ...INPUT_FORMATS.proxmox,
    reader: proxmox,
    editor: async () => (await import('./proxmox/edit.ts')).writeProxmox,
  },
  native: {
    ...INPUT_FORMATS.native,
    reader: native,
    editor: async () => (await import('./native/edit.ts')).writeNative,
  },
};

/** In the order they are asked; irqsim's own format comes last and takes what nobody else does. */
export const READERS: readonly Reader[] = FORMAT_NAMES.map((name) => PRODUCTS[name].reader);
