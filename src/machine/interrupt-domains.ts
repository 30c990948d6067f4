/** The names of interrupt domains, as descriptions and reports have them. */

/** What ends in a message: a device's interrupts are of one of these. */
export const LEAF_DOMAINS = [
  'pci-msi',
  'pci-msi-unremapped',
  'ioapic',
  'hpet-msi',
  'ipi',
  'iommu-fault',
] as const;
/** What a message passes on its way: a remapping unit, and the vectors of the CPUs. */
export const INNER_DOMAINS = ['intel-ir', 'amd-ir', 'hyperv-ir', 'vector'] as const;
export const DOMAIN_NAMES = [...LEAF_DOMAINS, ...INNER_DOMAINS] as const;

export type LeafName = (typeof LEAF_DOMAINS)[number];
export type InnerName = (typeof INNER_DOMAINS)[number];
export type DomainName = LeafName | InnerName;

/** Domains that interrupts of devices can be of. */
export const DEVICE_DOMAINS = ['pci-msi', 'pci-msi-unremapped', 'ioapic'] as const satisfies LeafName[];
export type DeviceDomain = (typeof DEVICE_DOMAINS)[number];
/** Those, and that of timers. */
export const USED_DOMAINS = [...DEVICE_DOMAINS, 'hpet-msi'] as const satisfies LeafName[];
export type UsedDomain = (typeof USED_DOMAINS)[number];
