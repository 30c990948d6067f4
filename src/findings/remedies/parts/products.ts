/** What the configuration of an input can say, and in whose words: of its format, or what its platform allows. */
import {
  type Capabilities,
  endsInQemu,
  formatFacts,
  type ProductLanguage,
} from '../../../formats/formats.ts';
import type { Platform } from '../../../machine/machine.ts';

export interface Product extends Capabilities {
  /** Whose words its users read. */
  readonly languages: readonly ProductLanguage[];
}

/** Descriptions that name a platform but no product. */
const BY_PLATFORM: Readonly<Partial<Record<Platform, readonly ProductLanguage[]>>> = {
  kvm: ['QEMU', 'libvirt', 'KubeVirt'],
  tcg: ['QEMU', 'libvirt'],
  bhyve: ['bhyve'],
};

/** Platforms whose CPUs a person deals to sockets and cores: not bare metal, nor Xen, which fixes the APIC IDs. */
const DEALS: readonly Platform[] = ['kvm', 'tcg', 'other', 'vmware', 'acrn', 'jailhouse', 'bhyve', 'hyperv'];

/** The product that a description was read from, or what its platform allows. */
export function productOf(format: string, platform: Platform): Product {
  const facts = formatFacts(format);
  return {
    ...(facts?.can ?? {
      extDestId: true,
      remapping: true,
      topology: DEALS.includes(platform),
      hpet: true,
      queues: 'any',
    }),
    languages: facts?.languages ?? BY_PLATFORM[platform] ?? [],
  };
}

/** True if the guest runs on KVM and is not to know it: what else could hide there? */
export function hidesKvm(format: string, platform: Platform): boolean {
  return platform === 'other' && endsInQemu(format);
}
