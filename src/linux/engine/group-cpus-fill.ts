/**
 * The inner steps of spreading that all its rules share. Mirrors grp_spread_init_one() and
 * assign_cpus_to_groups() of lib/group_cpus.c.
 */
import type { SortVariant } from '../../lib/sort.ts';
import type { Kernel } from '../../machine/kernel.ts';
import type { SpreadLayout } from './spread-cpus.ts';

/** One spread in progress. */
export interface Spreading {
  readonly layout: SpreadLayout;
  readonly numgrps: number;
  /** CPU → group, -1 none. The result. */
  readonly groupOf: Int32Array;
  /** CPU → token of the list it waits in to be picked, 0 none. */
  readonly waitingIn: Int32Array;
  /** Scratch, cluster id → index within a node, all -1 between uses; null: the kernel ignores clusters. */
  readonly clusterIndex: Int32Array | null;
  readonly sortVariant: SortVariant;
  readonly byRatio: boolean;
  readonly wholeNodes: boolean;
}

/** Ascending CPUs `cpus[from]` to `cpus[to - 1]`, at least one. */
export interface CpuList {
  readonly cpus: Int32Array;
  readonly from: number;
  readonly to: number;
}

export function newSpreading(kernel: Kernel, layout: SpreadLayout, numgrps: number): Spreading {
  const { nrCpuIds } = layout;
  return {
    layout,
    numgrps,
    groupOf: new Int32Array(nrCpuIds).fill(-1),
    waitingIn: new Int32Array(nrCpuIds),
    clusterIndex: kernel.has('spread-clusters') ? new Int32Array(nrCpuIds).fill(-1) : null,
    sortVariant: kernel.has('sort-two-at-a-time') ? 'two-at-a-time' : 'one-at-a-time',
    byRatio: kernel.has('spread-by-ratio'),
    wholeNodes: !kernel.has('spread-node-intersection'),
  };
}

/**
 * Deals `groupCount` groups to entries in proportion to their sizes, at least one each, skipping
 * negative sizes. Sizes ascend and sum to at most `cpuCount`; `groupCount` is at most `cpuCount`. Then no
 * entry gets more groups than CPUs, as the kernel's proof above alloc_nodes_groups() shows.
 */
export function shareGroups(sizes: Int32Array, cpuCount: number, groupCount: number): Int32Array {
  let cpusLeft = cpuCount;
  let groupsLeft = groupCount;
  return sizes.map((size) => {
    if (size < 0) return 0;
    const share = Math.max(1, Math.floor((groupsLeft * size) / cpusLeft));
    cpusLeft -= size;
    groupsLeft -= share;
    return share;
  });
}

/**
 * Spreads a list over `share` groups from `start` on, wrapping at numgrps; the first groups take the
 * CPUs left over by the division. Returns the group after the last, not wrapped.
 */
export function fillGroups(spreading: Spreading, list: CpuList, share: number, start: number): number {
  const { numgrps, groupOf, waitingIn } = spreading;
  const { nextSibling } = spreading.layout;
  const { cpus, from, to } = list;
  const token = cpus[from] + 1; // lists are disjoint, so their first CPU tells them apart
  for (let at = from; at < to; at++) waitingIn[cpus[at]] = token;

  const smaller = Math.floor((to - from) / share);
  const largerCount = (to - from) % share;
  let group = start;
  let at = from;
  for (let i = 0; i < share; i++) {
    if (group >= numgrps) group = 0;
    let wanted = i < largerCount ? smaller + 1 : smaller;
    while (wanted > 0) {
      while (at < to && waitingIn[cpus[at]] !== token) at++;
      if (at === to) break;
      // The lowest CPU left, then its siblings as long as they are wanted.
      for (let cpu = cpus[at]; cpu >= 0 && wanted > 0; cpu = nextSibling[cpu]) {
        if (waitingIn[cpu] !== token) continue;
        waitingIn[cpu] = 0;
        groupOf[cpu] = group;
        wanted--;
      }
    }
    group++;
  }
  return group;
}
