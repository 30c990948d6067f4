/** Which queues are dead for want of a CPU, and which CPUs are usable: shared by the queue rules. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import { rememberLast } from '../../../lib/remember-last.ts';
import type { DomainReach } from '../../../linux/model/reach.ts';
import type { DeviceRun, QueueRow } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** The domain that a device hangs on; pci-msi where the kernel panics before there is one. */
export function domainOf({ domains }: Simulation, device: DeviceRun): DomainReach {
  return domains.find(({ name }) => name === device.domain) ?? domains[0];
}

const NONE: readonly QueueRow[] = [];
/** What several rules ask of each device; an analysis works it out once. */
const stoppedIn = rememberLast((_: Simulation) => new Map<DeviceRun, readonly QueueRow[]>());

/** The CPUs that are online and that messages of the device can address. */
export function usableBy(facts: Simulation, device: DeviceRun): CpuMask {
  return CpuMask.and(facts.run.online, domainOf(facts, device).reachable);
}

/** Queues that exist but none of whose CPUs an interrupt can ever be sent to. */
export function neverStarting(facts: Simulation, device: DeviceRun): readonly QueueRow[] {
  if (device.tally.states.shutdown === 0) return NONE;
  const known = stoppedIn(facts);
  let queues = known.get(device);
  if (queues === undefined) {
    queues = stoppedForGood(facts, device);
    known.set(device, queues);
  }
  return queues;
}

function stoppedForGood(facts: Simulation, device: DeviceRun): readonly QueueRow[] {
  const { unreachable } = domainOf(facts, device);
  if (unreachable.isEmpty()) return NONE;
  return device.queues.filter(
    // A policy that redirects gives the queue's requests to another one.
    ({ state, affinity, redirectedTo }) =>
      state === 'shutdown' &&
      redirectedTo === undefined &&
      !affinity.isEmpty() &&
      affinity.isSubsetOf(unreachable),
  );
}

/** Stopped queues that start by themselves: a CPU of their mask can come online, but none has. */
export function waitingQueues(facts: Simulation, device: DeviceRun): readonly QueueRow[] {
  if (device.tally.states.shutdown === 0) return [];
  const { reachable } = domainOf(facts, device);
  return device.queues.filter(
    (queue) => queue.state === 'shutdown' && queue.health !== 'dead' && queue.affinity.intersects(reachable),
  );
}

/** All CPUs of these queues. */
export function cpusOf(facts: Simulation, queues: readonly QueueRow[]): CpuMask {
  const cpus = new CpuMask(facts.enumeration.nrCpuIds);
  // Queues of like devices share their masks.
  for (const mask of new Set(queues.map(({ affinity }) => affinity))) cpus.orWith(mask);
  return cpus;
}

/** "nvme0, nvme1 and 6 more". */
export function deviceNames(devices: readonly DeviceRun[]): string {
  const names = devices.map((device) => device.name);
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

/** "CPU 3" or "CPUs 0-3,8", shortened to a few ranges. */
export function cpuNames(cpus: CpuMask): string {
  return `CPU${cpus.weight() === 1 ? '' : 's'} ${shortenList(cpus.toString())}`;
}

/** Sum over devices. */
export function total(devices: readonly DeviceRun[], of: (device: DeviceRun) => number): number {
  return devices.reduce((sum, device) => sum + of(device), 0);
}
