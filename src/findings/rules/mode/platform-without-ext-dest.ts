/** Hypervisors that have no extended destination ID at all. */

import { formatIds } from '../../../lib/ids.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import type { Platform } from '../../../machine/machine.ts';
import { firmwareIdsAbove } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

const NAMES: Readonly<Partial<Record<Platform, string>>> = {
  vmware: 'VMware',
  acrn: 'ACRN',
  jailhouse: 'Jailhouse',
};

export const platformWithoutExtDest: Rule = {
  name: 'platform-without-ext-dest',
  aliases: ['R040'],
  level: 'warning',
  summary:
    'VMware, ACRN and Jailhouse have no extended destination ID: without a virtual IOMMU the limit is APIC ID 255.',
  explain: [
    'VMware, ACRN and Jailhouse let a Linux guest use x2APIC without interrupt remapping, but Linux knows no extended destination ID for them. The limit is APIC ID 255, inclusive.',
    'Check: "has invalid APIC ID" in the log of the guest, for every CPU above 255.',
    'Change: a virtual IOMMU with interrupt remapping (VMware: "Expose IOMMU to the guest OS", vvtd.enable = "TRUE"), or fewer vCPUs.',
  ],
  messages: ['smpboot: CPU {} has invalid APIC ID {}. Aborting bringup'],
  check({ machine, apic }) {
    const name = NAMES[machine.platform];
    if (name === undefined || apic.limit !== MSI_MAX_ID) return [];
    const ids = firmwareIdsAbove(machine, MSI_MAX_ID);
    if (ids.length === 0) return [];
    return [
      {
        message: `${name} has no extended destination ID: APIC IDs end at 255, and ${count(ids.length, 'CPU')} (${formatIds(ids)}) ${ids.length === 1 ? 'is' : 'are'} above`,
        cause: [
          `Linux asks ${name} for no extended destination ID, and there is no remapping in x2APIC mode`,
        ],
        path: ['platform'],
      },
    ];
  },
};
