/** I/O that goes nowhere, and CPUs that have no queue: what policies cost. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { Run } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { domainOf } from './queue-facts.ts';

/** Online CPUs whose I/O on some device hangs at the end. */
export function hangingCpus({ hangs, online }: Run): CpuMask {
  const cpus = new CpuMask(online.nbits);
  for (const hang of hangs) if (hang.until === null) cpus.orWith(hang.cpus);
  return cpus.andWith(online);
}

/**
 * The most online CPUs that one queue serves, by its interrupt's mask and by redirection; 0: no queue works. Queues of
 * a device only: that many CPUs wait for each other there.
 */
export function sharedAtWorst({ devices, online }: Run): number {
  let most = 0;
  for (const { queues } of devices) {
    const users = new Map<number, number>();
    for (const { index, affinity, state, redirectedTo } of queues) {
      const target = redirectedTo ?? (state === 'started' ? index : undefined);
      if (target === undefined) continue;
      const count = (users.get(target) ?? 0) + CpuMask.and(affinity, online).weight();
      users.set(target, count);
      most = Math.max(most, count);
    }
  }
  return most;
}

/**
 * CPUs that were not plugged when the devices were set up, may be reached and are in no mask of some managed device:
 * hot-plug slots, and CPUs that were plugged since.
 */
export function slotsWithoutQueue(facts: Simulation): CpuMask {
  const { enumeration, run } = facts;
  const managed = run.devices.filter((device) => device.queues.some((queue) => queue.managed));
  const lost = new CpuMask(enumeration.nrCpuIds);
  if (managed.length === 0) return lost;
  const atSetUp = run.timeline?.boot.present ?? run.present;
  const later = CpuMask.andNot(enumeration.possible, atSetUp);
  for (const device of managed) {
    const served = new CpuMask(enumeration.nrCpuIds);
    for (const queue of device.queues) served.orWith(queue.affinity);
    lost.orWith(CpuMask.andNot(later, served).andNotWith(domainOf(facts, device).unreachable));
  }
  return lost;
}
