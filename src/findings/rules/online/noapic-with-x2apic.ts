/** Without IO-APIC set-up nothing limits x2APIC, and messages cannot name the CPUs that come online. */
import { apicIdNamesOf, becauseOf } from '../facts/cpus-above-limit.ts';
import { knownOf, levelOfMissed, missedBy, namedOf, whichText } from '../facts/missed-cpus.ts';
import type { Rule } from '../rule.ts';

export const noapicWithX2apic: Rule = {
  name: 'noapic-with-x2apic',
  aliases: ['R020'],
  level: 'error',
  summary: 'noapic leaves x2APIC on without remapping and without limit: device interrupts miss their CPUs.',
  explain: [
    'noapic, nosmp and maxcpus=0 make the kernel skip the IO-APIC set-up, and with it the decision on interrupt remapping and x2APIC. If firmware switched x2APIC on it stays on, in cluster mode, and every CPU may come online.',
    'A message without remapping has room for 8 bits of destination. In cluster mode that names APIC IDs 0 to 7, with x2apic_phys 0 to 255; an interrupt for any other CPU goes astray.',
    'Check: "Not enabling interrupt remapping due to skipped IO-APIC setup" in the log, and a kernel warning in __irq_msi_compose_msg.',
    'Change: remove noapic. To run on one CPU use nr_cpus=1.',
  ],
  messages: ['Not enabling interrupt remapping due to skipped IO-APIC setup'],
  check(facts) {
    const { machine, apic, domains, run } = facts;
    if (apic.ioApic || !apic.mode.startsWith('x2apic') || machine.cmdline.noMsi) return [];
    const [messages] = domains;
    const devices = run.devices.filter(({ domain }) => domain === messages.name);
    const missed = missedBy(facts, devices, knownOf(messages));
    const cpus = namedOf(missed);
    if (cpus.isEmpty()) return [];
    const { cause, path } = becauseOf(facts);
    return [
      {
        level: levelOfMissed(missed),
        message: `${whichText(facts, missed)} (${apicIdNamesOf(facts, cpus)}) cannot be named in a device interrupt: messages reach APIC IDs up to ${domains[0].maxApicId} only`,
        cause: [...cause, 'a message that is not remapped carries 8 bits of the destination'],
        cpus,
        path,
      },
    ];
  },
};
