/** The hypervisor offers the extended destination ID, and does not decode it. */
import { apicIdNamesOf, becauseOf } from '../facts/cpus-above-limit.ts';
import { levelOfMissed, lossTexts, missedBy, namedOf, whichText } from '../facts/missed-cpus.ts';
import type { Rule } from '../rule.ts';

export const extDestNotHonoured: Rule = {
  name: 'ext-dest-not-honoured',
  aliases: ['R024'],
  level: 'error',
  summary:
    'The extended destination ID is offered and not honoured: interrupts for APIC IDs above 255 are lost.',
  explain: [
    'Where the hypervisor says that it decodes the extended destination ID, Linux brings CPUs up to APIC ID 32767 online and writes destination bits 14:8 into bits 11:5 of a message. A platform that says so and ignores the bits delivers to the APIC ID in the low 8 bits: another CPU gets the interrupt, or nobody.',
    'That happens where a user forces the CPUID bit with an interrupt chip that does not know of it, where a nested hypervisor passes the bit through, or where an emulated device builds its message by itself.',
    'Check: a guest with CPUs above APIC ID 255 hangs at the first interrupt of a device that goes to one of them; a queue on such a CPU times out.',
    'Change: a hypervisor that honours what it offers, or one that offers nothing; or a virtual IOMMU with 32-bit destinations.',
  ],
  messages: [],
  check(facts) {
    const { apic, machine, domains, policy, run } = facts;
    if (apic.fatal || !apic.extDestId || machine.extDestHonoured || policy.onlinesUnreachable) return [];
    const concerned = domains.filter(({ parent }) => parent === 'vector');
    const names = new Set<string>(concerned.map(({ name }) => name));
    const [reach] = concerned;
    if (reach === undefined) return [];
    const devices = run.devices.filter(({ domain }) => names.has(domain));
    const missed = missedBy(facts, devices, reach);
    const cpus = namedOf(missed);
    if (cpus.isEmpty()) return [];
    return [
      {
        level: levelOfMissed(missed),
        message: `the extended destination ID is offered, but not honoured: interrupts for ${whichText(facts, missed)} (${apicIdNamesOf(facts, cpus)}) are lost`,
        cause: [
          ...becauseOf(facts).cause,
          'the platform looks at the low 8 bits of the destination only',
          ...lossTexts(missed),
        ],
        cpus,
        devices,
        path: ['extDestId', 'honoured'],
      },
    ];
  },
};
