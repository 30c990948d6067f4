/** A managed queue whose every CPU is unreachable. */

import type { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun, QueueRow } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { cpuNames, cpusOf, deviceNames, domainOf, neverStarting, total } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

/** What their APIC IDs mean: they stay offline, or may run out of reach of interrupts. */
function aboveLimit(facts: Simulation, device: DeviceRun, cpus: CpuMask): string {
  const { apic, policy } = facts;
  const { maxApicId } = domainOf(facts, device);
  const reached = facts.enumeration.cpus.some(
    ({ cpu, apicId }) => cpus.test(cpu) && apicId !== null && apicId <= Math.min(apic.limit, maxApicId),
  );
  if (reached) return `messages of ${device.name} do not reach ${cpuNames(cpus)}, whatever the APIC IDs`;
  const have = `${cpuNames(cpus)} ${cpus.weight() === 1 ? 'has an APIC ID' : 'have APIC IDs'} above`;
  return policy.onlinesUnreachable || maxApicId < apic.limit
    ? `${have} ${maxApicId}, the highest that messages of ${device.name} can carry`
    : `${have} the limit ${apic.limit}, so ${cpus.weight() === 1 ? 'it never comes' : 'they never come'} online`;
}

/** A queue that ran on a CPU out of reach starts again with it, and is no better off. */
const fateOf = (queues: readonly QueueRow[]): string =>
  queues.some(({ stopped }) => stopped === 'shut-down') ? 'can get no interrupt' : 'can never start';

export const queueNeverStarts: Rule = {
  name: 'queue-never-starts',
  aliases: ['R050'],
  level: 'warning',
  summary: 'Queues whose affinity mask holds no CPU that an interrupt can ever be sent to.',
  explain: [
    'Drivers that use managed interrupts spread their queues over all possible CPUs when the device is set up. A queue whose CPUs all stay offline is created, gets a vector reserved on each of them, and is never started: its interrupt points at the shutdown vector 0xef of an online CPU and stays masked.',
    'The queue costs memory and vectors and serves nobody. While all its CPUs are offline no I/O is sent to it, so nothing hangs with an unmodified kernel; effective_affinity shows an online CPU all the same.',
    "Check: /proc/irq/N/smp_affinity_list holds only CPUs that are not online, and the queue's count in /proc/interrupts stays 0.",
    'Change: make the CPUs reachable, or keep them from being possible with nr_cpus= or a lower CPU maximum of the guest.',
  ],
  messages: [],
  check(facts) {
    const devices = facts.run.devices.filter((device) => neverStarting(facts, device).length > 0);
    if (devices.length === 0) return [];
    const queues = devices.flatMap((device) => neverStarting(facts, device));
    const cpus = cpusOf(facts, queues);
    return [
      {
        message: `${count(queues.length, 'queue')} of ${total(devices, (d) => d.queues.length)} on ${deviceNames(devices)} ${fateOf(queues)}: ${queues.length === 1 ? 'its' : 'their'} ${cpuNames(cpus)} ${cpus.weight() === 1 ? 'is' : 'are all'} unreachable`,
        cause: [
          'managed queues are spread over all possible CPUs, reachable or not (group_cpus_evenly)',
          aboveLimit(facts, devices[0], cpus),
        ],
        cpus,
        devices,
        path: devices[0].path,
      },
    ];
  },
};
