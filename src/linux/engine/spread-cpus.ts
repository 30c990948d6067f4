/**
 * What interrupt spreading sees of the CPUs, and the same laid out for linear walks: the CPUs of each
 * spreading stage sorted by node, and siblings as ascending chains. The kernel's counterpart are the masks that lib/group_cpus.c is given.
 */
import { type CpuMask, lowestBit } from '../../lib/cpumask.ts';

/** The CPUs as spreading sees them. All masks have `nbits` = `nrCpuIds`, all arrays that length. */
export interface SpreadCpus {
  /** Highest possible CPU + 1. */
  readonly nrCpuIds: number;
  readonly possible: CpuMask;
  /** Subset of `possible`. */
  readonly present: CpuMask;
  /** Node id → its possible CPUs; disjoint. As long as nr_node_ids: empty nodes count in the sort. */
  readonly nodes: readonly CpuMask[];
  /** CPU → id of its SMT sibling group, any number below `nrCpuIds` (such as its lowest CPU); -1: no map (never booted). */
  readonly siblings: Int32Array;
  /** CPU → id of its L2 cluster, numbered like `siblings`; -1: empty map. Only 7.0 and later look at it. */
  readonly clusters: Int32Array;
  /** irq_default_affinity. */
  readonly defaultAffinity: CpuMask;
}

/** The CPUs of one spreading stage, sorted by node, then by number. */
export interface Stage {
  /** Size of the stage's set. */
  readonly weight: number;
  /** `cpus[nodeStart[n]]` to `cpus[nodeStart[n + 1] - 1]` are those of node n. */
  readonly nodeStart: Int32Array;
  readonly cpus: Int32Array;
  /** Ids of the nodes that have CPUs in the stage, ascending. */
  readonly nodes: readonly number[];
}

/** {@link SpreadCpus} laid out once for any number of spreads. */
export interface SpreadLayout {
  readonly nrCpuIds: number;
  /** First the present CPUs, then the other possible ones. */
  readonly stages: readonly [Stage, Stage];
  /** CPU → next higher CPU of its sibling group, or -1. */
  readonly nextSibling: Int32Array;
  readonly clusters: Int32Array;
}

/** Sorts the possible CPUs by stage and node. CPUs of nodes that are not possible are left out. */
export function layoutSpread(cpus: SpreadCpus): SpreadLayout {
  const { nrCpuIds, possible, present } = cpus;
  const presentStage = newStage(cpus, present.weight());
  const otherStage = newStage(cpus, possible.weight() - presentStage.weight);
  for (let node = 0; node < cpus.nodes.length; node++) {
    const { words } = cpus.nodes[node];
    for (let w = 0; w < words.length; w++) {
      if (words[w] === 0) continue;
      const wanted = words[w] & possible.words[w];
      addWord(presentStage, wanted & present.words[w], w);
      addWord(otherStage, wanted & ~present.words[w], w);
    }
    endNode(presentStage, node);
    endNode(otherStage, node);
  }
  return {
    nrCpuIds,
    stages: [presentStage, otherStage],
    nextSibling: siblingChains(cpus.siblings),
    clusters: cpus.clusters,
  };
}

interface GrowingStage extends Stage {
  readonly nodes: number[];
  filled: number;
}

function newStage(cpus: SpreadCpus, weight: number): GrowingStage {
  const nodeStart = new Int32Array(cpus.nodes.length + 1);
  return { weight, nodeStart, cpus: new Int32Array(weight), nodes: [], filled: 0 };
}

function addWord(stage: GrowingStage, bits: number, wordIndex: number): void {
  const { cpus } = stage;
  let at = stage.filled;
  for (let word = bits; word !== 0; word &= word - 1) cpus[at++] = (wordIndex << 5) + lowestBit(word);
  stage.filled = at;
}

function endNode(stage: GrowingStage, node: number): void {
  stage.nodeStart[node + 1] = stage.filled;
  if (stage.filled > stage.nodeStart[node]) stage.nodes.push(node);
}

/**
 * CPU → next higher sibling. Whoever follows siblings starts from the lowest CPU still free, so those
 * below it are taken and the way up is enough.
 */
function siblingChains(siblings: Int32Array): Int32Array {
  const next = new Int32Array(siblings.length).fill(-1);
  const lowest = new Int32Array(siblings.length).fill(-1);
  for (let cpu = siblings.length - 1; cpu >= 0; cpu--) {
    const group = siblings[cpu];
    if (group < 0) continue;
    next[cpu] = lowest[group];
    lowest[group] = cpu;
  }
  return next;
}
