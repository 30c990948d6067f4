/** The queue-by-event strip: what each device's queues are after boot and after each event, one sign each. */
import { formatList } from '../../lib/cpumask.ts';
import { type DeviceHistory, QUEUE_STATES, type Timeline } from '../../linux/sim/run.ts';

export type QueueState = (typeof QUEUE_STATES)[number];

/** Sign and words of each state. */
export const SIGNS: Readonly<Record<QueueState, { sign: string; meaning: string }>> = {
  started: { sign: '#', meaning: 'started' },
  degraded: { sign: '~', meaning: 'degraded' },
  waiting: { sign: '.', meaning: 'stopped: waits for a CPU' },
  'not-allocated': { sign: '-', meaning: 'no vector' },
  dead: { sign: 'X', meaning: 'dead' },
};

/** Queues of like history. */
export interface StripRow {
  /** "0-3,8". */
  readonly queues: string;
  /** State in each column: after boot, then after each event or group of events. */
  readonly states: readonly QueueState[];
}

/** Devices of like history, and their rows by first queue. */
export interface StripBlock {
  readonly devices: readonly string[];
  readonly rows: readonly StripRow[];
}

export interface Strip {
  /** Events that one column stands for; it shows the worst state among them. */
  readonly perColumn: number;
  readonly blocks: readonly StripBlock[];
}

/** Pairs (event, state) of one queue, as text to compare and as numbers to draw. */
function stepsByQueue({ steps }: DeviceHistory): Map<number, number[]> {
  const byQueue = new Map<number, number[]>();
  for (let n = 0; n < steps.length; n += 3) {
    const own = byQueue.get(steps[n + 1]);
    if (own) own.push(steps[n], steps[n + 2]);
    else byQueue.set(steps[n + 1], [steps[n], steps[n + 2]]);
  }
  return byQueue;
}

/** Column 0 is boot; column c holds the worst state after its events. */
function columns(boot: number, steps: readonly number[], events: number, perColumn: number): QueueState[] {
  const states: QueueState[] = [QUEUE_STATES[boot]];
  let now = boot;
  let step = 0;
  for (let first = 1; first <= events; first += perColumn) {
    const end = Math.min(first + perColumn, events + 1);
    // The state that the first event finds counts unless that event changes it.
    let worst = steps[step] === first ? -1 : now;
    while (step < steps.length && steps[step] < end) {
      now = steps[step + 1];
      worst = Math.max(worst, now);
      step += 2;
    }
    states.push(QUEUE_STATES[worst]);
  }
  return states;
}

function rowsOf(history: DeviceHistory, events: number, perColumn: number): StripRow[] {
  const byQueue = stepsByQueue(history);
  const groups = new Map<string, { queues: number[]; boot: number; steps: readonly number[] }>();
  history.boot.forEach((boot, queue) => {
    const steps = byQueue.get(queue) ?? [];
    const key = `${boot}:${steps.join()}`;
    const group = groups.get(key);
    if (group) group.queues.push(queue);
    else groups.set(key, { queues: [queue], boot, steps });
  });
  return [...groups.values()].map(({ queues, boot, steps }) => ({
    queues: formatList(queues),
    states: columns(boot, steps, events, perColumn),
  }));
}

/** Draws the timeline in at most `columnsMax` columns (boot among them; at least 2). Devices without queues are left out. */
export function strip({ devices }: Timeline, events: number, columnsMax: number): Strip {
  const perColumn = Math.max(1, Math.ceil(events / Math.max(1, columnsMax - 1)));
  const blocks = new Map<string, { devices: string[]; rows: StripRow[] }>();
  for (const history of devices) {
    if (history.boot.length === 0) continue;
    const key = `${history.boot.join('')}:${history.steps.join()}`;
    const block = blocks.get(key);
    if (block) block.devices.push(history.device);
    else blocks.set(key, { devices: [history.device], rows: rowsOf(history, events, perColumn) });
  }
  return { perColumn, blocks: [...blocks.values()] };
}

/** The states of a row as signs. */
export function signs({ states }: StripRow): string {
  return states.map((state) => SIGNS[state].sign).join('');
}
