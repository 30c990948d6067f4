/** Every device has so many working queues (docs/model/proofs.md#devices-that-work). */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { Stage } from '../../sim/events/stage.ts';
import type { ProbedDevice } from '../../sim/system.ts';
import { leavesNoneBehind } from '../lossless.ts';
import type { Property } from '../property.ts';
import { countWorking, descOf, firstOfDevices } from '../queues.ts';
import { holders, type Smallest, smallestWithin } from '../usable-cpus.ts';

export const everyDeviceWorks: Property = {
  name: 'every-device-works',
  fault: ({ stage, ...state }, amount, touched) =>
    firstOfDevices({ stage, ...state }, touched, (device, arrival) => {
      // Of devices behind VMD nobody knows (proofs say so).
      if (device.spec.behind !== null) return null;
      const queues = device.queueVectors.length;
      if (queues === 0) return device.granted > 0 ? null : `${device.spec.name} has no interrupt`;
      if (countWorking(stage, device, arrival, amount) >= amount) return null;
      const working = countWorking(stage, device, arrival);
      const least = amount > 1 ? `, fewer than ${amount}` : '';
      return `${device.spec.name}: ${working} of ${queues} ${queues === 1 ? 'queue works' : 'queues work'}${least}`;
    }),
  sameInAnyOrder: () => true,
  bound({ stage, worked }, { candidates, plugs }, amount) {
    if (!leavesNoneBehind(stage, plugs)) return null;
    const smallest = smallestWithin(candidates);
    for (const [index, device] of stage.system.devices.entries()) {
      if (!killers(stage, device, worked[index], amount, smallest)) return null;
    }
    return {
      fewest: smallest.size(),
      tries: smallest.tries(),
      because: ['a device loses a queue only when all usable CPUs of its mask go'],
    };
  },
};

/** Adds the smallest set that leaves the device too few queues; false: its masks overlap, so that is not known. */
function killers(
  stage: Stage,
  device: ProbedDevice,
  worked: readonly boolean[],
  amount: number,
  smallest: Smallest,
): boolean {
  const sets: CpuMask[] = [];
  const all = new CpuMask(stage.system.online.nbits);
  let forGood = 0;
  let overlap = false;
  for (const [queue, did] of worked.entries()) {
    const d = did ? descOf(stage, device, queue) : null;
    if (d === null) continue;
    const cpus = holders(stage, d);
    if (cpus === null) {
      forGood++;
      continue;
    }
    overlap ||= cpus.intersects(all);
    all.orWith(cpus);
    sets.push(cpus);
  }
  // What survives in any case is enough, or all of the others must go.
  const toKill = forGood + sets.length - amount + 1;
  if (forGood >= amount || toKill <= 0) return true;
  if (toKill === sets.length) {
    smallest.add(all);
    return true;
  }
  if (overlap) return false;
  sets.sort((a, b) => a.weight() - b.weight() || a.first() - b.first());
  return addSmallestUnion(sets, toKill, smallest);
}

/** Of sets without a CPU in common: the union of so many, of those first that are within reach. */
function addSmallestUnion(sets: readonly CpuMask[], count: number, smallest: Smallest): boolean {
  const union = new CpuMask(sets[0].nbits);
  const within = sets.filter((set) => smallest.allows(set));
  if (within.length < count) return true;
  for (const set of within.slice(0, count)) union.orWith(set);
  smallest.add(union);
  return true;
}
