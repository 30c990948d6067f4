/** Versions of the products whose defaults count: what `--stack` may name, and what is taken otherwise. */
import type { Refusal } from '../machine/machine.ts';
import type { Stack } from './reader.ts';
import { parseVersion, stackVersion, type Version } from './version.ts';

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

/** The newest version of each product whose rules are known here. */
const NEWEST: Readonly<Record<string, string>> = {
  qemu: '11.1',
  libvirt: '12.8',
  proxmox: '9.2',
  kubevirt: '1.9',
  'cloud-hypervisor': '53',
  firecracker: '1.16',
};

/** Warnings about versions that are newer than what is known: one of the newest that is known stands for them. */
export function unknownVersions(stack: Stack): readonly Refusal[] {
  return Object.entries(NEWEST).flatMap(([product, newest]): readonly Refusal[] => {
    const asked = stack[product];
    const version = asked === undefined ? undefined : parseVersion(asked);
    if (asked === undefined || version === undefined || version <= (parseVersion(newest) ?? 0)) return [];
    return [
      {
        by: 'irqsim',
        level: 'warning',
        message: `${product} ${asked} is not known: what holds for ${newest}, the newest that is, is taken for it`,
        cause: [`--stack ${product}=${asked}`],
        fix: [`--stack ${product}=${newest}`, 'a newer irqsim, if there is one'],
        location: undefined,
      },
    ];
  });
}

/** The version of a product that counts, with its text for messages. Throws InputError for text that is none. */
export function versionOf(stack: Stack, product: string): { text: string; version: Version } {
  return stackVersion(stack[product], STACK_DEFAULTS[product]);
}
