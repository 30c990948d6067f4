/**
 * Spreads CPUs evenly over groups, close CPUs together. Mirrors lib/group_cpus.c (6.12; before 6.3 the
 * same code was in kernel/irq/affinity.c). Differences across kernels: `spread-*` and `sort-*` in
 * machine/behaviours.ts.
 *
 * Groups are kept as CPU → group, not as one bitmap a group: a CPU is in one group, except where an
 * old kernel puts whole nodes into groups, once for each of the two stages.
 */
import { kernelSort } from '../../lib/sort.ts';
import type { Kernel } from '../../machine/kernel.ts';
import { spreadClusters } from './group-cpus-clusters.ts';
import { fillGroups, newSpreading, type Spreading, shareGroups } from './group-cpus-fill.ts';
import { spreadOverNodesLegacy } from './group-cpus-legacy.ts';
import type { SpreadLayout, Stage } from './spread-cpus.ts';

/** The CPUs of each group, ascending: those of group g are `cpus[offsets[g]]` to `cpus[offsets[g + 1] - 1]`. */
export interface CpuGroups {
  /** One longer than the number of groups. */
  readonly offsets: Int32Array;
  readonly cpus: Int32Array;
  /** How many groups the kernel counts as filled; below the number asked for: the rest is empty. */
  readonly filled: number;
}

/**
 * Mirrors group_cpus_evenly(): the present CPUs are spread first, then the other possible ones, which
 * start where the first stage ended if it left groups empty. `numgrps` is at least 1.
 * Returns null where the kernel divides by zero (before 5.4).
 */
export function groupCpusEvenly(kernel: Kernel, layout: SpreadLayout, numgrps: number): CpuGroups | null {
  const [presentStage, otherStage] = layout.stages;
  const first = newSpreading(kernel, layout, numgrps);
  const grpsPresent = groupStage(first, presentStage, 0);
  if (grpsPresent === null) return null;
  // Whole nodes in both stages can put one CPU into two groups: the second stage needs its own map.
  const second = first.wholeNodes && otherStage.weight > 0 ? newSpreading(kernel, layout, numgrps) : first;
  const grpsOther = groupStage(second, otherStage, grpsPresent >= numgrps ? 0 : grpsPresent);
  if (grpsOther === null) return null;
  const filled = Math.min(grpsPresent + grpsOther, numgrps);
  const { offsets, cpus } = listGroups(first.groupOf, second.groupOf, numgrps);
  return { offsets, cpus, filled };
}

/** Mirrors __group_cpus_evenly(): one stage, from group `start`. Returns the groups filled, null for div0. */
function groupStage(spreading: Spreading, stage: Stage, start: number): number | null {
  if (stage.weight === 0) return 0;
  if (spreading.numgrps <= stage.nodes.length) return groupByNode(spreading, stage, start);
  if (!spreading.byRatio) return spreadOverNodesLegacy(spreading, stage, start);
  return spreadOverNodes(spreading, stage, start);
}

/** No more groups than nodes: each node goes into one group as it is. */
function groupByNode(spreading: Spreading, stage: Stage, start: number): number {
  const { groupOf, numgrps } = spreading;
  // Before commit 08d835dff916 the group took the CPUs that are not in the stage too.
  const taken = spreading.wholeNodes ? spreading.layout.stages : [stage];
  let group = start;
  for (const node of stage.nodes) {
    for (const { cpus, nodeStart } of taken) {
      for (let at = nodeStart[node]; at < nodeStart[node + 1]; at++) groupOf[cpus[at]] = group;
    }
    if (++group === numgrps) group = 0;
  }
  return numgrps;
}

/** Mirrors alloc_nodes_groups() and the loop after it: nodes get groups in proportion to their CPUs. */
function spreadOverNodes(spreading: Spreading, stage: Stage, start: number): number {
  const { nodeStart, cpus } = stage;
  const nodeIds = Int32Array.from({ length: nodeStart.length - 1 }, (_, node) => node);
  // Nodes without CPUs here sort first, and so decide which of the equal ones come early.
  const keys = nodeIds.map((node) => nodeStart[node + 1] - nodeStart[node] || -1);
  kernelSort(keys, nodeIds, spreading.sortVariant);
  const shares = shareGroups(keys, stage.weight, Math.min(stage.weight, spreading.numgrps));

  let group = start;
  let done = 0;
  for (let i = 0; i < nodeIds.length; i++) {
    if (keys[i] < 0) continue;
    const list = { cpus, from: nodeStart[nodeIds[i]], to: nodeStart[nodeIds[i] + 1] };
    const next = spreading.clusterIndex === null ? -1 : spreadClusters(spreading, list, shares[i], group);
    group = next >= 0 ? next : fillGroups(spreading, list, shares[i], group);
    done += shares[i];
  }
  return done;
}

/** Turns CPU → group (one map, or one a stage) into the CPUs of each group. */
function listGroups(
  groupOf: Int32Array,
  otherGroupOf: Int32Array,
  numgrps: number,
): { offsets: Int32Array; cpus: Int32Array } {
  const twoMaps = otherGroupOf !== groupOf;
  const inOther = (cpu: number): boolean => otherGroupOf[cpu] >= 0 && otherGroupOf[cpu] !== groupOf[cpu];
  // Counting sort: offsets[g + 1] is first the size of g, then the place of its next CPU, then its end.
  const offsets = new Int32Array(numgrps + 2);
  for (let cpu = 0; cpu < groupOf.length; cpu++) {
    if (groupOf[cpu] >= 0) offsets[groupOf[cpu] + 2]++;
    if (twoMaps && inOther(cpu)) offsets[otherGroupOf[cpu] + 2]++;
  }
  for (let group = 0; group < numgrps; group++) offsets[group + 2] += offsets[group + 1];
  const cpus = new Int32Array(offsets[numgrps + 1]);
  for (let cpu = 0; cpu < groupOf.length; cpu++) {
    if (groupOf[cpu] >= 0) cpus[offsets[groupOf[cpu] + 1]++] = cpu;
    if (twoMaps && inOther(cpu)) cpus[offsets[otherGroupOf[cpu] + 1]++] = cpu;
  }
  return { offsets: offsets.subarray(0, numgrps + 1), cpus };
}
