/**
 * The affinity masks of a device's vectors (docs/model/spreading.md). Mirrors kernel/irq/affinity.c (6.12);
 * differences across kernels: `managed-*`, `calc-sets-callback` and `spread-*` in machine/behaviours.ts.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Kernel } from '../../machine/kernel.ts';
import { type CpuGroups, groupCpusEvenly } from './group-cpus.ts';
import { layoutSpread, type SpreadCpus } from './spread-cpus.ts';

/** More sets than this are refused with a warning. */
export const IRQ_AFFINITY_MAX_SETS = 4;

/** What a driver asks of the spreading (struct irq_affinity). */
export interface AffinityDescriptor {
  /** Vectors before and after the spread ones, which get the default affinity. */
  readonly pre: number;
  readonly post: number;
  /** Sizes of the sets that `affvecs` vectors are split into; absent: one set of all. */
  readonly calcSets?: (affvecs: number) => readonly number[];
}

/** The masks of `nvecs` vectors. Vectors outside `spread` all have the default affinity. */
export interface AffinityMasks {
  readonly kind: 'masks';
  readonly nvecs: number;
  /** Half-open range of vectors with a mask of their own (perhaps an empty one). */
  readonly spread: readonly [from: number, to: number];
  /** CPUs of vector `spread[0] + i`, ascending: `cpus[offsets[i]]` to `cpus[offsets[i + 1] - 1]`. */
  readonly offsets: Int32Array;
  readonly cpus: Int32Array;
  readonly defaultAffinity: CpuMask;
  /** Half-open range of vectors that are managed. */
  readonly managed: readonly [from: number, to: number];
  readonly setSizes: readonly number[];
  /** A WARN_ON fired. */
  readonly warn: boolean;
}

/**
 * masks; or none: the kernel returned NULL, the vectors go without affinity descriptors; or crash: it
 * divided by zero (before 5.4).
 */
export type AffinityResult =
  | AffinityMasks
  | { readonly kind: 'none'; readonly setSizes: readonly number[]; readonly warn: boolean }
  | { readonly kind: 'crash'; readonly crash: 'div0' };

/**
 * How many vectors a driver can use: mirrors irq_calc_affinity_vectors(). 0 if `minvec` does not even
 * hold the pre and post vectors. With set callback the count is not limited by the possible CPUs.
 */
export function irqCalcAffinityVectors(
  kernel: Kernel,
  possibleCount: number,
  minvec: number,
  maxvec: number,
  affd: AffinityDescriptor,
): number {
  const resv = affd.pre + affd.post;
  if (resv > minvec) return 0;
  return resv + Math.min(usefulVectors(kernel, possibleCount, maxvec - resv, affd), maxvec - resv);
}

function usefulVectors(
  kernel: Kernel,
  possibleCount: number,
  affvecs: number,
  { calcSets }: AffinityDescriptor,
): number {
  if (!calcSets || !kernel.has('spread-affinity-sets')) return possibleCount;
  if (kernel.has('calc-sets-callback')) return affvecs;
  return sum(calcSets(affvecs));
}

/**
 * Spreads the possible CPUs over the vectors of a device: mirrors irq_create_affinity_masks().
 * `nvecs` is the number of all vectors, pre and post included. A set of size 0 makes kernels without
 * `spread-empty-set-is-null` write out of bounds; here it then has no effect.
 */
export function irqCreateAffinityMasks(
  kernel: Kernel,
  cpus: SpreadCpus,
  nvecs: number,
  affd: AffinityDescriptor,
): AffinityResult {
  const affvecs = Math.max(nvecs - affd.pre - affd.post, 0);
  const calcSets = kernel.has('spread-affinity-sets') ? affd.calcSets : undefined;
  const setSizes = calcSets ? calcSets(affvecs) : [affvecs];
  if (setSizes.length > IRQ_AFFINITY_MAX_SETS && kernel.has('calc-sets-callback')) {
    return { kind: 'none', setSizes: setSizes.slice(0, IRQ_AFFINITY_MAX_SETS), warn: true };
  }
  if (affvecs === 0) return { kind: 'none', setSizes, warn: false };

  const layout = layoutSpread(cpus);
  const groupsOfSets: CpuGroups[] = [];
  let warn = false;
  for (const size of setSizes) {
    if (size === 0) {
      if (kernel.has('spread-empty-set-is-null')) return { kind: 'none', setSizes, warn };
      continue;
    }
    const groups = groupCpusEvenly(kernel, layout, size);
    if (groups === null) return { kind: 'crash', crash: 'div0' };
    warn ||= groups.filled < size && kernel.has('spread-warns-on-surplus-groups');
    groupsOfSets.push(groups);
  }
  const joined = joinSets(groupsOfSets, affvecs, leavesSurplus(kernel));
  return {
    kind: 'masks',
    nvecs,
    spread: [affd.pre, affd.pre + joined.offsets.length - 1],
    ...joined,
    defaultAffinity: cpus.defaultAffinity.clone(),
    managed: kernel.has('managed-flag-per-vector') ? [affd.pre, nvecs - affd.post] : [0, nvecs],
    setSizes,
    warn,
  };
}

/** Whether surplus groups are left out, so that their vectors get the default affinity, not empty masks. */
function leavesSurplus(kernel: Kernel): boolean {
  return kernel.has('spread-partial-groups') || !kernel.has('spread-affinity-sets');
}

/** The groups of all sets one after the other, no more than `affvecs`. */
function joinSets(
  sets: readonly CpuGroups[],
  affvecs: number,
  leaveSurplus: boolean,
): { offsets: Int32Array; cpus: Int32Array } {
  const used = sets.map(({ filled, offsets }) => (leaveSurplus ? filled : offsets.length - 1));
  const total = Math.min(sum(used), affvecs);
  if (sets.length === 1) return { offsets: sets[0].offsets.subarray(0, total + 1), cpus: sets[0].cpus };

  const cpus = new Int32Array(sum(sets.map((set) => set.cpus.length)));
  const offsets = new Int32Array(total + 1);
  let vector = 0;
  let cpusBefore = 0;
  sets.forEach((set, i) => {
    cpus.set(set.cpus, cpusBefore);
    for (let group = 0; group < used[i] && vector < total; group++) {
      offsets[++vector] = cpusBefore + set.offsets[group + 1];
    }
    cpusBefore = offsets[vector];
  });
  return { offsets, cpus };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** CPUs of a vector, ascending, without a copy; null if it has the default affinity. */
export function spreadCpusOf(result: AffinityMasks, vector: number): Int32Array | null {
  const [from, to] = result.spread;
  if (vector < from || vector >= to) return null;
  return result.cpus.subarray(result.offsets[vector - from], result.offsets[vector - from + 1]);
}

/** Mask of a vector. Vectors with the default affinity share one mask: do not change what is returned. */
export function maskOf(result: AffinityMasks, vector: number): CpuMask {
  const cpus = spreadCpusOf(result, vector);
  return cpus === null ? result.defaultAffinity : CpuMask.of(result.defaultAffinity.nbits, cpus);
}

/**
 * The set callback of the NVMe driver with parameter write_queues: default queues first, then read
 * queues. Mirrors nvme_calc_irq_sets().
 */
export function nvmeCalcIrqSets(writeQueues: number): (affvecs: number) => number[] {
  return (affvecs) => {
    if (affvecs === 0) return [1];
    if (affvecs === 1 || writeQueues === 0) return [affvecs];
    if (writeQueues >= affvecs) return [affvecs - 1, 1];
    return [writeQueues, affvecs - writeQueues];
  };
}
