/** Spreading over nodes before 5.4: an equal share for each node, whatever its size. */
import { fillGroups, type Spreading } from './group-cpus-fill.ts';
import type { Stage } from './spread-cpus.ts';

/**
 * Spreads one stage from group `start` on, nodes in ascending order. Mirrors
 * irq_build_affinity_masks() of kernel/irq/affinity.c, 4.17 - 5.3. Returns the groups filled, or null
 * where a node's share comes out as 0 and the kernel divides by it.
 */
export function spreadOverNodesLegacy(spreading: Spreading, stage: Stage, start: number): number | null {
  const { numgrps } = spreading;
  const { cpus, nodeStart } = stage;
  let group = start;
  let done = 0;
  let nodesLeft = stage.nodes.length;
  for (const node of stage.nodes) {
    const from = nodeStart[node];
    const to = nodeStart[node + 1];
    const share = Math.min(Math.floor((numgrps - group) / nodesLeft), to - from);
    if (share === 0) return null;
    group = fillGroups(spreading, { cpus, from, to }, share, group);
    done += share;
    if (done >= numgrps) break;
    if (group >= numgrps) group = 0;
    nodesLeft--;
  }
  return done;
}
