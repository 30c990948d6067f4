/** For each format, where a part that nobody knows may be put: a reader without an entry does not compile. */
import type { InputFormat } from '../../../src/formats/formats.ts';
import { cloudHypervisor } from './cloud-hypervisor.ts';
import { kubevirt } from './kubevirt.ts';
import { libvirt } from './libvirt.ts';
import type { Strangers } from './place.ts';
import { proxmox } from './proxmox.ts';
import { qemu } from './qemu.ts';
import { bhyve, crosvm, firecracker, opennebula, propolis, vmBhyve, vmware, xen } from './small.ts';
import { virtInstall } from './virt-install.ts';

export const STRANGERS: Readonly<Partial<Record<InputFormat, Strangers>>> = {
  vmware,
  opennebula,
  'virt-install': virtInstall,
  kubevirt,
  'cloud-hypervisor': cloudHypervisor,
  firecracker,
  xen,
  bhyve,
  'vm-bhyve': vmBhyve,
  crosvm,
  propolis,
  qemu,
  libvirt,
  proxmox,
};
