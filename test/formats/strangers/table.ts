/** For each format, where a part that nobody knows may be put: a reader without an entry does not compile. */
import type { InputFormat } from '../../../src/formats/formats.ts';
import { libvirt } from './libvirt.ts';
import type { Strangers } from './place.ts';
import { proxmox } from './proxmox.ts';
import { qemu } from './qemu.ts';
import { virtInstall } from './virt-install.ts';

export const STRANGERS: Readonly<Partial<Record<InputFormat, Strangers>>> = {
  'virt-install': virtInstall,
  qemu,
  libvirt,
  proxmox,
};
