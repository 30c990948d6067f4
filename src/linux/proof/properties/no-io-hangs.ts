/** No online CPU sends requests to a queue whose interrupt cannot fire (docs/model/proofs.md#io-that-hangs). */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceDomain } from '../../../machine/interrupt-domains.ts';
import type { MachineEvent } from '../../../machine/machine.ts';
import { hasFlags, IrqFlag } from '../../engine/irq-desc.ts';
import { usableMask } from '../../engine/irq-life.ts';
import { placeIn } from '../../sim/domain-use.ts';
import type { Stage } from '../../sim/events/stage.ts';
import { hangingOn } from '../../sim/hangs.ts';
import { redirectTargets } from '../../sim/redirect.ts';
import type { ProbedDevice } from '../../sim/system.ts';
import { leavesNoneBehind } from '../lossless.ts';
import { type Plug, plugEvents, reaches } from '../plugs.ts';
import type { Property } from '../property.ts';
import { descOf, firstOfDevices, whyNot } from '../queues.ts';
import { type Smallest, smallestWithin } from '../usable-cpus.ts';

export const noIoHangs: Property = {
  name: 'no-io-hangs',
  fault: ({ stage, ...state }, _, touched) =>
    firstOfDevices({ stage, ...state }, touched, (device, arrival) => {
      if (device.mapped.length === 0) return null;
      const descs = device.queueVectors.map((_vector, queue) => descOf(stage, device, queue));
      const targets = redirectTargets(stage.system, device, descs);
      for (const [queue, d] of descs.entries()) {
        const setting = { ...arrival, shared: device.shared, redirected: targets[queue] !== null };
        const cpus = hangingOn(setting, device.mapped[queue], d);
        if (cpus !== null)
          return `I/O of CPU${cpus.weight() === 1 ? '' : 's'} ${cpus} to ${device.spec.name} queue ${queue} hangs: ${whyNot(d, arrival)}`;
      }
      return null;
    }),
  sameInAnyOrder: () => true,
  bound({ stage }, { candidates, plugs }) {
    const { machine, policy } = stage.system;
    // The number that an older kernel gives to what is plugged depends on what was plugged before.
    const numbersMove = plugs.length > 0 && !machine.kernel.has('topology-fixed-at-boot');
    if (!leavesNoneBehind(stage, plugs) || (numbersMove && policy.onlinesUnreachable)) return null;
    const smallest = smallestWithin(candidates);
    const coming = plugs.filter(({ comesOnline }) => comesOnline);
    for (const device of stage.system.devices) {
      if (device.mapped.length > 0 && !hangsOf(stage, device, coming, smallest)) return null;
    }
    return {
      fewest: smallest.size(),
      tries: smallest.tries(),
      because: [
        policy.redirects
          ? 'requests of a queue that stops go to another while one of its kind works'
          : 'a queue stops when the last usable CPU of its mask goes, and then hangs only if another CPU that is mapped to it runs',
      ],
    };
  },
};

/** Adds the sets that stop a queue while a CPU that is mapped to it runs on; false: not known. */
function hangsOf(stage: Stage, device: ProbedDevice, plugs: readonly Plug[], smallest: Smallest): boolean {
  const { system } = stage;
  const usable = usableMask(system.life, placeIn(device.domain));
  const groups = system.policy.redirects
    ? device.maps.map(({ first, queues }) => Array.from({ length: queues }, (_, n) => first + n))
    : device.queueVectors.map((_, queue) => [queue]);
  for (const group of groups) {
    const holders = new CpuMask(usable.nbits);
    const mapped = new CpuMask(usable.nbits);
    let stoppable = true;
    for (const queue of group) {
      const d = descOf(stage, device, queue);
      const cpus = device.mapped[queue];
      if (d === null || cpus === undefined) continue;
      // Any other kind is on a CPU as long as there is one.
      if (!hasFlags(d, IrqFlag.managed)) stoppable = false;
      else if (system.policy.redirects && !cpus.isSubsetOf(d.affinity)) return false;
      holders.orWith(CpuMask.and(d.affinity, usable));
      mapped.orWith(cpus);
    }
    if (!stoppable) continue;
    const way = wayToHang(
      stage,
      device.domain,
      mapped,
      holders,
      group.map((queue) => descOf(stage, device, queue)?.affinity),
      plugs,
    );
    if (way !== null) smallest.add(holders, way);
  }
  return true;
}

/** What brings a CPU up that stays mapped when the holders are gone; empty: one is up. Null: there is none. */
function wayToHang(
  stage: Stage,
  domain: DeviceDomain,
  mapped: CpuMask,
  holders: CpuMask,
  affinities: readonly (CpuMask | undefined)[],
  plugs: readonly Plug[],
): readonly MachineEvent[] | null {
  const { system } = stage;
  if (CpuMask.and(mapped, system.online).andNotWith(holders).isEmpty() === false) return [];
  const { policy, domainMasks } = system;
  const mayUse = ({ cpu, apicId }: Plug): boolean => {
    if (!policy.onlinesUnreachable) return true;
    if (policy.domainMask !== undefined) return domainMasks.get(domain)?.test(cpu) ?? true;
    return reaches(system, domain, cpu, apicId);
  };
  const startsQueue = (plug: Plug): boolean =>
    mayUse(plug) && affinities.some((mask) => mask?.test(plug.cpu) === true);
  const plug = plugs.find((one) => mapped.test(one.cpu) && !startsQueue(one));
  return plug ? plugEvents(stage, plug) : null;
}
