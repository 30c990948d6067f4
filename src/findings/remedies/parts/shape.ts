/** Topologies as numbers: which ones leave no holes in the APIC IDs, and how far they are from the old one. */

import type { TopologyIntent } from '../../../formats/intent.ts';
import { EXT_DEST_MAX_ID, MSI_MAX_ID, XAPIC_MAX_ID } from '../../../machine/apic-ids.ts';
import type { Machine } from '../../../machine/machine.ts';
import { apicIdOf, type CpuTopology, cpuCount } from '../../../machine/topology.ts';
import type { Description } from './assignments.ts';

/** The topology of a description with its counts, or null where CPUs are listed one by one. */
export function topologyOf({ topology }: Description, { cpus }: Machine): TopologyIntent | null {
  if (typeof topology !== 'object' || topology === null) return null;
  const written = topology as Readonly<Partial<Record<string, unknown>>>;
  const part = (key: string) => (typeof written[key] === 'number' ? (written[key] as number) : 1);
  return {
    sockets: part('sockets'),
    dies: part('dies'),
    modules: part('modules'),
    cores: part('cores'),
    threads: part('threads'),
    max: cpus.length,
    present: cpus.filter(({ state }) => state !== 'absent').length,
  };
}

/** NUMA nodes that the sockets of a description are dealt to. */
export function nodesOf({ topology }: Description): number {
  const nodes = (topology as { nodes?: unknown } | null | undefined)?.nodes;
  return typeof nodes === 'number' ? nodes : 1;
}

/** The highest APIC ID that a topology should have: what interrupts reach without help. */
export function reachLimit(limit: number): number {
  if (limit >= EXT_DEST_MAX_ID) return limit > EXT_DEST_MAX_ID ? MSI_MAX_ID : EXT_DEST_MAX_ID;
  return limit === XAPIC_MAX_ID ? XAPIC_MAX_ID : MSI_MAX_ID;
}

export function lastApicId(topology: CpuTopology, max = cpuCount(topology)): number {
  return apicIdOf(max - 1, topology);
}

const isPower = (n: number): boolean => Number.isInteger(Math.log2(n));

/** CPUs in one socket. */
export function socketSize({ dies, modules, cores, threads }: CpuTopology): number {
  return dies * modules * cores * threads;
}

/** How far one shape of a socket is from another: doublings of its cores, then of its threads. */
function distance(before: CpuTopology, after: CpuTopology): number {
  const cores = (shape: CpuTopology) => shape.dies * shape.modules * shape.cores;
  return (
    Math.abs(Math.log2(cores(after) / cores(before))) +
    2 * Math.abs(Math.log2(after.threads / before.threads))
  );
}

/**
 * Sockets of powers of two with `max` CPUs in all: their APIC IDs are the CPU indexes, without a hole. Those
 * nearest to the old socket come first; sockets can be dealt to `nodes` in equal blocks.
 */
export function withoutHoles(before: CpuTopology, max: number, nodes: number): readonly CpuTopology[] {
  const threads = [...new Set([before.threads, 2, 1])].filter(isPower);
  const found: CpuTopology[] = [];
  for (const each of threads) {
    for (let cores = 1; cores * each <= max; cores *= 2) {
      const sockets = max / (cores * each);
      if (!Number.isInteger(sockets) || sockets % nodes !== 0) continue;
      found.push({ sockets, dies: 1, modules: 1, cores, threads: each });
    }
  }
  return found.sort((a, b) => distance(before, a) - distance(before, b) || b.cores - a.cores);
}

/** The largest power of two that is not above `n`. */
export function powerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n));
}
