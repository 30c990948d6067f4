/** Hot-plug slots for which the kernel has no CPU number left. */
import { countLimit } from '../facts/cpu-count-limit.ts';
import { idsOf, ignoredSlots, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const slotsOverCountLimit: Rule = {
  name: 'slots-over-count-limit',
  aliases: ['R012'],
  level: 'warning',
  summary: 'Hot-plug slots cannot be used: the limit on the number of CPUs leaves none for them.',
  explain: [
    'nr_cpus=, possible_cpus= and CONFIG_NR_CPUS count possible CPUs, absent ones too. Slots past the limit get no CPU number, so plugging a CPU there fails.',
    'It may be meant: fewer possible CPUs make fewer useless queues and reserved vectors.',
    'Check: hot-add prints "Unable to map lapic to logical cpu number"; "Rejected CPUs N" at boot.',
    'Change: raise the limit to all slots that are to be used, or give the machine fewer slots.',
  ],
  messages: [
    'ACPI: Unable to map lapic to logical cpu number',
    'CPU topo: {} possible CPUs exceed the limit of {}',
    'CPU topo: Rejected CPUs {}',
  ],
  check(facts) {
    const lost = ignoredSlots(facts, 'limit');
    if (lost.length === 0) return [];
    const { name, path } = countLimit(facts.machine);
    return [
      {
        message: `${count(lost.length, 'hot-plug slot')}${idsOf(lost)} cannot be used: ${name}`,
        cause: [...reasonsOf(lost), 'plugging a CPU there fails: the kernel has no number for it'],
        path,
      },
    ];
  },
};
