/**
 * cpu_to_node() as the kernel has it when it spreads interrupts. Mirrors numa_init_array() and
 * init_cpu_to_node() of arch/x86/mm/numa.c, which firmware's table overrides for present CPUs only.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Enumeration } from './enumerate.ts';

export interface SpreadNodes {
  /** Possible CPUs of each node; index = node number, empty for a node without CPUs. */
  readonly nodes: readonly CpuMask[];
  /** Node of each CPU number. */
  readonly cpuToNode: Int32Array;
}

/** The highest node that any CPU may come to be on (nr_node_ids - 1): firmware names it, or an event plugs one there. */
function highestNode({ cpus, memoryNodes, events }: Machine): number {
  const known = cpus.reduce((highest, { node }) => Math.max(highest, node), memoryNodes.at(-1) ?? 0);
  return events.reduce(
    (highest, event) => (event.kind === 'plug' ? Math.max(highest, event.node ?? 0) : highest),
    known,
  );
}

/**
 * A CPU that was plugged at some time is on firmware's node. Any other keeps the node it was dealt at boot:
 * CPU c goes to the (c mod n)-th of the n online nodes. A node is online if firmware names it for any CPU, or for
 * memory; not for an event that plugs a CPU there later (docs/model/enumeration.md#numa-nodes-of-absent-cpus).
 */
export function spreadNodes(machine: Machine, enumeration: Enumeration): SpreadNodes {
  const named = new Set(machine.memoryNodes);
  for (const { node } of machine.cpus) named.add(node);
  const online = [...named].sort((a, b) => a - b);
  const cpuToNode = new Int32Array(enumeration.nrCpuIds);
  let highest = highestNode(machine);
  for (const { cpu, node } of enumeration.cpus) {
    cpuToNode[cpu] = enumeration.everPresent.test(cpu) ? node : online[cpu % online.length];
    highest = Math.max(highest, cpuToNode[cpu]);
  }
  const nodes: CpuMask[] = [];
  for (let node = 0; node <= highest; node++) nodes.push(new CpuMask(enumeration.nrCpuIds));
  for (let cpu = 0; cpu < cpuToNode.length; cpu++) nodes[cpuToNode[cpu]].set(cpu);
  return { nodes, cpuToNode };
}
