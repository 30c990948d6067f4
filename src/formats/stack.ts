/** Versions of the products whose defaults count: what `--stack` may name, and what is taken otherwise. */
import { isKeyOf } from '../lib/lookup.ts';
import type { Refusal } from '../machine/machine.ts';
import { parseVersion, stackVersion, type Version } from './version.ts';

/**
 * Products whose versions decide what a configuration means, each with the newest version whose rules are known here:
 * it is taken where nobody names one (docs/model/importing.md#versions).
 */
export const NEWEST_KNOWN = {
  qemu: '11.1',
  libvirt: '12.8',
  proxmox: '9.2',
  kubevirt: '1.9',
  'cloud-hypervisor': '53',
  firecracker: '1.16',
  xen: '4.20',
  freebsd: '15.0',
} as const;

export type StackProduct = keyof typeof NEWEST_KNOWN;

export const STACK_PRODUCTS = Object.keys(NEWEST_KNOWN) as readonly StackProduct[];

/** Versions by product, e.g. `{ qemu: '10.0', libvirt: '10.5' }`. */
export type Stack = Readonly<Partial<Record<StackProduct, string>>>;

export function isStackProduct(name: string): name is StackProduct {
  return isKeyOf(NEWEST_KNOWN, name);
}

/** Warnings about versions that are newer than what is known: the newest that is known stands for them. */
export function unknownVersions(stack: Stack): readonly Refusal[] {
  return STACK_PRODUCTS.flatMap((product): readonly Refusal[] => {
    const asked = stack[product];
    const newest = NEWEST_KNOWN[product];
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
export function versionOf(stack: Stack, product: StackProduct): { text: string; version: Version } {
  return stackVersion(stack[product], NEWEST_KNOWN[product]);
}
