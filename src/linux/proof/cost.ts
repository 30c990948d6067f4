/** What looking at a machine takes from the budget of a search, which is counted in offlines of a small one. */
import type { Subject } from './subject.ts';

/** A small machine that is booted, and goes through some events. */
const SMALL = 20;
/** CPUs that a small machine has at most, so many queues being as much as one; what has more takes as much longer. */
const CPUS = 64;
const QUEUES = 8;

/** What a simulation of the subject takes from the budget: a search then takes as long on machines of all sizes. */
export function simulationCost({ facts: { enumeration, run } }: Subject): number {
  const queues = run.devices.reduce((sum, device) => sum + device.queues.length, 0);
  return SMALL * Math.max(1, (enumeration.nrCpuIds + queues / QUEUES) / CPUS);
}
