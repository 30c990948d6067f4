/** Where a queue whose interrupt does not work sends its requests: the seed's two rules (policy `redirect`). */
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import type { System } from './system.ts';

/**
 * For each queue the queue that serves its online CPUs, or null where it works by itself or needs none.
 * Target: the lowest functional queue whose group is on the node of the queue's lowest CPU, else the lowest.
 */
export function redirectTargets(system: System, descs: readonly (IrqDesc | null)[]): (number | null)[] {
  const none = descs.map(() => null);
  if (!system.policy.redirects) return none;
  const functional = descs.flatMap((d, queue) => (d && hasFlags(d, IrqFlag.started) ? [queue] : []));
  if (functional.length === 0) return none;
  const nodeOf = (d: IrqDesc | null): number => (d === null ? -1 : (system.nodeOf[d.affinity.first()] ?? -1));
  const firstOnNode = new Map<number, number>();
  for (const queue of functional) {
    const node = nodeOf(descs[queue]);
    if (!firstOnNode.has(node)) firstOnNode.set(node, queue);
  }
  return descs.map((d) => {
    if (d === null || hasFlags(d, IrqFlag.started) || !d.affinity.intersects(system.online)) return null;
    return firstOnNode.get(nodeOf(d)) ?? functional[0];
  });
}
