/** KVM with Hyper-V enlightenments: Linux takes KVM's interface. */
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import type { Rule } from '../rule.ts';

export const hypervInterfacesUnused: Rule = {
  name: 'hyperv-interfaces-unused',
  aliases: ['R042'],
  level: 'note',
  summary: "KVM offers Hyper-V's interfaces beside its own, and Linux takes those of KVM.",
  explain: [
    "With Hyper-V enlightenments (hv-* flags of -cpu, <hyperv> of libvirt) KVM shows two signatures in CPUID: that of Hyper-V at 0x40000000, its own at 0x40000100. Linux takes the hypervisor with the higher base, KVM, and asks KVM's leaf at 0x40000101 for the extended destination ID.",
    "Enlightenments are for Windows: they neither give nor take CPUs of a Linux guest. Only where KVM's own signature is hidden (kvm=off) does Linux see Hyper-V, with other rules for high APIC IDs.",
    'Said only of guests with APIC IDs above 255, where it matters which interface counts.',
    'Check: "Hypervisor detected: KVM" in the log. Change: nothing.',
  ],
  messages: ['Hypervisor detected: KVM'],
  check({ machine }) {
    if (!machine.hypervEnlightenments || machine.platform !== 'kvm') return [];
    if (!machine.cpus.some(({ apicId }) => (apicId ?? 0) > MSI_MAX_ID)) return [];
    return [
      {
        message: `Linux takes KVM's interface, not that of Hyper-V: ${machine.extDestId ? 'KVM offers the extended destination ID' : 'the extended destination ID is for KVM to offer, and it does not'}`,
        cause: ['of two hypervisor signatures the one at the higher CPUID base counts: that of KVM'],
        fix: ['nothing needs to change'],
        path: ['hypervEnlightenments'],
      },
    ];
  },
};
