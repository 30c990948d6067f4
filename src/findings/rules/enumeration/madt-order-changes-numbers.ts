/** Kernels 6.7 to 6.13 number CPUs below APIC ID 255 first, other kernels in firmware's order. */
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import type { Rule } from '../rule.ts';

/** True if among the plugged CPUs with a number one above 254 is listed before one below. */
function mixed({ machine, enumeration }: Simulation): boolean {
  const unnumbered = new Set(
    enumeration.ignored.filter(({ why }) => why !== 'limit').map(({ firmwareIndex }) => firmwareIndex),
  );
  let seenHigh = false;
  return machine.cpus.some(({ apicId, state }, index) => {
    if (apicId === null || state === 'absent' || index === machine.bootIndex || unnumbered.has(index))
      return false;
    seenHigh ||= apicId > XAPIC_MAX_ID;
    return seenHigh && apicId <= XAPIC_MAX_ID;
  });
}

export const madtOrderChangesNumbers: Rule = {
  name: 'madt-order-changes-numbers',
  aliases: ['R014'],
  level: 'warning',
  summary: 'CPU numbers differ from those of other kernels: this one takes low APIC IDs first.',
  explain: [
    'Firmware lists CPUs below APIC ID 255 as local APIC entries and others as x2APIC entries. Linux numbers CPUs in the order of the list, but 6.7 to 6.13 register all local APIC entries first (fixed in 6.14, 6.13.2 and 6.12.13 by commit 0141978ae75b).',
    'On a machine that lists a high ID before a low one a CPU has another number on these kernels: affinity lists, isolcpus= and pinning made on another kernel then mean other CPUs.',
    'Check: compare the APIC IDs in /proc/cpuinfo by CPU number on both kernels.',
    'Change: use a fixed kernel, or write CPU lists for this one.',
  ],
  messages: [],
  check(facts) {
    const { kernel } = facts.machine;
    if (!kernel.has('madt-xapic-entries-first') || !mixed(facts)) return [];
    return [
      {
        message: `Linux ${kernel.text} numbers CPUs in another order than firmware lists them: CPU lists made on other kernels mean other CPUs`,
        cause: [
          'firmware lists a CPU with an APIC ID above 254 before one below',
          `Linux ${kernel.text} registers all CPUs up to 254 before all above`,
        ],
        fix: ['check irqaffinity=, isolcpus= and pinned CPUs against the numbers above'],
        path: ['kernel'],
      },
    ];
  },
};
