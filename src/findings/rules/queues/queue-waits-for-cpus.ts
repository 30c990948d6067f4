/** Queues that are stopped until one of their CPUs comes. */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun, QueueRow } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { cpuNames, cpusOf, deviceNames, domainOf, total, waitingQueues } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

/** What the stopped queues of a device wait for. */
interface Waits {
  /** For CPUs that are plugged. */
  readonly plugged: readonly QueueRow[];
  readonly offline: CpuMask;
  /** For CPUs that are not. */
  readonly slots: readonly QueueRow[];
  readonly absent: CpuMask;
}

function waitsOf(facts: Simulation, device: DeviceRun): Waits {
  const { run } = facts;
  const { reachable, unreachable } = domainOf(facts, device);
  // Plugged CPUs of a mask that no interrupt can be sent to are not what the queue waits for.
  const ready = CpuMask.and(run.present, reachable);
  const queues = waitingQueues(facts, device);
  const plugged = queues.filter((queue) => queue.affinity.intersects(ready));
  const slots = queues.filter((queue) => !queue.affinity.intersects(ready));
  return {
    plugged,
    offline: cpusOf(facts, plugged).andWith(ready),
    slots,
    absent: cpusOf(facts, slots).andNotWith(run.present).andNotWith(unreachable),
  };
}

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
    const { run, policy } = facts;
    const devices = run.devices.filter((device) => waitingQueues(facts, device).length > 0);
    if (devices.length === 0) return [];
    const waits = devices.map((device) => waitsOf(facts, device));
    const plugged = waits.flatMap((one) => one.plugged);
    const slots = waits.flatMap((one) => one.slots);
    const queues = [...plugged, ...slots];
    const offline = new CpuMask(run.present.nbits);
    const absent = offline.clone();
    for (const one of waits) {
      offline.orWith(one.offline);
      absent.orWith(one.absent);
    }
    const parts = [
      ...(plugged.length > 0 ? [`${plugged.length} for the offline ${cpuNames(offline)}`] : []),
      ...(slots.length > 0 ? [`${slots.length} for ${cpuNames(absent)}, not plugged`] : []),
    ];
    return [
      {
        message: `${count(queues.length, 'queue')} of ${total(devices, (d) => d.queues.length)} on ${deviceNames(devices)} wait${queues.length === 1 ? 's' : ''}: ${parts.join(', ')}`,
        cause: [
          `a managed interrupt without an online ${policy.onlinesUnreachable ? 'and reachable ' : ''}CPU in its mask is shut down, and starts with the first that comes`,
          `effective_affinity shows CPU ${queues[0].effective}: cosmetic, nothing arrives there`,
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
