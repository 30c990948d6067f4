/** irqaffinity= names CPUs that are isolated. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { cpulistParse } from '../../../machine/kparam.ts';
import { isolationFacts } from '../facts/isolation-facts.ts';
import { cpuNames } from '../facts/queue-facts.ts';
import type { Rule } from '../rule.ts';

export const irqaffinityMeetsIsolation: Rule = {
  name: 'irqaffinity-meets-isolation',
  aliases: [],
  level: 'warning',
  summary: 'irqaffinity= sends ordinary interrupts to CPUs that isolcpus= or nohz_full= isolates.',
  explain: [
    'irqaffinity= is the set of CPUs for ordinary interrupts, isolcpus= and nohz_full= name CPUs that are to be left alone. A CPU in both gets the interrupts that the other parameter was to keep from disturbing it; the two lists were probably confused, as one wants the housekeeping CPUs and the other the rest.',
    'Check: cat /proc/cmdline; /proc/irq/default_smp_affinity against /sys/devices/system/cpu/isolated.',
    'Change: give irqaffinity= the housekeeping CPUs.',
  ],
  messages: [],
  check(facts) {
    const { machine, enumeration } = facts;
    const { irqaffinity } = machine.cmdline;
    const found = isolationFacts(facts);
    if (!found || irqaffinity === undefined) return [];
    const asked = cpulistParse(machine.kernel, irqaffinity, enumeration.nrCpuIds);
    const both = asked && CpuMask.and(asked, found.all);
    if (!both || both.isEmpty()) return [];
    return [
      {
        message: `irqaffinity=${irqaffinity} sends ordinary interrupts to ${cpuNames(both)}, which ${machine.cmdline.isolation.map(({ text }) => text).join(' and ')} ${machine.cmdline.isolation.length === 1 ? 'isolates' : 'isolate'}`,
        cause: [
          'irqaffinity= wants the CPUs that take interrupts, isolcpus= and nohz_full= those that do not',
          `housekeeping CPUs are ${shortenList(found.housekeeping.toString())}`,
        ],
        cpus: both,
        path: ['cmdline'],
      },
    ];
  },
};
