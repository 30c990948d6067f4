/** Where a queue whose interrupt does not work sends its requests: policy `redirect`'s two rules. */
import { CpuMask } from '../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { ProbedDevice, System } from './system.ts';

type Descs = readonly (IrqDesc | null)[];

/**
 * For each queue the queue that serves its online CPUs, or null where it works by itself or needs none. Targets are of
 * the same type, as a request of one map of the block layer cannot go to a queue of another, and on the node of the
 * queue's lowest CPU if one is.
 */
export function redirectTargets(system: System, { maps }: ProbedDevice, descs: Descs): (number | null)[] {
  const targets: (number | null)[] = descs.map(() => null);
  const { redirects } = system.policy;
  if (!redirects) return targets;
  const within = redirects === 'to-lowest' ? lowest : leastUsed;
  const ranges = maps.length === 0 ? [{ first: 0, queues: descs.length }] : maps;
  for (const { first, queues } of ranges) {
    within(system, descs.slice(first, first + queues)).forEach((target, index) => {
      if (target !== null) targets[first + index] = first + target;
    });
  }
  return targets;
}

interface Working {
  readonly d: IrqDesc;
  readonly queue: number;
}

const nodeOf = (system: System, d: IrqDesc): number => system.nodeOf[d.affinity.first()];

const working = (descs: Descs): Working[] =>
  descs.flatMap((d, queue) => (d && hasFlags(d, IrqFlag.started) ? [{ d, queue }] : []));

/** It has online CPUs, and cannot serve them. */
const needsTarget = ({ online }: System, d: IrqDesc | null): d is IrqDesc =>
  d !== null && !hasFlags(d, IrqFlag.started) && d.affinity.intersects(online);

/** The lowest that works on the node, else the lowest. */
function lowest(system: System, descs: Descs): (number | null)[] {
  const functional = working(descs);
  const firstOnNode = new Map<number, number>();
  for (const { d, queue } of functional.toReversed()) firstOnNode.set(nodeOf(system, d), queue);
  return descs.map((d) => {
    if (!needsTarget(system, d)) return null;
    return firstOnNode.get(nodeOf(system, d)) ?? functional[0]?.queue ?? null;
  });
}

/** The one on the node, else of all, that the fewest online CPUs use, those redirected before among them. */
function leastUsed(system: System, descs: Descs): (number | null)[] {
  const onlineOf = (d: IrqDesc): number => CpuMask.and(d.affinity, system.online).weight();
  const functional = working(descs).map((one) => ({
    ...one,
    users: onlineOf(one.d),
    node: nodeOf(system, one.d),
  }));
  return descs.map((d) => {
    if (!needsTarget(system, d)) return null;
    const node = nodeOf(system, d);
    const near = functional.filter((one) => one.node === node);
    const [first, ...others] = near.length > 0 ? near : functional;
    if (first === undefined) return null;
    const target = others.reduce((least, one) => (one.users < least.users ? one : least), first);
    target.users += onlineOf(d);
    return target.queue;
  });
}
