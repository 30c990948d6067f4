/**
 * APIC IDs from a package / die / module / core / thread topology: each level gets a bit field just wide
 * enough for its count, so IDs are sparse where a count is not a power of two.
 * Proved against MADTs read back from QEMU guests (test/golden/apicids.json.gz).
 */

/** Counts per parent: `dies` in a socket, `modules` in a die, and so on. All are 1 or more. */
export interface CpuTopology {
  readonly sockets: number;
  readonly dies: number;
  readonly modules: number;
  readonly cores: number;
  readonly threads: number;
}

/** Bits needed to tell `count` values apart: ceil(log2(count)). */
export function fieldWidth(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/** Levels of a topology, from the inside. */
export const LEVELS = ['thread', 'core', 'module', 'die', 'socket'] as const;
export type Level = (typeof LEVELS)[number];

/** Bits of the APIC ID below a level: CPUs of one unit of the level agree above them. */
export function levelShift({ threads, cores, modules, dies }: CpuTopology, level: Level): number {
  const widths = [threads, cores, modules, dies].map(fieldWidth);
  return widths.slice(0, LEVELS.indexOf(level)).reduce((sum, width) => sum + width, 0);
}

/** CPUs in all. */
export function cpuCount(topology: CpuTopology): number {
  const { sockets, dies, modules, cores, threads } = topology;
  return sockets * dies * modules * cores * threads;
}

/** APIC ID of CPU index `index` (firmware order); may exceed 32 bits for absurd topologies. */
export function apicIdOf(index: number, topology: CpuTopology): number {
  let rest = index;
  let scale = 1;
  let apicId = 0;
  // Arithmetic instead of shifts: a shift would wrap at 32 bits and hide an ID that is too large.
  for (const count of [topology.threads, topology.cores, topology.modules, topology.dies]) {
    apicId += (rest % count) * scale;
    rest = Math.floor(rest / count);
    scale *= 2 ** fieldWidth(count);
  }
  return apicId + rest * scale;
}

/** {@link apicIdOf} of the first `count` CPU indexes. */
export function apicIdsOf(count: number, topology: CpuTopology): number[] {
  const ids: number[] = [];
  // The innermost level counts up without gaps; whatever is above it changes with its first only.
  for (let index = 0; index < count; index++) {
    const thread = index % topology.threads;
    ids.push(thread === 0 ? apicIdOf(index, topology) : ids[index - 1] + 1);
  }
  return ids;
}

/** Socket of CPU index `index`. */
export function socketOf(index: number, topology: CpuTopology): number {
  return Math.floor((index * topology.sockets) / cpuCount(topology));
}

/**
 * NUMA node of a socket when sockets are dealt to nodes in equal blocks, in order: 4 sockets on 2 nodes
 * are 0,0,1,1. If they do not divide evenly, blocks differ by one socket: 3 on 2 are 0,0,1.
 */
export function nodeOfSocket(socket: number, sockets: number, nodes: number): number {
  return Math.floor((socket * nodes) / sockets);
}

/** "4 x 48 x 2" (sockets, cores, threads); with dies or modules these stand in between. */
export function shapeText(topology: CpuTopology): string {
  const { sockets, dies, modules, cores, threads } = topology;
  const middle = modules > 1 ? [dies, modules] : dies > 1 ? [dies] : [];
  return [sockets, ...middle, cores, threads].join(' x ');
}
