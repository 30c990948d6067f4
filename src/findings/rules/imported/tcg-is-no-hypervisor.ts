/** A guest without KVM: the kernel takes it for bare metal. */
import type { Rule } from '../rule.ts';

export const tcgIsNoHypervisor: Rule = {
  name: 'tcg-is-no-hypervisor',
  aliases: [],
  level: 'note',
  summary: 'The guest runs in software emulation, which Linux does not recognise as a hypervisor.',
  explain: [
    'QEMU without KVM (TCG) shows a signature that Linux does not know, so the kernel decides as on bare metal: x2APIC only with interrupt remapping, APIC IDs up to 254 without, and free hot-plug slots ignored by newer kernels.',
    'What such a guest shows is not what the same configuration does under KVM.',
    'Check: "Hypervisor detected" is missing in the guest\'s log. Change: -accel kvm, libvirt <domain type="kvm">.',
  ],
  messages: [],
  check({ machine }) {
    if (!machine.imported || machine.platform !== 'tcg') return [];
    return [
      {
        message: 'the guest runs without KVM, so its kernel decides as on bare metal',
        cause: ['the signature TCGTCGTCGTCG is none that Linux knows'],
        path: ['platform'],
      },
    ];
  },
};
