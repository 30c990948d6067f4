/**
 * A device is removed and set up again (unbind and bind, remove and rescan): its driver counts and spreads by the CPUs
 * of the moment (docs/model/hotplug.md#setting-a-device-up-again).
 */
import { CpuMask } from '../../../lib/cpumask.ts';
import { ENODEV } from '../../../lib/errno.ts';
import { hasFlags, IrqFlag } from '../../engine/irq-desc.ts';
import { drainLog } from '../../engine/irq-life.ts';
import { irqOf } from '../irq-numbers.ts';
import { remove, setUp } from '../probe.ts';
import { forgetSpreads, type ProbedDevice, type System } from '../system.ts';
import { accepted, indexDevices, type Outcome, refused, type Stage } from './stage.ts';

/** The CPUs as a spread sees them now: plugged ones are on firmware's node, and a policy looks again. */
function renewSpread(system: System): void {
  const { enumeration, nodeOf, spread, spreadsIn } = system;
  const nodes = spread.nodes.map(() => new CpuMask(enumeration.nrCpuIds));
  enumeration.possible.forEach((cpu) => {
    nodes[nodeOf[cpu]].set(cpu);
  });
  system.spread = { ...spread, present: enumeration.present.clone(), nodes };
  spreadsIn.clear();
  forgetSpreads(system);
}

const countText = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** "17 vectors (16 before), 16 of 16 queues start". */
function summary({ life }: System, before: ProbedDevice, now: ProbedDevice): string {
  const { granted, queueVectors } = now;
  const started = queueVectors.filter((vector) => {
    const d = vector === null ? undefined : life.irqs.get(irqOf(now, vector));
    return d !== undefined && hasFlags(d, IrqFlag.started);
  });
  const was = granted === before.granted ? '' : ` (${before.granted} before)`;
  const total = queueVectors.length;
  return `${countText(granted, 'vector')}${was}, ${started.length} of ${countText(total, 'queue')} start`;
}

/** Removes the device and probes it anew. */
export function reprobe(stage: Stage, name: string): Outcome {
  const { system } = stage;
  const found = stage.devices.byName.get(name);
  if (found === undefined) return refused(ENODEV, `there is no device ${name}`);
  const { device, index } = found;
  remove(system, device);
  renewSpread(system);
  const again = setUp(system, device.spec);
  system.devices[index] = again;
  stage.queuesOf.delete(device);
  stage.devices = indexDevices(system);
  stage.watch.reprobed.add(index);
  const what = again.fallback === null ? '' : `: ${again.fallback}`;
  return accepted(drainLog(system.life), [
    `${name} is set up again: ${summary(system, device, again)}${what}`,
  ]);
}
