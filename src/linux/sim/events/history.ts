/** The states that queues go through, kept as changes: what the timeline of a replay is drawn from. */
import { hasFlags, type IrqDesc, IrqFlag } from '../../engine/irq-desc.ts';
import { type QueueSetting, queueHealth } from '../health.ts';
import { redirectTargets } from '../redirect.ts';
import { type DeviceHistory, QUEUE_STATES, type RedirectChange } from '../run.ts';
import type { ProbedDevice, System } from '../system.ts';
import { placeOf, type Stage } from './stage.ts';

type QueueState = (typeof QUEUE_STATES)[number];
const codeOf = (state: QueueState): number => QUEUE_STATES.indexOf(state);

interface Recorded {
  readonly device: ProbedDevice;
  readonly boot: Uint8Array;
  /** State of each queue now. */
  readonly now: Uint8Array;
  /** Queue that each one's requests go to, -1: its own. */
  readonly targets: Int32Array;
  readonly steps: number[];
}

/** Queue states of all devices. */
export interface History {
  readonly devices: readonly Recorded[];
}

function stateOf(d: IrqDesc | null, setting: QueueSetting): QueueState {
  if (d === null) return 'not-allocated';
  const health = queueHealth(d, setting);
  if (health === 'dead' || health === 'degraded') return health;
  return hasFlags(d, IrqFlag.started) ? 'started' : 'waiting';
}

function descsOf({ life }: System, { queueVectors, firstIrq }: ProbedDevice): (IrqDesc | null)[] {
  return queueVectors.map((vector) => (vector === null ? null : (life.irqs.get(firstIrq + vector) ?? null)));
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
  };
  for (const recorded of history.devices) {
    judge(system, recorded, 0);
    recorded.boot.set(recorded.now);
    recorded.steps.length = 0;
  }
  return history;
}

/** Judges every queue of a device; returns the requests that go elsewhere now. */
function judge(system: System, recorded: Recorded, event: number): RedirectChange[] {
  const { device, targets } = recorded;
  const { online, reach, life } = system;
  const descs = descsOf(system, device);
  const changes: RedirectChange[] = [];
  const wanted = redirectTargets(system, descs);
  descs.forEach((d, queue) => {
    const target = wanted[queue] ?? -1;
    const setting = { shared: device.shared, redirected: target >= 0, online, reach, life };
    note(recorded, event, queue, codeOf(stateOf(d, setting)));
    if (target === targets[queue]) return;
    targets[queue] = target;
    changes.push({ device: device.spec.name, queue, to: target < 0 ? null : target });
  });
  return changes;
}

function note({ now, steps }: Recorded, event: number, queue: number, code: number): void {
  if (now[queue] === code) return;
  now[queue] = code;
  steps.push(event, queue, code);
}

/**
 * Notes the queues that an event changed: those whose interrupts were watched, or (`everything`) all,
 * where their state follows from more than their interrupt. Returns requests that go elsewhere now.
 */
export function recordEvent(
  stage: Stage,
  history: History,
  event: number,
  everything: boolean,
): RedirectChange[] {
  const { system, watch } = stage;
  if (everything) return history.devices.flatMap((recorded) => judge(system, recorded, event));
  const { online, reach, life } = system;
  for (const d of watch.interrupts.keys()) {
    const place = placeOf(stage, d.irq);
    if (!place) continue;
    const setting = { shared: place.device.shared, redirected: false, online, reach, life };
    const code = codeOf(stateOf(d, setting));
    for (const queue of place.queues) note(history.devices[place.index], event, queue, code);
  }
  return [];
}

/** The finished history. */
export function historyRows({ devices }: History): DeviceHistory[] {
  return devices.map(({ device, boot, steps }) => ({ device: device.spec.name, boot, steps }));
}
