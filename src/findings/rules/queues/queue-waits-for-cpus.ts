/** R055 and R056: queues that are stopped until one of their CPUs comes. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { cpusOf, deviceNames, total, waitingQueues } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const queueWaitsForCpus: Rule = {
  name: 'queue-waits-for-cpus',
  aliases: ['R055', 'R056'],
  level: 'note',
  summary:
    'Queues are quiesced because all their CPUs are offline or not plugged; they start again by themselves.',
  explain: [
    'A queue with a managed interrupt runs only while a CPU of its mask is online. When the last one goes, the queue is quiesced and its interrupt shut down, not moved; with the first that comes it starts again. A queue whose CPUs are hot-plug slots waits in the same way from the start.',
    'This is as it should be, and differs from a queue that can never start (queue-never-starts): all that is missing is a CPU.',
    'Check: /proc/irq/N/effective_affinity_list of a stopped interrupt shows the first online CPU, so it looks as if it were served there. That is cosmetic: the interrupt is masked and points at the shutdown vector 0xef.',
    'Change: nothing. If the CPUs are never to come, boot with nr_cpus= so that the queues are spread over those that are there.',
  ],
  messages: [],
  check(facts) {
    const { run, domains } = facts;
    const devices = run.devices.filter((device) => waitingQueues(facts, device).length > 0);
    if (devices.length === 0) return [];
    const queues = devices.flatMap((device) => waitingQueues(facts, device));
    const plugged = queues.filter((queue) => queue.affinity.intersects(run.present));
    const slots = queues.filter((queue) => !queue.affinity.intersects(run.present));
    const offline = cpusOf(facts, plugged).andWith(run.present).andWith(domains[0].reachable);
    const absent = cpusOf(facts, slots);
    const parts = [
      ...(plugged.length > 0
        ? [`${plugged.length} for offline CPUs (${shortenList(offline.toString())})`]
        : []),
      ...(slots.length > 0
        ? [`${slots.length} for CPUs not plugged (${shortenList(absent.toString())})`]
        : []),
    ];
    return [
      {
        message: `${count(queues.length, 'queue')} of ${total(devices, (d) => d.queues.length)} on ${deviceNames(devices)} wait${queues.length === 1 ? 's' : ''}: ${parts.join(', ')}`,
        cause: [
          'a managed interrupt without an online CPU in its mask is shut down, and starts with the first that comes',
          `effective_affinity shows CPU ${run.online.first()}, the first online CPU: cosmetic, nothing arrives there`,
        ],
        ...(plugged.length > 0
          ? { fix: [`echo 1 > /sys/devices/system/cpu/cpu${offline.first()}/online`] }
          : {}),
        cpus: CpuMask.or(offline, absent),
        devices,
        path: devices[0].path,
      },
    ];
  },
};
