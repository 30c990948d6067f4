/** CPUs that come online although some interrupt cannot reach them. */
import type { Rule } from '../rule.ts';
import { broadcastId } from './broadcast-id.ts';
import { deviceOutsideIommu } from './device-outside-iommu.ts';
import { domainMissesCpus } from './domain-misses-cpus.ts';
import { extDestNotHonoured } from './ext-dest-not-honoured.ts';
import { hypervIoapicLimit } from './hyperv-ioapic-limit.ts';
import { msiWritesMemory } from './msi-writes-memory.ts';
import { noapicWithX2apic } from './noapic-with-x2apic.ts';
import { remappingMisroutes } from './remapping-misroutes.ts';
import { vmdChildrenFollow } from './vmd-children-follow.ts';
import { vpciNames64Cpus } from './vpci-names-64-cpus.ts';

export const ONLINE_RULES: readonly Rule[] = [
  noapicWithX2apic,
  remappingMisroutes,
  deviceOutsideIommu,
  extDestNotHonoured,
  domainMissesCpus,
  hypervIoapicLimit,
  msiWritesMemory,
  vpciNames64Cpus,
  vmdChildrenFollow,
  broadcastId,
];
