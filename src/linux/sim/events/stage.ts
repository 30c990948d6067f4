/** What the events of a run share: the system, what lasts from one event to the next, and look-ups. */

import type { IrqDesc } from '../../engine/irq-desc.ts';
import type { Enumeration } from '../../model/enumerate.ts';
import type { EventRun } from '../run.ts';
import type { ProbedDevice, System } from '../system.ts';

/** How one step ended. */
export interface Outcome {
  /** Positive errno; 0 when accepted, and for a refusal that is not the kernel's. */
  readonly errno: number;
  readonly refused: boolean;
  /** It is refused in so far as the kernel did not live to do it. */
  readonly crashed: boolean;
  /** Why it was refused, in plain words. */
  readonly reason: string | null;
  readonly messages: readonly string[];
  /** What it did besides what the watch sees. */
  readonly notes: readonly string[];
}

export const ACCEPTED: Outcome = {
  errno: 0,
  refused: false,
  crashed: false,
  reason: null,
  messages: [],
  notes: [],
};

export function accepted(messages: readonly string[], notes: readonly string[] = []): Outcome {
  return { ...ACCEPTED, messages, notes };
}

export function refused(errno: number, reason: string, messages: readonly string[] = []): Outcome {
  return { errno, refused: true, crashed: false, reason, messages, notes: [] };
}

/** "the kernel has only 7 possible CPUs". */
export function onlyPossible({ nrCpuIds }: Enumeration): string {
  return `the kernel has only ${nrCpuIds} possible CPU${nrCpuIds === 1 ? '' : 's'}`;
}

/** The kernel is no more: no event after this one happens. */
export function crashes(stage: Stage, reason: string, messages: readonly string[]): Outcome {
  stage.crashed = true;
  return { ...refused(0, reason, messages), crashed: true };
}

/** An interrupt as an event finds it. */
export interface InterruptBefore {
  readonly started: boolean;
  readonly cpu: number;
  readonly lost: boolean;
}

/** A CPU as an event finds it. */
export interface CpuBefore {
  readonly online: boolean;
  readonly present: boolean;
  readonly known: boolean;
}

/** What an event may change, as it was before. */
export interface Watch {
  readonly interrupts: Map<IrqDesc, InterruptBefore>;
  readonly cpus: Map<number, CpuBefore>;
  /** Indexes of devices that were set up again: nothing of them is as it was. */
  readonly reprobed: Set<number>;
}

interface Indexed {
  readonly device: ProbedDevice;
  readonly index: number;
}

/** The devices of a system by what events know of them. */
export interface DeviceIndex {
  /** By ascending number of the first interrupt. */
  readonly byFirst: readonly Indexed[];
  /** Interrupts of those whose numbers are not consecutive. */
  readonly scattered: ReadonlyMap<number, Indexed & { readonly vector: number }>;
  readonly byName: ReadonlyMap<string, Indexed>;
  /** Devices whose driver sets hints at every CPU hotplug. */
  readonly hinted: readonly ProbedDevice[];
}

export interface Stage {
  readonly system: System;
  /** Where the devices are to be found; made anew when one is set up again. */
  devices: DeviceIndex;
  /** Vector → queues, of the devices that were asked for. */
  readonly queuesOf: Map<ProbedDevice, ReadonlyMap<number, readonly number[]>>;
  /** CPUs that suspend took down; null while the machine is awake. */
  frozen: number[] | null;
  /** The kernel crashed. */
  crashed: boolean;
  /** Second threads may not come online. */
  smtOff: boolean;
  /** Lines that the kernel's rate limit kept from the log, and has not counted there yet. */
  suppressed: number;
  /** Of the event under way. */
  watch: Watch;
}

/** Finds the devices anew, as they are now. */
export function indexDevices({ devices }: System): DeviceIndex {
  const all = devices.map((device, index) => ({ device, index }));
  return {
    byFirst: all.toSorted((a, b) => a.device.firstIrq - b.device.firstIrq),
    scattered: new Map(
      all.flatMap((one) => (one.device.irqs ?? []).map((irq, vector) => [irq, { ...one, vector }] as const)),
    ),
    byName: new Map(all.map((one) => [one.device.spec.name, one])),
    hinted: all.flatMap(({ device }) => (device.plan.hints ? [device] : [])),
  };
}

export function createStage(system: System, watch: Watch): Stage {
  return {
    system,
    devices: indexDevices(system),
    queuesOf: new Map(),
    frozen: null,
    crashed: false,
    smtOff: system.machine.cmdline.smt !== 'on',
    suppressed: 0,
    watch,
  };
}

/** Which device an interrupt belongs to, and what it serves. */
export interface Place {
  readonly device: ProbedDevice;
  /** Index of the device. */
  readonly index: number;
  readonly vector: number;
  /** Queues it serves: none, one, or all where they share it. */
  readonly queues: readonly number[];
}

/** Place of an interrupt; null if it belongs to no device of the description. */
export function placeOf(stage: Stage, irq: number): Place | null {
  const found = stage.devices.scattered.get(irq) ?? inRow(stage.devices, irq);
  return found && { ...found, queues: queueMap(stage, found.device).get(found.vector) ?? [] };
}

function inRow({ byFirst: devices }: DeviceIndex, irq: number): Omit<Place, 'queues'> | null {
  let low = 0;
  let high = devices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (devices[middle].device.firstIrq <= irq) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  const { device, index } = devices[low - 1];
  const vector = irq - device.firstIrq;
  return vector < device.granted ? { device, index, vector } : null;
}

function queueMap({ queuesOf }: Stage, device: ProbedDevice): ReadonlyMap<number, readonly number[]> {
  const known = queuesOf.get(device);
  if (known) return known;
  const map = new Map<number, number[]>();
  device.queueVectors.forEach((vector, queue) => {
    if (vector === null) return;
    const queues = map.get(vector);
    if (queues) queues.push(queue);
    else map.set(vector, [queue]);
  });
  queuesOf.set(device, map);
  return map;
}

/** An event of a machine whose kernel panicked at boot. */
export function neverHappened(event: EventRun['event']): EventRun {
  return {
    event,
    result: 'refused',
    errno: 0,
    reason: 'the kernel panics at boot',
    messages: [],
    changes: [],
    changed: {
      interrupts: [],
      unlisted: 0,
      redirected: [],
      hanging: [],
      cpus: { online: [], offline: [], present: [], absent: [], reachable: [], unreachable: [] },
      vectors: { before: 0, after: 0 },
    },
  };
}
