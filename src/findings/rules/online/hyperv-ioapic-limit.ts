/** Hyper-V's remapping stub sends IO-APIC interrupts to the first 256 CPUs only. */
import { apicIdNamesOf, becauseOf } from '../facts/cpus-above-limit.ts';
import { knownOf, levelOfMissed, missedBy, namedOf, whichText } from '../facts/missed-cpus.ts';
import type { Rule } from '../rule.ts';

export const hypervIoapicLimit: Rule = {
  name: 'hyperv-ioapic-limit',
  aliases: ['R023'],
  level: 'error',
  summary: 'Line interrupts of a Hyper-V guest cannot be sent to some of its online CPUs.',
  explain: [
    'Without the extended destination ID a Hyper-V guest uses a stub in place of interrupt remapping: all CPUs may come online, but IO-APIC interrupts go to CPU numbers 0 to 255 with APIC IDs below 256 only. The set is made once at boot. PCI devices are not concerned, as their interrupts name virtual processors.',
    'Setting the affinity of a line interrupt to any other CPU fails with EINVAL. The default affinity, all online CPUs, fails too, quietly. If the CPU it sits on goes offline the interrupt is lost: "set affinity failed(-22)".',
    'Check: HYPERV-IR in /proc/interrupts, and echo to /proc/irq/N/smp_affinity_list gives "Invalid argument".',
    'Change: a Hyper-V release that offers the extended destination ID with a guest kernel of 5.11 or newer; do not take CPUs below 256 offline.',
  ],
  messages: ['IRQ{}: set affinity failed(-22).'],
  check(facts) {
    const { apic, domains, machine, run } = facts;
    const ioapic = domains.find((domain) => domain.name === 'ioapic');
    const devices = run.devices.filter(({ domain }) => domain === 'ioapic');
    if (!apic.hypervStub || !ioapic || (!machine.legacyIrqs && devices.length === 0)) return [];
    const missed = missedBy(facts, devices, knownOf(ioapic));
    const cpus = namedOf(missed);
    if (cpus.isEmpty()) return [];
    return [
      {
        level: levelOfMissed(missed),
        message: `IO-APIC interrupts cannot be sent to ${whichText(facts, missed)} (${cpus}, ${apicIdNamesOf(facts, cpus)})`,
        cause: [
          ...becauseOf(facts).cause,
          "the stub's CPU set is fixed at boot: CPU numbers up to 255 with APIC IDs below 256",
        ],
        cpus,
        devices,
        path: ['extDestId'],
      },
    ];
  },
};
