/** I/O that goes nowhere, and CPUs that have no queue: what policies cost. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { Run } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** Online CPUs whose I/O on some device hangs at the end. */
export function hangingCpus({ hangs, online }: Run): CpuMask {
  const cpus = new CpuMask(online.nbits);
  for (const hang of hangs) if (hang.until === null) cpus.orWith(hang.cpus);
  return cpus.andWith(online);
}

/**
 * CPUs that were not plugged when the devices were set up, may be reached and are in no mask of some managed device:
 * hot-plug slots, and CPUs that were plugged since.
 */
export function slotsWithoutQueue({ enumeration, domains, run }: Simulation): CpuMask {
  const managed = run.devices.filter((device) => device.queues.some((queue) => queue.managed));
  const lost = new CpuMask(enumeration.nrCpuIds);
  if (managed.length === 0) return lost;
  const [{ unreachable }] = domains;
  const atSetUp = run.timeline?.boot.present ?? run.present;
  const later = CpuMask.andNot(enumeration.possible, atSetUp).andNotWith(unreachable);
  for (const device of managed) {
    const served = new CpuMask(enumeration.nrCpuIds);
    for (const queue of device.queues) served.orWith(queue.affinity);
    lost.orWith(CpuMask.andNot(later, served));
  }
  return lost;
}

/** Managed vectors reserved on CPUs that messages cannot address. */
export function wastedVectors({ domains, run }: Simulation): number {
  let sum = 0;
  domains[0].unreachable.forEach((cpu) => {
    sum += run.vectors.perCpu[cpu].managed;
  });
  return sum;
}
