/** Queues that serve isolated CPUs only: nothing keeps them away. */
import { shortenList } from '../../../lib/ids.ts';
import { isolationFacts } from '../facts/isolation-facts.ts';
import { cpusOf, deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const queuesOfIsolatedCpus: Rule = {
  name: 'queues-of-isolated-cpus',
  aliases: [],
  level: 'note',
  summary: 'Queues have no housekeeping CPU in their mask: I/O of isolated CPUs interrupts these.',
  explain: [
    'The kernel spreads the queues of a device over all possible CPUs, isolated ones too, so some masks hold isolated CPUs only. isolcpus=managed_irq cannot move their interrupts. They are silent as long as the isolated CPUs submit no I/O themselves; buffered writes are submitted by housekeeping CPUs.',
    'Check: /proc/irq/N/smp_affinity_list of the queue; its count in /proc/interrupts while the isolated task runs.',
    'Change: give the device fewer queues, so that every mask holds a housekeeping CPU; or let isolated CPUs submit no I/O.',
  ],
  messages: [],
  check(facts) {
    const found = isolationFacts(facts);
    if (!found || found.withoutHousekeeping.length === 0) return [];
    const queues = found.withoutHousekeeping.flatMap(({ queues: own }) => own);
    const devices = found.withoutHousekeeping.map(({ device }) => device);
    const cpus = cpusOf(facts, queues);
    return [
      {
        message: `${count(queues.length, 'queue')} on ${deviceNames(devices)} ${queues.length === 1 ? 'has' : 'have'} no housekeeping CPU in the mask: I/O of isolated CPUs (${shortenList(cpus.toString())}) interrupts them`,
        cause: ['queues are spread over all possible CPUs, whatever is isolated'],
        fix: ['fewer queues, so that each mask holds a housekeeping CPU; or no I/O from isolated CPUs'],
        cpus,
        devices,
        path: ['cmdline'],
      },
    ];
  },
};
