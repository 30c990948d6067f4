/** Interrupt remapping without 32-bit destinations. */
import { gainedBy, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const remappingWithoutEim: Rule = {
  name: 'remapping-without-eim',
  aliases: ['R031'],
  level: 'warning',
  summary: 'Interrupt remapping has 8-bit destinations: the IOMMU lacks EIM (Intel) or XT (AMD).',
  explain: [
    'Interrupt remapping reaches APIC IDs above 255 only in x2APIC mode: Intel calls it extended interrupt mode (EIM), AMD XT. One Intel IOMMU without EIM puts the whole system into xAPIC mode.',
    'In a guest it is a setting of the virtual IOMMU, and QEMU starts a guest of any size without it and without a word. With few CPUs it costs nothing: then this is a note.',
    'Check: "does not support EIM" or "Enabled IRQ remapping in xapic mode" in the log; bit 4 of /sys/class/iommu/dmar*/intel-iommu/ecap.',
    'Change: QEMU intel-iommu eim=on or amd-iommu xtsup=on (libvirt <driver eim=.../> or xtsup=); on real machines firmware or hardware decides.',
  ],
  messages: ['DMAR-IR: {} does not support EIM', 'DMAR-IR: Enabled IRQ remapping in xapic mode'],
  check({ machine, handover, apic }) {
    const { remapping } = machine;
    if (apic.remapping !== 'xapic' || apic.hypervStub || remapping.eim) return [];
    if (!handover.x2apicSupported) return [];
    const gain = gainedBy(machine, { remapping: { ...remapping, eim: true } });
    const name = remapping.vendor === 'intel' ? 'EIM' : 'XT';
    return [
      {
        message: `the IOMMU has no ${name}: remapping has 8-bit destinations; ${isGain(gain) ? `it costs ${gainText(gain)}` : 'no CPU stays offline for it'}`,
        cause: [`without ${name} interrupt remapping runs in xAPIC mode, for the whole system`],
        path: ['remapping', 'eim'],
        level: isGain(gain) ? 'warning' : 'note',
      },
    ];
  },
};
