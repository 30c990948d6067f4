/** The states that queues go through, kept as changes: what the timeline of a replay is drawn from. */
import type { CpuMask } from '../../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../../engine/irq-desc.ts';
import { createHangLog, endHangs, type HangLog, hangingOn, noteHang } from '../hangs.ts';
import { type QueueSetting, queueHealth } from '../health.ts';
import { irqOf } from '../irq-numbers.ts';
import { redirectTargets } from '../redirect.ts';
import { type DeviceHistory, type HangChange, QUEUE_STATES, type RedirectChange } from '../run.ts';
import { arrivalOf, type ProbedDevice, type System } from '../system.ts';
import { placeOf, type Stage } from './stage.ts';

type QueueState = (typeof QUEUE_STATES)[number];
const codeOf = (state: QueueState): number => QUEUE_STATES.indexOf(state);

interface Recorded {
  device: ProbedDevice;
  boot: Uint8Array;
  /** State of each queue now. */
  now: Uint8Array;
  /** Queue that each one's requests go to, -1: its own. */
  targets: Int32Array;
  readonly steps: number[];
}

/** Queue states of all devices. */
export interface History {
  readonly devices: readonly Recorded[];
  readonly hangs: HangLog;
}

/** What changed besides the states of queues. */
export interface QueueChanges {
  readonly redirected: readonly RedirectChange[];
  readonly hanging: readonly HangChange[];
}

function stateOf(d: IrqDesc | null, setting: QueueSetting, mapped: CpuMask | undefined): QueueState {
  if (d === null) return 'not-allocated';
  const health = queueHealth(d, setting, mapped);
  if (health === 'dead' || health === 'degraded') return health;
  return hasFlags(d, IrqFlag.started) ? 'started' : 'waiting';
}

function descsOf({ life }: System, device: ProbedDevice): (IrqDesc | null)[] {
  return device.queueVectors.map((vector) =>
    vector === null ? null : (life.irqs.get(irqOf(device, vector)) ?? null),
  );
}

/** Starts with the states after probing. */
export function createHistory(system: System): History {
  const history: History = {
    devices: system.devices.map((device) => {
      const queues = device.queueVectors.length;
      const targets = new Int32Array(queues).fill(-1);
      const now = new Uint8Array(queues);
      return { device, boot: new Uint8Array(queues), now, targets, steps: [] };
    }),
    hangs: createHangLog(),
  };
  for (const recorded of history.devices) {
    judge(system, history, recorded, 0);
    recorded.boot.set(recorded.now);
    recorded.steps.length = 0;
  }
  return history;
}

/** Judges every queue of a device. */
function judge(system: System, { hangs }: History, recorded: Recorded, event: number): QueueChanges {
  const { device, targets } = recorded;
  const arrival = arrivalOf(system, device.domain);
  const descs = descsOf(system, device);
  const redirected: RedirectChange[] = [];
  const hanging: HangChange[] = [];
  const wanted = redirectTargets(system, device, descs);
  descs.forEach((d, queue) => {
    const target = wanted[queue] ?? -1;
    const setting = { ...arrival, shared: device.shared, redirected: target >= 0 };
    note(recorded, event, queue, codeOf(stateOf(d, setting, device.mapped[queue])));
    const cpus = hangingOn(setting, device.mapped[queue], d);
    if (noteHang(hangs, device, queue, event, cpus)) hanging.push({ device: device.spec.name, queue, cpus });
    if (target === targets[queue]) return;
    targets[queue] = target;
    redirected.push({ device: device.spec.name, queue, to: target < 0 ? null : target });
  });
  return { redirected, hanging };
}

/** Bytes with others behind them, of queues that were not there before. */
function padded(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(Math.max(bytes.length, length)).fill(codeOf('not-allocated'));
  longer.set(bytes);
  return longer;
}

/** Goes on with a device that was set up again: queues that are gone have no vector, new ones had none. */
function adopt(system: System, { hangs }: History, recorded: Recorded, index: number, event: number): void {
  const device = system.devices[index];
  const queues = device.queueVectors.length;
  endHangs(hangs, recorded.device, event);
  recorded.device = device;
  recorded.boot = padded(recorded.boot, queues);
  recorded.now = padded(recorded.now, queues);
  recorded.targets = new Int32Array(queues).fill(-1);
  for (let queue = queues; queue < recorded.now.length; queue++)
    note(recorded, event, queue, codeOf('not-allocated'));
}

function note({ now, steps }: Recorded, event: number, queue: number, code: number): void {
  if (now[queue] === code) return;
  now[queue] = code;
  steps.push(event, queue, code);
}

/**
 * Notes the queues that an event changed: those whose interrupts were watched, or (`everything`) all,
 * where their state follows from more than their interrupt.
 */
export function recordEvent(
  stage: Stage,
  history: History,
  event: number,
  everything: boolean,
): QueueChanges {
  const { system, watch } = stage;
  for (const index of watch.reprobed) adopt(system, history, history.devices[index], index, event);
  if (everything || watch.reprobed.size > 0) {
    const judged = history.devices.map((recorded) => judge(system, history, recorded, event));
    return {
      redirected: judged.flatMap(({ redirected }) => redirected),
      hanging: judged.flatMap(({ hanging }) => hanging),
    };
  }
  const hanging: HangChange[] = [];
  for (const d of watch.interrupts.keys()) {
    const place = placeOf(stage, d.irq);
    if (!place) continue;
    const { shared, domain } = place.device;
    const setting = { ...arrivalOf(system, domain), shared, redirected: false };
    for (const queue of place.queues) {
      const code = codeOf(stateOf(d, setting, place.device.mapped[queue]));
      note(history.devices[place.index], event, queue, code);
      const cpus = hangingOn(setting, place.device.mapped[queue], d);
      if (noteHang(history.hangs, place.device, queue, event, cpus))
        hanging.push({ device: place.device.spec.name, queue, cpus });
    }
  }
  return { redirected: [], hanging };
}

/** The finished history. */
export function historyRows({ devices }: History): DeviceHistory[] {
  return devices.map(({ device, boot, steps }) => ({ device: device.spec.name, boot, steps }));
}
