/**
 * Interrupt spreading for other programs: CPU lists in, CPU lists out. What a driver gets from
 * pci_alloc_irq_vectors_affinity(): irq_calc_affinity_vectors() and irq_create_affinity_masks() of
 * kernel/irq/affinity.c, one after the other.
 */

import { CpuMask, parseCpuList } from '../../lib/cpumask.ts';
import { kernelProfile, NEWEST_KERNEL } from '../../machine/kernel.ts';
import { LIMITS } from '../../machine/limits.ts';
import { irqCalcAffinityVectors, irqCreateAffinityMasks } from '../engine/affinity.ts';
import type { SpreadCpus } from '../engine/spread-cpus.ts';
import { checkCount, maskTexts, readCpus } from './spread.ts';

/** CPUs are in the kernel's list form, such as "0-3,8". */
export interface SpreadRequest {
  /** Most vectors that the device and its driver can use, with those before and after the spread ones. */
  readonly vectors: number;
  /** CPUs that may ever come. */
  readonly possible: string;
  /** CPUs that are plugged when the driver is probed. Default: all possible ones. */
  readonly present?: string;
  /** The CPUs of node 0, node 1, ... Default: one node of all possible ones. */
  readonly nodes?: readonly string[];
  /** The CPUs of each core that has several, e.g. ["0,4", "1,5"]. Default: every CPU is a core. */
  readonly siblings?: readonly string[];
  /** CPUs that share an L2 cache; Linux 7.0 and later look at it. Default: the cores. */
  readonly clusters?: readonly string[];
  /** Vectors before and after the spread ones, which keep the default affinity. Default 0. */
  readonly preVectors?: number;
  readonly postVectors?: number;
  /** irq_default_affinity. Default: every CPU number up to the highest possible one. */
  readonly defaultAffinity?: string;
  /** Linux release such as "6.12" or "5.10.13". Default: the newest that is modelled. */
  readonly kernel?: string;
}

/** What each vector gets; CPUs are in the list form of the kernel. */
export interface Spread {
  /** Affinity of each vector that the device gets, pre and post vectors included. */
  readonly masks: readonly string[];
  /** Vectors `[from, to)` are managed: the kernel moves and stops them, the user cannot. */
  readonly managed: readonly [from: number, to: number];
  /** A WARN_ON of the kernel fired. */
  readonly warn: boolean;
  /** This kernel divides by zero here (before 5.4); `masks` is empty. */
  readonly crash: boolean;
}

/**
 * Spreads the vectors of a multi-queue device over the CPUs of a machine, exactly as Linux does. Pure; linear in
 * CPUs and vectors. Throws RangeError that names the field for CPU lists that cannot be, more than 32,768 CPUs or
 * 1,048,576 vectors, or a kernel that is not modelled.
 *
 * @example
 * spreadAffinity({ vectors: 3, possible: '0-7', nodes: ['0-3', '4-7'], preVectors: 1 }).masks
 * // ['0-7', '0-3', '4-7']
 */
export function spreadAffinity(request: SpreadRequest): Spread {
  const { vectors, preVectors = 0, postVectors = 0, kernel: release = NEWEST_KERNEL } = request;
  const kernel = kernelProfile(release);
  const affd = {
    pre: checkCount(preVectors, 'preVectors', LIMITS.vectors),
    post: checkCount(postVectors, 'postVectors', LIMITS.vectors),
  };
  const reserved = affd.pre + affd.post;
  const most = checkCount(vectors, 'vectors', LIMITS.vectors);
  if (most < Math.max(1, reserved)) {
    throw new RangeError(
      `vectors: at least ${Math.max(1, reserved)} expected, with preVectors and postVectors`,
    );
  }
  const cpus = cpusOf(request);
  const minvec = Math.max(1, reserved);
  const count = irqCalcAffinityVectors(kernel, cpus.possible.weight(), minvec, most, affd);
  const result = irqCreateAffinityMasks(kernel, cpus, count, affd);
  if (result.kind === 'crash') return { masks: [], managed: [0, 0], warn: false, crash: true };
  if (result.kind === 'masks') {
    return { masks: maskTexts(result), managed: result.managed, warn: result.warn, crash: false };
  }
  const unspread = cpus.defaultAffinity.toString();
  return { masks: new Array<string>(count).fill(unspread), managed: [0, 0], warn: result.warn, crash: false };
}

function cpusOf(request: SpreadRequest): SpreadCpus {
  const { possible, present = possible, nodes = [possible], siblings = [], clusters } = request;
  const nrCpuIds = 1 + Math.max(-1, ...ranges(possible, 'possible').map(([, last]) => last));
  if (nrCpuIds === 0) throw new RangeError('possible: at least one CPU is expected');
  if (nrCpuIds > LIMITS.cpus) throw new RangeError(`possible: a CPU above ${LIMITS.cpus - 1}`);
  return readCpus({
    nrCpuIds,
    possible,
    present,
    nodes,
    siblings: withSingles(siblings, 'siblings', possible, nrCpuIds),
    clusters: clusters ? withSingles(clusters, 'clusters', possible, nrCpuIds) : 'siblings',
    defaultAffinity: request.defaultAffinity ?? `0-${nrCpuIds - 1}`,
  });
}

function ranges(list: string, name: string): [first: number, last: number][] {
  try {
    return parseCpuList(list);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${name}: ${error.message}`) : error;
  }
}

/** The groups, and every possible CPU that is in none of them by itself. */
function withSingles(groups: readonly string[], name: string, possible: string, nrCpuIds: number): string[] {
  const singles = CpuMask.parse(possible, nrCpuIds);
  for (const [first, last] of groups.flatMap((group) => ranges(group, name))) {
    for (let cpu = first; cpu <= Math.min(last, nrCpuIds - 1); cpu++) singles.clear(cpu);
  }
  return [...groups, ...singles.toArray().map(String)];
}
