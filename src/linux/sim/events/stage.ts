/** What the events of a run share: the system, what lasts from one event to the next, and look-ups. */

import type { IrqDesc } from '../../engine/irq-desc.ts';
import type { EventRun } from '../run.ts';
import type { ProbedDevice, System } from '../system.ts';

/** How one step ended. */
export interface Outcome {
  /** Positive errno; 0 when accepted, and for a refusal that is not the kernel's. */
  readonly errno: number;
  readonly refused: boolean;
  /** Why it was refused, in plain words. */
  readonly reason: string | null;
  readonly messages: readonly string[];
  /** What it did besides what the watch sees. */
  readonly notes: readonly string[];
}

export const ACCEPTED: Outcome = { errno: 0, refused: false, reason: null, messages: [], notes: [] };

export function accepted(messages: readonly string[], notes: readonly string[] = []): Outcome {
  return { ...ACCEPTED, messages, notes };
}

export function refused(errno: number, reason: string, messages: readonly string[] = []): Outcome {
  return { errno, refused: true, reason, messages, notes: [] };
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
}

export interface Stage {
  readonly system: System;
  /** Devices that have interrupts, by ascending number of the first. */
  readonly byIrq: readonly { readonly device: ProbedDevice; readonly index: number }[];
  readonly byName: ReadonlyMap<string, ProbedDevice>;
  /** Devices whose driver sets hints at every CPU hotplug. */
  readonly hinted: readonly ProbedDevice[];
  /** Vector → queues, of the devices that were asked for. */
  readonly queuesOf: Map<ProbedDevice, ReadonlyMap<number, readonly number[]>>;
  /** CPUs that suspend took down; null while the machine is awake. */
  frozen: number[] | null;
  /** Second threads may not come online. */
  smtOff: boolean;
  /** Lines that the kernel's rate limit kept from the log, and has not counted there yet. */
  suppressed: number;
  /** Of the event under way. */
  watch: Watch;
}

export function createStage(system: System, watch: Watch): Stage {
  const { devices } = system;
  return {
    system,
    byIrq: devices.flatMap((device, index) => (device.granted > 0 ? [{ device, index }] : [])),
    byName: new Map(devices.map((device) => [device.spec.name, device])),
    hinted: devices.filter(({ plan, granted }) => plan.hints && granted > 0),
    queuesOf: new Map(),
    frozen: null,
    smtOff: system.machine.cmdline.smt !== 'on' && system.machine.smtShift > 0,
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
  const { byIrq } = stage;
  let low = 0;
  let high = byIrq.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byIrq[middle].device.firstIrq <= irq) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  const { device, index } = byIrq[low - 1];
  const vector = irq - device.firstIrq;
  if (vector >= device.granted) return null;
  return { device, index, vector, queues: queueMap(stage, device).get(vector) ?? [] };
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
