/** A message to APIC ID 255 that KVM takes for a broadcast. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { everOnline } from '../facts/ran.ts';
import type { Rule } from '../rule.ts';

export const broadcastId: Rule = {
  name: 'broadcast-id',
  aliases: ['R026'],
  level: 'warning',
  summary: 'Messages to the CPU with APIC ID 255 are broadcast: KVM keeps its x2APIC quirk.',
  explain: [
    'In x2APIC mode APIC ID 255 is an ordinary CPU, and Linux brings it online: the limit of 255 includes it. Without interrupt remapping a message names it by the byte 0xff, which in xAPIC mode means all CPUs.',
    'KVM takes that byte for a broadcast in x2APIC mode too, unless user space turns the quirk off together with 32-bit IDs (KVM_CAP_X2APIC_API). QEMU does so. With the quirk each such interrupt arrives at every CPU, and most of them complain of a vector that they do not know.',
    'Check: "No irq handler for vector" on many CPUs at once when a device interrupts the CPU with APIC ID 255.',
    'Change: a VMM that turns the quirk off, or no CPU with APIC ID 255.',
  ],
  messages: ['__common_interrupt: {} No irq handler for vector'],
  check(facts) {
    const { machine, apic, enumeration } = facts;
    if (!machine.broadcastQuirk || machine.platform !== 'kvm' || apic.remapping !== 'none') return [];
    if (!apic.mode.startsWith('x2apic')) return [];
    const ran = everOnline(facts);
    const found = enumeration.cpus.find(({ cpu, apicId }) => apicId === MSI_MAX_ID && ran.test(cpu));
    if (found === undefined) return [];
    return [
      {
        message: `messages to CPU ${found.cpu} (APIC ID 255) go to every CPU: KVM takes them for broadcasts`,
        cause: [
          "KVM's x2APIC broadcast quirk is on",
          'without remapping a message names APIC ID 255 by the byte 0xff',
        ],
        fix: ['a VMM that turns the quirk off (KVM_CAP_X2APIC_API), or no vCPU with APIC ID 255'],
        cpus: CpuMask.of(enumeration.nrCpuIds, [found.cpu]),
        path: ['broadcastQuirk'],
      },
    ];
  },
};
