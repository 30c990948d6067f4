/** The description expects of Xen what no release does. */
import type { Rule } from '../rule.ts';

export const xenOffersNoExtDest: Rule = {
  name: 'xen-offers-no-ext-dest',
  aliases: ['R039'],
  level: 'note',
  summary: 'No released Xen offers the extended destination ID.',
  explain: [
    'Linux 5.17 and newer reads the bit that offers the extended destination ID to Xen HVM and PVH guests (XEN_HVM_CPUID_EXT_DEST_ID), and Xen defines it, but no release sets it.',
    'Xen numbers APIC IDs as twice the vCPU number, so a guest crosses 255 with its 129th vCPU.',
    'Check: CPUID leaf 0x40000004 (or the base that Xen uses), EAX bit 5.',
    'Change: extDestId: false, unless the Xen is your own build.',
  ],
  messages: [],
  check({ machine }) {
    if (!machine.platform.startsWith('xen') || !machine.extDestId) return [];
    return [
      {
        message: 'no released Xen offers the extended destination ID that this description counts on',
        cause: ['Xen defines the CPUID bit, but no code sets it'],
        fix: ['description: extDestId: false'],
        path: ['extDestId'],
      },
    ];
  },
};
