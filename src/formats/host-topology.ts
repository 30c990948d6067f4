/** Guests that get the sockets, cores and threads of host CPUs that their configuration names and does not describe. */
import { apicIdOf } from '../machine/topology.ts';

/** The highest APIC ID that `cpus` CPUs have in any topology: every way to write them as sockets × cores × threads. */
export function highestApicIdOfAny(cpus: number): number {
  let highest = 0;
  for (const sockets of divisors(cpus)) {
    for (const cores of divisors(cpus / sockets)) {
      const threads = cpus / sockets / cores;
      highest = Math.max(highest, apicIdOf(cpus - 1, { sockets, dies: 1, modules: 1, cores, threads }));
    }
  }
  return highest;
}

function divisors(count: number): number[] {
  const found: number[] = [];
  for (let divisor = 1; divisor <= count; divisor++) if (count % divisor === 0) found.push(divisor);
  return found;
}
