/** Queues whose I/O would hang if CPUs that can go offline went: what makes P2, P3 and P4 unsafe. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { mappedByQueue } from '../../../linux/sim/queue-map.ts';
import type { DeviceRun, QueueRow } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { cpuNames, deviceNames, usableBy } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

/** x86 machines do not let it go. */
const BOOT_CPU = 0;

interface Danger {
  readonly device: DeviceRun;
  readonly queue: QueueRow;
  /** Online CPUs that send it requests and cannot take its interrupt. */
  readonly caught: CpuMask;
  /** The CPUs that its interrupt can be on now. */
  readonly served: CpuMask;
}

/** The queue works, for CPUs too that cannot keep it working, and all that can may go offline. */
function dangersOf(facts: Simulation, device: DeviceRun): Danger[] {
  const { run } = facts;
  const usable = usableBy(facts, device);
  const mapped = mappedByQueue(device.maps);
  return device.queues.flatMap((queue) => {
    const cpus = mapped[queue.index];
    if (cpus === undefined || queue.state !== 'started' || queue.lost !== undefined) return [];
    const served = CpuMask.and(queue.affinity, usable);
    if (served.isEmpty() || served.test(BOOT_CPU)) return [];
    const caught = CpuMask.and(cpus, run.online).andNotWith(served);
    return caught.isEmpty() ? [] : [{ device, queue, caught, served }];
  });
}

export const policyIoMayHang: Rule = {
  name: 'policy-io-may-hang',
  aliases: [],
  level: 'warning',
  summary: 'Under this policy I/O of an online CPU hangs as soon as some other CPU goes offline.',
  explain: [
    'A managed interrupt is shut down with the last CPU of its mask that is online and reachable. The block layer drains its queue only if no online CPU maps to it. Where a CPU that cannot take the interrupt maps to the queue, because it is unreachable or because it is in no mask and stays with hardware queue 0, its requests are never completed from then on.',
    'No such CPU is online under mainline. This is why, in the LKML discussion of October 2020, Thomas Gleixner asked multi-queue drivers to redirect requests before the interrupt goes.',
    'Check: /sys/block/DISK/mq/N/cpu_list against /proc/irq/N/smp_affinity_list.',
    'Change: the policy redirect; or leave the CPUs named online.',
  ],
  messages: [],
  check(facts) {
    const { policy, run, enumeration } = facts;
    if (!policy.onlinesUnreachable || policy.redirects) return [];
    const dangers = run.devices.flatMap((device) => dangersOf(facts, device));
    if (dangers.length === 0) return [];
    const devices = [...new Set(dangers.map(({ device }) => device))];
    const cpus = new CpuMask(enumeration.nrCpuIds);
    for (const { caught } of dangers) cpus.orWith(caught);
    const [{ device, queue, caught, served }] = dangers;
    const inMask = caught.intersects(queue.affinity);
    return [
      {
        message: `I/O of ${cpuNames(cpus)} on ${deviceNames(devices)} hangs if CPUs go offline: ${cpuNames(caught)} ${caught.weight() === 1 ? 'uses' : 'use'} queue ${queue.index} of ${device.name}, whose interrupt only ${cpuNames(served)} can take`,
        cause: [
          inMask
            ? `${cpuNames(CpuMask.and(caught, queue.affinity))} of the mask ${queue.affinity} cannot be addressed`
            : `${cpuNames(caught)} ${caught.weight() === 1 ? 'is' : 'are'} in no mask of ${device.name}, and ${caught.weight() === 1 ? 'stays' : 'stay'} with queue 0`,
          'the block layer drains a queue only if no online CPU maps to it',
          ...(dangers.length > 1 ? [`${count(dangers.length - 1, 'other queue')} likewise`] : []),
        ],
        fix: [`leave ${cpuNames(served)} online`],
        cpus,
        devices,
        path: ['policy'],
      },
    ];
  },
};
