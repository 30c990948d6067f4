/** The online CPUs have free vectors (docs/model/proofs.md#vectors-that-are-left). */

import type { Stage } from '../../sim/events/stage.ts';
import { leavesNoneBehind } from '../lossless.ts';
import { vectorsAfter } from '../offline-room.ts';
import type { Plug } from '../plugs.ts';
import { type Property, unbroken } from '../property.ts';
import { offlines } from '../usable-cpus.ts';

export const vectorsLeft: Property = {
  name: 'vectors-left',
  fault({ stage }, amount) {
    const left = stage.system.life.matrix.globalAvailable;
    return left >= amount
      ? null
      : `${left === 1 ? '1 vector is' : `${left} vectors are`} left on all online CPUs`;
  },
  sameInAnyOrder: () => true,
  bound({ stage }, { facts, candidates, plugs }, amount) {
    if (stage.crashed || stage.frozen !== null || (plugs.length > 0 && facts.run.hpet.length > 0))
      return null;
    const because = [
      'what is left is the room of the CPUs that are left, less the interrupts that must stay somewhere',
    ];
    const { set, refused } = vectorsAfter(facts, candidates, amount);
    if (set === null) return unbroken(...because);
    if (refused && everyOneStays(stage, plugs))
      return unbroken(...because, 'the kernel refuses to let so many go that fewer are left');
    return { fewest: set.length, tries: [offlines(set)], because };
  },
};

/** No interrupt is left behind or ends with a CPU, and none is on two CPUs at once. */
function everyOneStays(stage: Stage, plugs: readonly Plug[]): boolean {
  const { hpet, life } = stage.system;
  const moving = [...life.irqs.values()].some(({ prevVector }) => prevVector !== 0);
  return hpet.length === 0 && !moving && leavesNoneBehind(stage, plugs);
}
