/** For each format, where a part that nobody knows may be put: a reader without an entry does not compile. */
import type { InputFormat } from '../../../src/formats/formats.ts';
import { cloudHypervisor } from './cloud-hypervisor.ts';
import { kubevirt } from './kubevirt.ts';
import { libvirt } from './libvirt.ts';
import type { Strangers } from './place.ts';
import { proxmox } from './proxmox.ts';
import { qemu } from './qemu.ts';
import { acpi, incus, kata, kernelLog, native, nova, procInterrupts, quickemu, virtmeNg } from './rest.ts';
import { bhyve, crosvm, firecracker, opennebula, propolis, vmBhyve, vmware, xen } from './small.ts';
import { virtInstall } from './virt-install.ts';

export const STRANGERS: Readonly<Record<InputFormat, Strangers>> = {
  acpi,
  'kernel-log': kernelLog,
  'proc-interrupts': procInterrupts,
  vmware,
  opennebula,
  'virt-install': virtInstall,
  kubevirt,
  'cloud-hypervisor': cloudHypervisor,
  incus,
  firecracker,
  kata,
  xen,
  bhyve,
  'vm-bhyve': vmBhyve,
  crosvm,
  propolis,
  'virtme-ng': virtmeNg,
  quickemu,
  qemu,
  libvirt,
  nova,
  proxmox,
  native,
};
