/** No offline is refused (docs/model/proofs.md#offlines-that-are-accepted). */
import { offlineAtMost } from '../offline-room.ts';
import type { Property } from '../property.ts';
import { offlines } from '../usable-cpus.ts';

export const offlineAccepted: Property = {
  name: 'offline-accepted',
  fault: () => null,
  byRefusal: true,
  // Else the check counts managed interrupts where they are, which depends on the order.
  sameInAnyOrder: ({ stage }) => stage.system.machine.kernel.has('unplug-check-skips-managed'),
  bound({ stage }, { facts, candidates, plugs }) {
    // A CPU that is plugged brings more room than its HPET channel takes.
    if (stage.crashed || stage.frozen !== null || (plugs.length > 0 && facts.run.hpet.length > 0))
      return null;
    const { accepted, refused } = offlineAtMost(facts, candidates);
    const because = ['the CPUs that are left have vectors for every interrupt that must stay somewhere'];
    if (refused === null && accepted === candidates.weight())
      return { fewest: Number.POSITIVE_INFINITY, tries: [], because };
    return { fewest: accepted + 1, tries: refused === null ? [] : [offlines(refused)], because };
  },
};
