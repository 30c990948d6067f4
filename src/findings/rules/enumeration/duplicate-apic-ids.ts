/** Firmware lists APIC IDs twice, and the kernel counts CPUs that do not exist. */

import { apicIdNames } from '../../../lib/ids.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { phantoms } from '../facts/phantoms.ts';
import { cpuNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

/** APIC IDs that firmware lists again. */
function listedAgain({ machine }: Simulation): number[] {
  const ids = machine.cpus.flatMap(({ apicId, duplicate }) => (duplicate && apicId !== null ? [apicId] : []));
  return [...new Set(ids)].sort((a, b) => a - b);
}

export const duplicateApicIds: Rule = {
  name: 'duplicate-apic-ids',
  aliases: ['R015'],
  level: 'warning',
  summary: 'Firmware lists APIC IDs twice, and the kernel counts possible CPUs that do not exist.',
  explain: [
    'Some boards fill the MADT up with disabled entries that repeat an APIC ID, often 0. Linux counts entries before it looks at their IDs: 6.9 and newer count disabled ones that repeat an ID, older kernels count every repeated entry. Each becomes a possible CPU without an APIC ID at the end of the numbers (a phantom), which can never come online.',
    'Phantoms are in affinity masks and cost memory, queues and vectors like any hot-plug slot. On bare metal newer kernels reject such entries, or ignore them (7.0, 6.12.77, 6.18.17 and 6.19.6).',
    'Check: /sys/devices/system/cpu/possible holds more CPUs than the machine has; the same ID twice in the MADT (acpidump, iasl -d).',
    'Change: firmware that lists each CPU once; until then nr_cpus= with the real number.',
  ],
  messages: [],
  check(facts) {
    const { machine } = facts;
    const cpus = phantoms(facts);
    if (cpus.isEmpty()) return [];
    const ids = listedAgain(facts);
    const index = machine.cpus.findIndex(({ duplicate }) => duplicate === true);
    const n = cpus.weight();
    return [
      {
        message: `firmware lists ${apicIdNames(ids)} more than once: ${count(n, 'possible CPU')} (${cpuNames(cpus)}) ${n === 1 ? 'does' : 'do'} not exist`,
        cause: [
          machine.kernel.has('topology-fixed-at-boot')
            ? 'the kernel counts disabled entries before it looks whether their APIC ID is known'
            : 'the kernel counts every entry, whether its APIC ID is known or not',
        ],
        cpus,
        path: machine.cpuPath?.(index) ?? ['cpus'],
      },
    ];
  },
};
