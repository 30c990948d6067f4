/** Where a queue whose interrupt does not work sends its requests: policy `redirect`'s two rules. */
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { ProbedDevice, System } from './system.ts';

type Descs = readonly (IrqDesc | null)[];

/**
 * For each queue the queue that serves its online CPUs, or null where it works by itself or needs none. Target: the
 * lowest functional queue whose group is on the node of the queue's lowest CPU, else the lowest; of the same type,
 * as a request of one map of the block layer cannot go to a queue of another.
 */
export function redirectTargets(system: System, { maps }: ProbedDevice, descs: Descs): (number | null)[] {
  const targets: (number | null)[] = descs.map(() => null);
  if (!system.policy.redirects) return targets;
  const ranges = maps.length === 0 ? [{ first: 0, queues: descs.length }] : maps;
  for (const { first, queues } of ranges) {
    targetsWithin(system, descs.slice(first, first + queues)).forEach((target, index) => {
      if (target !== null) targets[first + index] = first + target;
    });
  }
  return targets;
}

function targetsWithin(system: System, descs: Descs): (number | null)[] {
  const nodeOf = (d: IrqDesc): number => system.nodeOf[d.affinity.first()];
  const functional = descs.flatMap((d, queue) => (d && hasFlags(d, IrqFlag.started) ? [{ d, queue }] : []));
  const firstOnNode = new Map<number, number>();
  for (const { d, queue } of functional.toReversed()) firstOnNode.set(nodeOf(d), queue);
  return descs.map((d) => {
    if (d === null || hasFlags(d, IrqFlag.started) || !d.affinity.intersects(system.online)) return null;
    return firstOnNode.get(nodeOf(d)) ?? functional[0]?.queue ?? null;
  });
}
