/** R050: a managed queue whose every CPU is unreachable. */
import { shortenList } from '../../../lib/ids.ts';
import { cpusOf, deviceNames, neverStarting, total } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const queueNeverStarts: Rule = {
  name: 'queue-never-starts',
  aliases: ['R050'],
  level: 'warning',
  summary: 'Queues whose affinity mask holds no CPU that can ever come online.',
  explain: [
    'Drivers that use managed interrupts spread their queues over all possible CPUs when the device is set up. A queue whose CPUs all stay offline is created, gets a vector reserved on each of them, and is never started: its interrupt points at the shutdown vector 0xef of an online CPU and stays masked.',
    'The queue costs memory and vectors and serves nobody. While all its CPUs are offline no I/O is sent to it, so nothing hangs with an unmodified kernel; effective_affinity shows an online CPU all the same.',
    "Check: /proc/irq/N/smp_affinity_list holds only CPUs that are not online, and the queue's count in /proc/interrupts stays 0.",
    'Change: make the CPUs reachable, or keep them from being possible with nr_cpus= or a lower CPU maximum of the guest.',
  ],
  messages: [],
  check(facts) {
    const devices = facts.run.devices.filter((device) => neverStarting(device).length > 0);
    if (devices.length === 0) return [];
    const queues = devices.flatMap(neverStarting);
    const cpus = cpusOf(facts, queues);
    return [
      {
        message: `${count(queues.length, 'queue')} of ${total(devices, (d) => d.queues.length)} on ${deviceNames(devices)} can never start: ${queues.length === 1 ? 'its' : 'their'} CPUs (${shortenList(cpus.toString())}) are all unreachable`,
        cause: [
          'managed queues are spread over all possible CPUs, reachable or not (group_cpus_evenly)',
          `CPUs ${shortenList(cpus.toString())} have APIC IDs above the limit ${facts.apic.limit} and never come online`,
        ],
        cpus,
        devices,
        path: devices[0].path,
      },
    ];
  },
};
