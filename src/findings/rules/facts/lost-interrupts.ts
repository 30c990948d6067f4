/** Interrupts that are started and arrive nowhere, now or for a time while events happened. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun, EventRun, InterruptRow, Loss, QueueRow } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';

/** Interrupts of one device that are lost for one reason. */
export interface LostOfDevice {
  readonly device: DeviceRun;
  readonly queues: readonly QueueRow[];
  readonly others: readonly InterruptRow[];
}

/** Rows that name the same interrupt count once. */
export function lostCount({ queues, others }: LostOfDevice): number {
  return new Set([...queues, ...others].map(({ irq }) => irq)).size;
}

/** By device, what is lost at the end for this reason. */
export function lostFor({ run }: Simulation, loss: Loss): readonly LostOfDevice[] {
  return run.devices.flatMap((device) => {
    if (device.tally.lost === 0) return [];
    const queues = device.queues.filter(({ lost }) => lost === loss);
    const others = device.interrupts.filter(({ lost }) => lost === loss);
    return queues.length + others.length === 0 ? [] : [{ device, queues, others }];
  });
}

/** The CPUs that the interrupts are effective on. */
export function lostOn({ enumeration }: Simulation, lost: readonly LostOfDevice[]): CpuMask {
  const cpus = lost.flatMap(({ queues, others }) => [...queues, ...others].map(({ effective }) => effective));
  return CpuMask.of(
    enumeration.nrCpuIds,
    cpus.filter((cpu) => cpu !== null),
  );
}

/** Interrupts that events left on a CPU that went and that arrive again at the end: their number, the first event, the devices. */
export function lostForATime({
  run,
}: Simulation): { count: number; event: EventRun; devices: DeviceRun[] } | null {
  // Most machines have no such event, and every analysis asks.
  if (run.events.every(({ changed }) => changed.interrupts.every(({ kind }) => kind !== 'lost'))) return null;
  const still = new Set(
    run.devices.flatMap(({ queues, interrupts }) =>
      [...queues, ...interrupts].flatMap(({ irq, lost }) => (lost === undefined ? [] : [irq])),
    ),
  );
  const mended = new Set<number>();
  const names = new Set<string | null>();
  let first: EventRun | undefined;
  for (const event of run.events) {
    for (const { kind, irq, device, to } of event.changed.interrupts) {
      if (kind !== 'lost' || to !== null || still.has(irq)) continue;
      first ??= event;
      mended.add(irq);
      names.add(device);
    }
  }
  if (first === undefined) return null;
  const devices = run.devices.filter(({ name }) => names.has(name));
  return { count: mended.size, event: first, devices };
}

/** The first event that left an interrupt of one of these devices on a CPU that went; undefined if none did. */
export function firstLoss({ run }: Simulation, devices: readonly DeviceRun[]): EventRun | undefined {
  const names = new Set(devices.map(({ name }) => name));
  return run.events.find(({ changed }) =>
    changed.interrupts.some(
      ({ kind, device, to }) => kind === 'lost' && to === null && device !== null && names.has(device),
    ),
  );
}
