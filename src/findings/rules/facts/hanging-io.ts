/** I/O that goes nowhere, and CPUs that have no queue: what policies cost. */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun, QueueRow, Run } from '../../../linux/sim/run.ts';
import type { Facts } from '../rule.ts';

/** Queues that an online CPU submits to although they are not started and nothing takes their requests. */
export function hangingQueues(device: DeviceRun, online: CpuMask): readonly QueueRow[] {
  return device.queues.filter(
    (queue) =>
      queue.state === 'shutdown' && queue.redirectedTo === undefined && queue.affinity.intersects(online),
  );
}

/** Online CPUs whose I/O on some device hangs. */
export function hangingCpus(run: Run): CpuMask {
  const cpus = new CpuMask(run.online.nbits);
  for (const device of run.devices) {
    for (const queue of hangingQueues(device, run.online)) cpus.orWith(queue.affinity);
  }
  return cpus.andWith(run.online);
}

/** Slots that may be plugged and reached but are in no managed mask, on a machine with managed queues. */
export function slotsWithoutQueue({ enumeration, domains, run }: Facts): CpuMask {
  const managed = run.devices.filter((device) => device.queues.some((queue) => queue.managed));
  const lost = new CpuMask(enumeration.nrCpuIds);
  if (managed.length === 0) return lost;
  const [{ unreachable }] = domains;
  const slots = CpuMask.andNot(enumeration.possible, run.present).andNotWith(unreachable);
  for (const device of managed) {
    const served = new CpuMask(enumeration.nrCpuIds);
    for (const queue of device.queues) served.orWith(queue.affinity);
    lost.orWith(CpuMask.andNot(slots, served));
  }
  return lost;
}

/** Managed vectors reserved on CPUs that messages cannot address. */
export function wastedVectors({ domains, run }: Facts): number {
  let sum = 0;
  domains[0].unreachable.forEach((cpu) => {
    sum += run.vectors.perCpu[cpu].managed;
  });
  return sum;
}
