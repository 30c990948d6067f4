/** P0H: the one per-domain limit that mainline has. */
import type { Policy } from './policy.ts';

export const hypervStub: Policy = {
  name: 'hyperv-stub',
  aliases: ['P0H'],
  source: 'Linux, drivers/iommu/hyperv-iommu.c',
  summary:
    'The guest runs on Hyper-V without the extended destination ID: a remapping stub lets every CPU come online and device messages reach them all, but IO-APIC interrupts only reach CPU numbers and APIC IDs up to 255, and an affinity outside that is refused with EINVAL.',
  verdict: 'safe for message interrupts; a line interrupt is lost when its last allowed CPU goes offline',
  adapt: (machine) => ({
    ...machine,
    platform: 'hyperv',
    extDestId: false,
    remapping: { ...machine.remapping, enabled: false },
  }),
};
