/** No interrupt of a device arrives on an isolated CPU (docs/model/proofs.md#interrupts-on-isolated-cpus). */
import { CpuMask } from '../../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../../engine/irq-desc.ts';
import { usableMask } from '../../engine/irq-life.ts';
import { placeOf, type Stage } from '../../sim/events/stage.ts';
import { irqOf } from '../../sim/irq-numbers.ts';
import { effectiveCpu, lossOf } from '../../sim/loss.ts';
import { arrivalOf } from '../../sim/system.ts';
import { isRoomy, leavesNoneBehind } from '../lossless.ts';
import { type Property, unbroken } from '../property.ts';
import { smallestWithin } from '../usable-cpus.ts';

export const noInterruptOnIsolated: Property = {
  name: 'no-interrupt-on-isolated',
  fault({ stage, isolated }, _, touched) {
    if (isolated.isEmpty()) return null;
    for (const d of touched ?? interruptsOf(stage)) {
      const place = placeOf(stage, d.irq);
      if (!place || !hasFlags(d, IrqFlag.started)) continue;
      const cpu = effectiveCpu(d);
      if (!isolated.test(cpu) || lossOf(d, arrivalOf(stage.system, place.device.domain)) !== null) continue;
      const [queue] = place.queues;
      const what = queue === undefined ? `vector ${place.vector}` : `queue ${queue}`;
      return `the interrupt of ${place.device.spec.name} ${what} is on the isolated CPU ${cpu}`;
    }
    return null;
  },
  bound({ stage, isolated }, { candidates, plugs }) {
    if (isolated.isEmpty()) return unbroken('no CPU is isolated');
    if (plugs.length > 0 || stage.devices.hinted.length > 0 || !leavesNoneBehind(stage, plugs)) return null;
    const smallest = smallestWithin(candidates);
    for (const d of interruptsOf(stage)) {
      const away = staysWithin(stage, d, isolated);
      if (away === null) return null;
      if (away !== 'anywhere') smallest.add(away);
    }
    return {
      fewest: smallest.size(),
      tries: smallest.tries(),
      because: ['each interrupt stays on CPUs of its mask that are not isolated while one is left'],
    };
  },
};

/** The interrupts of all devices. */
function interruptsOf({ system }: Stage): IrqDesc[] {
  return system.devices.flatMap((device) =>
    Array.from(
      { length: device.granted },
      (_, vector) => system.life.irqs.get(irqOf(device, vector)) ?? [],
    ).flat(),
  );
}

/**
 * The CPUs that must go before an interrupt may move to an isolated one; 'anywhere': it never does. Null: it may move
 * there while others are left.
 */
function staysWithin({ system }: Stage, d: IrqDesc, isolated: CpuMask): CpuMask | 'anywhere' | null {
  const { life } = system;
  const usable = usableMask(life, d);
  const cpus = CpuMask.and(d.affinity, usable);
  const away = CpuMask.andNot(cpus, isolated);
  if (!usable.intersects(isolated)) return 'anywhere';
  if (hasFlags(d, IrqFlag.managed)) {
    if (!cpus.intersects(isolated)) return 'anywhere';
    const { hkManaged } = life.config;
    return hkManaged !== null && CpuMask.and(cpus, hkManaged).equals(away) ? away : null;
  }
  const moves = hasFlags(d, IrqFlag.affinityPending) || d.affinity.intersects(isolated) || !isRoomy(system);
  return moves ? null : away;
}
