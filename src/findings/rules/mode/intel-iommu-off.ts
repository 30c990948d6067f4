/** intel_iommu=off is about DMA, not about interrupts. */
import type { Rule } from '../rule.ts';

export const intelIommuOff: Rule = {
  name: 'intel-iommu-off',
  aliases: ['R034'],
  level: 'note',
  summary: 'intel_iommu=off does not switch interrupt remapping off.',
  explain: [
    'intel_iommu= is about DMA translation. Interrupt remapping of the same hardware stays on: on Intel only intremap=off (nointremap) switches it off. AMD differs: amd_iommu=off takes both.',
    'Check: "Enabled IRQ remapping" in the log although intel_iommu=off is on the command line.',
    'Change: nothing, unless remapping was meant to be off.',
  ],
  messages: [],
  check({ machine }) {
    const { cmdline, remapping } = machine;
    if (!cmdline.intelIommuOff || (remapping.enabled && remapping.vendor === 'amd')) return [];
    return [
      {
        message: 'intel_iommu=off does not switch interrupt remapping off',
        cause: ['the parameter is about DMA translation only'],
        path: ['cmdline'],
      },
    ];
  },
};
