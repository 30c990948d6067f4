/**
 * The cluster step of spreading: within a node, CPUs that share an L2 cache stay together if there are
 * groups enough. Mirrors alloc_cluster_groups() of lib/group_cpus.c (7.0).
 */
import { kernelSort } from '../../lib/sort.ts';
import { type CpuList, fillGroups, type Spreading, shareGroups } from './group-cpus-fill.ts';

/**
 * Spreads the CPUs of one node over `share` groups, cluster by cluster in the order of the sort.
 * Returns the group after the last, or -1 with nothing done if the node is to be spread as a whole:
 * a CPU without cluster, or more clusters than groups.
 */
export function spreadClusters(spreading: Spreading, node: CpuList, share: number, start: number): number {
  const sizes = clusterSizes(spreading, node, share);
  if (sizes === null) return -1;
  const { cpus, ends } = sortByCluster(spreading, node, sizes);
  const order = Int32Array.from(sizes, (_, cluster) => cluster);
  const keys = Int32Array.from(sizes);
  kernelSort(keys, order, spreading.sortVariant);
  const shares = shareGroups(keys, node.to - node.from, share);
  let group = start;
  for (let i = 0; i < order.length; i++) {
    const to = ends[order[i]];
    group = fillGroups(spreading, { cpus, from: to - keys[i], to }, shares[i], group);
  }
  return group;
}

/** CPUs of each cluster of the node, clusters in the order of their lowest CPU; null: no clusters here. */
function clusterSizes(spreading: Spreading, node: CpuList, maxClusters: number): number[] | null {
  const { clusters } = spreading.layout;
  const index = spreading.clusterIndex!;
  const sizes: number[] = [];
  let usable = true;
  for (let at = node.from; at < node.to && usable; at++) {
    const cluster = clusters[node.cpus[at]];
    if (cluster < 0) {
      usable = false;
    } else if (index[cluster] >= 0) {
      sizes[index[cluster]]++;
    } else {
      index[cluster] = sizes.length;
      usable = sizes.push(1) <= maxClusters;
    }
  }
  if (!usable) forgetClusters(spreading, node);
  return usable ? sizes : null;
}

/** The node's CPUs sorted by cluster, and where each cluster ends. Clears the scratch index. */
function sortByCluster(
  spreading: Spreading,
  node: CpuList,
  sizes: readonly number[],
): { cpus: Int32Array; ends: Int32Array } {
  const { clusters } = spreading.layout;
  const index = spreading.clusterIndex!;
  const ends = new Int32Array(sizes.length);
  for (let cluster = 1; cluster < sizes.length; cluster++) {
    ends[cluster] = ends[cluster - 1] + sizes[cluster - 1];
  }
  const cpus = new Int32Array(node.to - node.from);
  for (let at = node.from; at < node.to; at++) {
    const cpu = node.cpus[at];
    cpus[ends[index[clusters[cpu]]]++] = cpu;
  }
  forgetClusters(spreading, node);
  return { cpus, ends };
}

/** Another node may hold CPUs of the same cluster: it starts afresh. */
function forgetClusters(spreading: Spreading, node: CpuList): void {
  const { clusters } = spreading.layout;
  const index = spreading.clusterIndex!;
  for (let at = node.from; at < node.to; at++) {
    const cluster = clusters[node.cpus[at]];
    if (cluster >= 0) index[cluster] = -1;
  }
}
