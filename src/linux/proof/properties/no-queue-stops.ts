/** Every queue that works goes on working (docs/model/proofs.md#queues-that-stop). */
import { leavesNoneBehind } from '../lossless.ts';
import type { Property } from '../property.ts';
import { descOf, firstOfQueues, whyNot, works } from '../queues.ts';
import { holders, smallestWithin } from '../usable-cpus.ts';

export const noQueueStops: Property = {
  name: 'no-queue-stops',
  fault: (state, _, touched) =>
    firstOfQueues(state, touched, ({ device, index, queue, d, arrival }) =>
      !state.worked[index][queue] || works(d, arrival)
        ? null
        : `${device.spec.name} queue ${queue} stops: ${whyNot(d, arrival)}`,
    ),
  sameInAnyOrder: () => true,
  bound({ stage, worked }, { candidates, plugs }) {
    if (!leavesNoneBehind(stage, plugs)) return null;
    const smallest = smallestWithin(candidates);
    for (const [index, device] of stage.system.devices.entries()) {
      for (const [queue, did] of worked[index].entries()) {
        const d = did ? descOf(stage, device, queue) : null;
        const cpus = d && holders(stage, d);
        if (cpus) smallest.add(cpus);
      }
    }
    return {
      fewest: smallest.size(),
      tries: smallest.tries(),
      because: [
        'a managed interrupt stops only when the last CPU of its mask goes; any other moves to a CPU that is left',
      ],
    };
  },
};
