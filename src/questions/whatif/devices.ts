/** Devices added, removed and changed. */
import type { DeviceRun, InterruptRow } from '../../linux/sim/run.ts';
import type { Sameness } from './pairing.ts';
import { changedQueues, NO_QUEUES, type QueueChange, type QueueTally, tallyQueues } from './queues.ts';

/** An interrupt that serves no queue and has other CPUs, or is there on one side only. */
export interface OtherInterruptChange {
  /** Index in the device's MSI-X table. */
  readonly vectorIndex: number;
  readonly before: InterruptRow | null;
  readonly after: InterruptRow | null;
}

/** A device that differs; a side is null where the machine has no device of that name. */
export interface DeviceChange {
  readonly name: string;
  readonly before: DeviceRun | null;
  readonly after: DeviceRun | null;
  readonly queues: readonly QueueChange[];
  readonly interrupts: readonly OtherInterruptChange[];
}

/** The devices that differ: those of before in their order, then the added ones. Matched by name. */
export function changedDevices(
  before: readonly DeviceRun[],
  after: readonly DeviceRun[],
  same: Sameness,
): DeviceChange[] {
  const is = new Map(after.map((device) => [device.name, device]));
  const was = new Set(before.map(({ name }) => name));
  const added = after.filter(({ name }) => !was.has(name));
  return [
    ...before.map((device) => changedDevice(device.name, device, is.get(device.name) ?? null, same)),
    ...added.map((device) => changedDevice(device.name, null, device, same)),
  ].filter(differs);
}

function changedDevice(
  name: string,
  before: DeviceRun | null,
  after: DeviceRun | null,
  same: Sameness,
): DeviceChange {
  const queues = changedQueues(before?.queues ?? [], after?.queues ?? [], same);
  const interrupts = changedInterrupts(before?.interrupts ?? [], after?.interrupts ?? [], same);
  return { name, before, after, queues, interrupts };
}

function differs({ before, after, queues, interrupts }: DeviceChange): boolean {
  if (before === null || after === null || queues.length > 0 || interrupts.length > 0) return true;
  return (
    before.driver !== after.driver ||
    before.vectorsAsked !== after.vectorsAsked ||
    before.vectorsGranted !== after.vectorsGranted ||
    before.fallback !== after.fallback ||
    before.health !== after.health
  );
}

function changedInterrupts(
  before: readonly InterruptRow[],
  after: readonly InterruptRow[],
  same: Sameness,
): OtherInterruptChange[] {
  const is = new Map(after.map((row) => [row.vectorIndex, row]));
  const was = new Set(before.map(({ vectorIndex }) => vectorIndex));
  const added = after.filter(({ vectorIndex }) => !was.has(vectorIndex));
  return [
    ...before.map((row) => ({
      vectorIndex: row.vectorIndex,
      before: row,
      after: is.get(row.vectorIndex) ?? null,
    })),
    ...added.map((row) => ({ vectorIndex: row.vectorIndex, before: null, after: row })),
  ].filter((change) => !sameInterrupt(change, same));
}

function sameInterrupt({ before, after }: OtherInterruptChange, same: Sameness): boolean {
  if (before === null || after === null) return false;
  const served = (row: InterruptRow) => (row.vector === null ? null : row.effective);
  return same.cpu(served(before), served(after)) && same.mask(before.affinity, after.affinity);
}

/** The tally of the queues of all devices. */
export function tallyDevices(devices: readonly DeviceChange[]): QueueTally {
  return devices
    .map(({ queues }) => tallyQueues(queues))
    .reduce(
      (sum, one) => ({
        gained: sum.gained + one.gained,
        lost: sum.lost + one.lost,
        started: sum.started + one.started,
        stopped: sum.stopped + one.stopped,
      }),
      NO_QUEUES,
    );
}
