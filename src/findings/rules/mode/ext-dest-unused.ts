/** Both ways to reach high APIC IDs are there; remapping wins. */
import type { Rule } from '../rule.ts';

export const extDestUnused: Rule = {
  name: 'ext-dest-unused',
  aliases: ['R041'],
  level: 'note',
  summary: 'The extended destination ID is offered, but interrupt remapping is used in its place.',
  explain: [
    'Where interrupt remapping works in x2APIC mode Linux uses it, and does not use the extended destination ID. Both reach every CPU.',
    'A virtual IOMMU costs memory and time (assigned devices pin the memory of the guest for it), but libvirt before 12.8 starts no guest of more than 255 vCPUs without one, older kernels need it, and so do guests that assign devices to guests of their own.',
    'Check: chips in /proc/interrupts start with "IR-".',
    'Change: nothing.',
  ],
  messages: ['DMAR-IR: Enabled IRQ remapping in x2apic mode'],
  check({ machine, apic }) {
    if (!machine.extDestId || !apic.hypervisorX2apic || apic.remapping !== 'x2apic' || apic.hypervStub)
      return [];
    return [
      {
        message: 'interrupt remapping is used; the extended destination ID that the hypervisor offers is not',
        cause: ['Linux prefers interrupt remapping in x2APIC mode'],
        fix: ['nothing needs to change'],
        path: ['extDestId'],
      },
    ];
  },
};
