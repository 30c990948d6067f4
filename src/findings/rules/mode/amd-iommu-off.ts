/** amd_iommu=off takes interrupt remapping, and CPUs, along. */
import { gainedByParameters, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const amdIommuOff: Rule = {
  name: 'amd-iommu-off',
  aliases: ['R035'],
  level: 'warning',
  summary: 'amd_iommu=off also switches interrupt remapping off, which costs CPUs.',
  explain: [
    'Unlike intel_iommu=off, amd_iommu=off switches the whole IOMMU off, interrupt remapping included. On bare metal the APIC IDs then end at 254.',
    'Check: cat /proc/cmdline; no "AMD-Vi: Interrupt remapping enabled" in the log.',
    'Change: remove the parameter; iommu=pt takes DMA translation out of the way and keeps remapping.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode"],
  check({ machine }) {
    const { cmdline, remapping } = machine;
    if (!cmdline.amdIommuOff || !remapping.enabled || remapping.vendor !== 'amd') return [];
    const gain = gainedByParameters(machine, { amdIommuOff: false });
    if (!isGain(gain)) return [];
    return [
      {
        message: `amd_iommu=off also switches interrupt remapping off and costs ${gainText(gain)}`,
        cause: ['on AMD the parameter is about DMA translation and interrupt remapping'],
        path: ['cmdline'],
      },
    ];
  },
};
