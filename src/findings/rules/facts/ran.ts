/** CPUs that ran: what went astray on one of them is not undone by an event that takes it offline. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { rememberLast } from '../../../lib/remember-last.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { count } from '../rule.ts';

/** CPUs that were online at the end of boot or after some event. */
export const everOnline = rememberLast(({ run }: Simulation): CpuMask => {
  if (run.timeline === null) return run.online;
  const cpus = CpuMask.or(run.online, run.timeline.boot.online);
  for (const { changed } of run.events) for (const cpu of changed.cpus.online) cpus.set(cpu);
  return cpus;
});

/** "3 online CPUs", or "3 CPUs that were online" where not all of them are any more. */
export function ranText({ run }: Simulation, cpus: CpuMask): string {
  const n = cpus.weight();
  if (cpus.isSubsetOf(run.online)) return count(n, 'online CPU');
  return `${count(n, 'CPU')} that ${n === 1 ? 'was' : 'were'} online`;
}
