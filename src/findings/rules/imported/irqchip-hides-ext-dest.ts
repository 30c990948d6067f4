/** QEMU starts a big guest without a word, and keeps the one thing to itself that would make it work. */
import { endsInQemu } from '../../../formats/formats.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { presentAboveLimit } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

export const irqchipHidesExtDest: Rule = {
  name: 'irqchip-hides-ext-dest',
  aliases: ['R043'],
  level: 'warning',
  summary:
    'QEMU accepts the guest silently, although its interrupt controller hides the extended destination ID.',
  explain: [
    'QEMU offers the extended destination ID to KVM guests only with kernel-irqchip=split. With the default, a full in-kernel irqchip, it starts a guest with APIC IDs above 255 all the same: no error, at most a warning on recommended CPU counts. The guest kernel then keeps every CPU above 255 offline.',
    "Up to 5.2 QEMU refused such guests. Today nobody but the guest kernel's log tells.",
    'Check: the guest\'s log has "has invalid APIC ID". Change: -machine kernel-irqchip=split, libvirt <ioapic driver="qemu"/>, or a virtual IOMMU with intremap=on,eim=on.',
  ],
  messages: ['warning: Number of SMP cpus requested ({}) exceeds the recommended cpus supported by KVM ({})'],
  check(facts) {
    const { machine, apic } = facts;
    const format = machine.imported?.format ?? '';
    const silent = !machine.imported?.refusals.some((refusal) => refusal.level === 'error');
    if (!endsInQemu(format) || machine.platform !== 'kvm' || machine.extDestId || !silent) return [];
    const cpus = presentAboveLimit(facts);
    if (apic.limit !== MSI_MAX_ID || cpus.isEmpty()) return [];
    return [
      {
        message: `QEMU starts this guest without an error, although ${count(cpus.weight(), 'CPU')} will stay offline`,
        cause: [
          'QEMU offers the extended destination ID only with kernel-irqchip=split, and does not judge the guest',
        ],
        cpus,
        path: ['extDestId'],
      },
    ];
  },
};
