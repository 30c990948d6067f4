/**
 * What the configuration of each product can say: a table of facts (docs/model/importing.md,
 * docs/model/hypervisors.md).
 */
import type { Platform } from '../../../machine/machine.ts';
import type { Language } from '../remedy.ts';

export interface Product {
  /** Whose words its users read. */
  readonly languages: readonly Language[];
  /** A setting offers the extended destination ID. */
  readonly extDestId: boolean;
  /** A setting adds an IOMMU that remaps interrupts. */
  readonly remapping: boolean;
  /** Sockets, cores and threads can be chosen. */
  readonly topology: boolean;
  /** The HPET can be added and taken away. */
  readonly hpet: boolean;
  /** How many queues a setting can give a disk: any, no more than CPUs are plugged, or there is no setting. */
  readonly queues: 'any' | 'plugged CPUs' | 'disks of plugged CPUs' | 'none';
}

const QEMU_LIKE = { extDestId: true, remapping: true, topology: true, hpet: true, queues: 'any' } as const;
const FIXED = {
  extDestId: false,
  remapping: false,
  topology: false,
  hpet: false,
  queues: 'none',
  languages: [],
} as const;

/** By name of the reader. KubeVirt and Cloud Hypervisor have no switch for either: their version decides. */
const PRODUCTS: Readonly<Record<string, Product>> = {
  qemu: { ...QEMU_LIKE, languages: ['QEMU'] },
  libvirt: { ...QEMU_LIKE, languages: ['libvirt'] },
  proxmox: { ...QEMU_LIKE, queues: 'none', languages: ['Proxmox VE'] },
  kubevirt: {
    ...FIXED,
    topology: true,
    hpet: true,
    queues: 'disks of plugged CPUs',
    languages: ['KubeVirt'],
  },
  'cloud-hypervisor': { ...FIXED, topology: true, queues: 'plugged CPUs', languages: ['Cloud Hypervisor'] },
  bhyve: { ...FIXED, topology: true, languages: ['bhyve'] },
  firecracker: FIXED,
  crosvm: FIXED,
  propolis: FIXED,
  xen: { ...FIXED, hpet: true },
};

/** Descriptions that name a platform but no product. */
const BY_PLATFORM: Readonly<Partial<Record<Platform, readonly Language[]>>> = {
  kvm: ['QEMU', 'libvirt', 'KubeVirt'],
  tcg: ['QEMU', 'libvirt'],
  bhyve: ['bhyve'],
};

/** Platforms whose CPUs a person deals to sockets and cores: not bare metal, nor Xen, which fixes the APIC IDs. */
const DEALS: readonly Platform[] = ['kvm', 'tcg', 'other', 'vmware', 'acrn', 'jailhouse', 'bhyve', 'hyperv'];

/** The product that a description was read from, or what its platform allows. */
export function productOf(format: string, platform: Platform): Product {
  const product = PRODUCTS[format];
  if (product) return product;
  return {
    languages: BY_PLATFORM[platform] ?? [],
    extDestId: true,
    remapping: true,
    topology: DEALS.includes(platform),
    hpet: true,
    queues: 'any',
  };
}

/** True for the formats that end in a QEMU command line. */
export function isQemu(format: string): boolean {
  return ['qemu', 'libvirt', 'proxmox', 'kubevirt'].includes(format);
}

/** True if the guest runs on KVM and is not to know it: what else could hide there? */
export function hidesKvm(format: string, platform: Platform): boolean {
  return platform === 'other' && isQemu(format);
}
