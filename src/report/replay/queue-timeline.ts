/** The queue-by-event timeline: what each device's queues are after boot and after each event. */
import { formatList } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { type DeviceHistory, QUEUE_STATES, type Timeline } from '../../linux/sim/run.ts';
import type { History, Mark, Timeline as TimelineBlock } from '../document/block.ts';
import { deviceNames } from '../wording/device-names.ts';

/** Sign and words of each state, in the order of the model: from the best to the worst. */
export const MARKS: Readonly<Record<(typeof QUEUE_STATES)[number], Mark>> = {
  started: { sign: '#', meaning: 'started', tone: 'good' },
  degraded: { sign: '~', meaning: 'degraded', tone: 'hurt' },
  waiting: { sign: '.', meaning: 'stopped: waits for a CPU', tone: 'idle' },
  'not-allocated': { sign: '-', meaning: 'no vector', tone: 'absent' },
  dead: { sign: 'X', meaning: 'dead', tone: 'bad' },
};

/** At most this many rows a device, and devices, if not verbose. */
const ROWS_MAX = 16;
const GROUPS_MAX = 16;
/** Ranges of queue numbers that name a row. */
const RANGES = 2;

/** Rows at even distances, the first and the last among them. */
function sample<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.round((n * (all.length - 1)) / (most - 1))]);
}

/** Pairs (event, state) of each queue. */
function changesByQueue({ steps }: DeviceHistory): Map<number, number[]> {
  const byQueue = new Map<number, number[]>();
  for (let n = 0; n < steps.length; n += 3) {
    const own = byQueue.get(steps[n + 1]);
    if (own) own.push(steps[n], steps[n + 2]);
    else byQueue.set(steps[n + 1], [steps[n], steps[n + 2]]);
  }
  return byQueue;
}

/** A row for queues of like history, by first queue; its name is the list of them. */
function rowsOf(history: DeviceHistory): History[] {
  const byQueue = changesByQueue(history);
  const groups = new Map<string, { queues: number[]; start: number; changes: readonly number[] }>();
  history.boot.forEach((start, queue) => {
    const changes = byQueue.get(queue) ?? [];
    const key = `${start}:${changes.join()}`;
    const group = groups.get(key);
    if (group) group.queues.push(queue);
    else groups.set(key, { queues: [queue], start, changes });
  });
  return [...groups.values()].map(({ queues, ...history }) => ({
    name: formatList(queues),
    ...history,
  }));
}

/** Devices of like history together; those without queues are left out. */
export function groupsOf({ devices }: Timeline): { devices: string[]; rows: History[] }[] {
  const groups = new Map<string, { devices: string[]; rows: History[] }>();
  for (const history of devices) {
    if (history.boot.length === 0) continue;
    const key = `${history.boot.join('')}:${history.steps.join()}`;
    const group = groups.get(key);
    if (group) group.devices.push(history.device);
    else groups.set(key, { devices: [history.device], rows: rowsOf(history) });
  }
  return [...groups.values()];
}

/** The timeline of all queues; the number of kinds of devices that are not shown. */
export function queueTimeline(
  timeline: Timeline,
  events: number,
  verbose: boolean,
): { readonly block: TimelineBlock; readonly hidden: number } {
  const all = groupsOf(timeline);
  const shown = verbose ? all : all.slice(0, GROUPS_MAX);
  const groups = shown.map(({ devices, rows }) => {
    const some = (verbose ? rows : sample(rows, ROWS_MAX)).map(({ name, ...history }) => ({
      name: shortenList(name, RANGES),
      ...history,
    }));
    const hidden = rows.length - some.length;
    const title = deviceNames(devices);
    return hidden === 0
      ? { title, rows: some }
      : { title, rows: some, more: `${hidden} more histories between these (-v shows all)` };
  });
  const marks = QUEUE_STATES.map((state) => MARKS[state]);
  const names = { name: 'Queues', rows: 'queue', steps: 'events', start: 'after boot' };
  return {
    block: { kind: 'timeline', ...names, first: 'b', count: events, marks, groups },
    hidden: all.length - shown.length,
  };
}
