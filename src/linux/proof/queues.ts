/** Queues of a machine in the model as properties ask for them. */
import type { IrqDesc } from '../engine/irq-desc.ts';
import { hasFlags, IrqFlag } from '../engine/irq-desc.ts';
import { placeOf, type Stage } from '../sim/events/stage.ts';
import { irqOf } from '../sim/irq-numbers.ts';
import { type Arrival, effectiveCpu, lossOf } from '../sim/loss.ts';
import { arrivalOf, type ProbedDevice } from '../sim/system.ts';
import type { State } from './property.ts';

/** The interrupt of a queue; null: it has none. */
export function descOf({ system }: Stage, device: ProbedDevice, queue: number): IrqDesc | null {
  const vector = device.queueVectors[queue] ?? null;
  return vector === null ? null : (system.life.irqs.get(irqOf(device, vector)) ?? null);
}

/** Its interrupt is started, and arrives. */
export function works(d: IrqDesc | null, arrival: Arrival): d is IrqDesc {
  return d !== null && hasFlags(d, IrqFlag.started) && lossOf(d, arrival) === null;
}

/** A queue as it is met on the way through a machine. */
export interface Met {
  readonly device: ProbedDevice;
  /** Index of the device. */
  readonly index: number;
  readonly queue: number;
  readonly d: IrqDesc | null;
  readonly arrival: Arrival;
}

/** What the first queue answers that answers at all: of all queues, or of those that interrupts serve. */
export function firstOfQueues(
  { stage }: State,
  touched: readonly IrqDesc[] | undefined,
  ask: (met: Met) => string | null,
): string | null {
  const { system } = stage;
  if (touched === undefined) {
    for (const [index, device] of system.devices.entries()) {
      const arrival = arrivalOf(system, device.domain);
      for (let queue = 0; queue < device.queueVectors.length; queue++) {
        const answer = ask({ device, index, queue, d: descOf(stage, device, queue), arrival });
        if (answer !== null) return answer;
      }
    }
    return null;
  }
  for (const d of touched) {
    const place = placeOf(stage, d.irq);
    if (!place) continue;
    const { device, index } = place;
    const arrival = arrivalOf(system, device.domain);
    for (const queue of place.queues) {
      const answer = ask({ device, index, queue, d, arrival });
      if (answer !== null) return answer;
    }
  }
  return null;
}

/** What the first device answers that answers at all: of all, or of those that have one of the interrupts. */
export function firstOfDevices(
  { stage }: State,
  touched: readonly IrqDesc[] | undefined,
  ask: (device: ProbedDevice, arrival: Arrival) => string | null,
): string | null {
  const { system } = stage;
  const devices =
    touched === undefined
      ? system.devices
      : new Set(touched.flatMap((d) => placeOf(stage, d.irq)?.device ?? []));
  for (const device of devices) {
    const answer = ask(device, arrivalOf(system, device.domain));
    if (answer !== null) return answer;
  }
  return null;
}

/** How many queues of a device work, counted to `enough`. */
export function countWorking(
  stage: Stage,
  device: ProbedDevice,
  arrival: Arrival,
  enough = Number.POSITIVE_INFINITY,
): number {
  let working = 0;
  for (let queue = 0; queue < device.queueVectors.length && working < enough; queue++) {
    if (works(descOf(stage, device, queue), arrival)) working++;
  }
  return working;
}

/** Why a queue does not work, as the end of a sentence. */
export function whyNot(d: IrqDesc | null, arrival: Arrival): string {
  if (d === null) return 'it has no interrupt';
  const loss = lossOf(d, arrival);
  const cpu = effectiveCpu(d);
  if (loss === 'cpu-offline') return `its interrupt stays on CPU ${cpu}, which is offline`;
  if (loss === 'cpu-unreachable')
    return `its interrupt goes to CPU ${cpu}, which its messages cannot address`;
  if (loss === 'cpu-came-back') return `CPU ${cpu} came back without its vector`;
  return d.affinity.intersects(arrival.online)
    ? `no online CPU of ${d.affinity} can be addressed`
    : `no CPU of ${d.affinity} is online`;
}
