/** Versions of the products whose defaults count: what `--stack` may name, and what is taken otherwise. */
import type { Stack } from './reader.ts';
import { stackVersion, type Version } from './version.ts';

/** Products, and the version that is taken where nobody names one. */
export const STACK_DEFAULTS: Readonly<Record<string, string>> = {
  qemu: '10.0',
  libvirt: '11.0',
  proxmox: '9.2',
  kubevirt: '1.4',
  'cloud-hypervisor': '48',
  firecracker: '1.13',
  xen: '4.20',
  freebsd: '15.0',
};

/** The version of a product that counts, with its text for messages. Throws InputError for text that is none. */
export function versionOf(stack: Stack, product: string): { text: string; version: Version } {
  return stackVersion(stack[product], STACK_DEFAULTS[product]);
}
