/** The online CPUs have free vectors (docs/model/proofs.md#vectors-that-are-left). */
import { vectorsAfter } from '../offline-room.ts';
import type { Property } from '../property.ts';
import { offlines } from '../usable-cpus.ts';

export const vectorsLeft: Property = {
  name: 'vectors-left',
  fault({ stage }, amount) {
    const left = stage.system.life.matrix.globalAvailable;
    return left >= amount
      ? null
      : `${left === 1 ? '1 vector is' : `${left} vectors are`} left on all online CPUs`;
  },
  bound({ stage }, { facts, candidates, plugs }, amount) {
    if (stage.crashed || stage.frozen !== null || (plugs.length > 0 && facts.run.hpet.length > 0))
      return null;
    const set = vectorsAfter(facts, candidates, amount);
    return {
      fewest: set?.length ?? Number.POSITIVE_INFINITY,
      tries: set === null ? [] : [offlines(set)],
      because: [
        'what is left is the room of the CPUs that are left, less the interrupts that must stay somewhere',
      ],
    };
  },
};
