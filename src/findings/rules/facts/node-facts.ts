/** Which NUMA nodes have CPUs but none that is online and reachable. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** Node → its possible CPUs, for nodes with CPUs of which none can take a device interrupt. */
export function nodesWithoutUsableCpus({
  enumeration,
  domains,
  run,
}: Simulation): ReadonlyMap<number, CpuMask> {
  const usable = CpuMask.and(run.online, domains[0].reachable);
  const nodes = new Map<number, CpuMask>();
  for (const { cpu, node } of enumeration.cpus) {
    if (node < 0) continue;
    const cpus = nodes.get(node) ?? new CpuMask(enumeration.nrCpuIds);
    nodes.set(node, cpus.set(cpu));
  }
  for (const [node, cpus] of nodes) if (cpus.intersects(usable)) nodes.delete(node);
  return nodes;
}
