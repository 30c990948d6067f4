/** Which NUMA nodes have CPUs but none that is online and reachable. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { CpuReach } from '../../../linux/model/reach.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** Node → its possible CPUs, for nodes with CPUs of which none can take an interrupt of the domain. */
export function nodesWithoutUsableCpus(
  { enumeration, domains, run }: Simulation,
  { reachable }: CpuReach = domains[0],
): ReadonlyMap<number, CpuMask> {
  const usable = CpuMask.and(run.online, reachable);
  const nodes = new Map<number, CpuMask>();
  for (const { cpu, node } of enumeration.cpus) {
    if (node < 0) continue;
    const cpus = nodes.get(node) ?? new CpuMask(enumeration.nrCpuIds);
    nodes.set(node, cpus.set(cpu));
  }
  for (const [node, cpus] of nodes) if (cpus.intersects(usable)) nodes.delete(node);
  return nodes;
}

/**
 * Looks up a node: undefined if some CPU of it can take a device interrupt, else its possible CPUs, of which there
 * may be none (a node with memory only).
 */
export function remoteNodes(facts: Simulation, reach?: CpuReach): (node: number) => CpuMask | undefined {
  const { cpus, nrCpuIds } = facts.enumeration;
  const unusable = nodesWithoutUsableCpus(facts, reach);
  const withCpus = new Set(cpus.map(({ node }) => node));
  return (node) => unusable.get(node) ?? (withCpus.has(node) ? undefined : new CpuMask(nrCpuIds));
}
