/** The strip as text: a ruler of event numbers, a block for each device, a legend. */
import { shortenList } from '../../lib/ids.ts';
import { visible } from '../../lib/visible.ts';
import type { Timeline } from '../../linux/sim/run.ts';
import { LABEL, named, type TextStyle } from '../text/style.ts';
import { deviceNames } from '../wording/device-names.ts';
import { type QueueState, SIGNS, type StripBlock, type StripRow, strip } from './strip.ts';

const INK: Record<QueueState, 'green' | 'magenta' | 'blue' | 'gray' | 'red'> = {
  started: 'green',
  degraded: 'magenta',
  waiting: 'blue',
  'not-allocated': 'gray',
  dead: 'red',
};

/** At most this many rows a device, and devices. */
const ROWS_MAX = 16;
const BLOCKS_MAX = 16;
/** Width of the column of queue numbers. */
const QUEUES = 14;

/** Rows at even distances, the first and the last among them. */
function sample<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.round((n * (all.length - 1)) / (most - 1))]);
}

/** "b" for boot, then the event numbers: tens above, units below, or every tenth column's first event. */
function ruler(events: number, perColumn: number): string[] {
  const count = Math.ceil(events / perColumn);
  if (perColumn > 1) {
    let line = 'b';
    for (let column = 0; column < count; column += 10) {
      line = line.padEnd(column + 1) + String(column * perColumn + 1);
    }
    return [line];
  }
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const units = `b${numbers.map((n) => n % 10).join('')}`;
  const tens = ` ${numbers.map((n) => (n % 10 === 0 ? String(Math.floor(n / 10) % 10) : ' ')).join('')}`;
  return count < 10 ? [units] : [tens.trimEnd(), units];
}

function queueLabel({ queues }: StripRow): string {
  const text = shortenList(queues, 2);
  return text.length <= QUEUES - 2 ? text : `${text.slice(0, QUEUES - 3)}…`;
}

function blockLines({ devices, rows }: StripBlock, style: TextStyle): string[] {
  const shown = style.verbose ? rows : sample(rows, ROWS_MAX);
  const lines = shown.map((row) => {
    const cells = row.states.map((state) => style.chalk[INK[state]](SIGNS[state].sign)).join('');
    return `${' '.repeat(LABEL)}${queueLabel(row).padEnd(QUEUES)}${cells}`;
  });
  const name = visible(deviceNames(devices));
  const hidden = rows.length - shown.length;
  return [
    style.chalk.bold(name),
    ...lines,
    ...(hidden > 0
      ? [style.chalk.dim(`${' '.repeat(LABEL)}${hidden} more histories between these (-v shows all)`)]
      : []),
  ];
}

/** Lines of the whole strip; empty without queues. */
export function stripLines(timeline: Timeline, events: number, style: TextStyle): string[] {
  const { perColumn, blocks } = strip(timeline, events, Math.max(2, style.width - LABEL - QUEUES));
  if (blocks.length === 0) return [];
  const shown = style.verbose ? blocks : blocks.slice(0, BLOCKS_MAX);
  const used = new Set(shown.flatMap(({ rows }) => rows.flatMap(({ states }) => states)));
  const legend = (Object.keys(SIGNS) as QueueState[])
    .filter((state) => used.has(state))
    .map((state) => `${SIGNS[state].sign} ${SIGNS[state].meaning}`);
  const scale = perColumn > 1 ? [`a column is the worst of ${perColumn} events`] : [];
  const margin = ' '.repeat(LABEL);
  const head = ruler(events, perColumn).map((line, n, all) =>
    style.chalk.dim(`${margin}${(n === all.length - 1 ? 'queue' : '').padEnd(QUEUES)}${line}`),
  );
  return [
    ...named(style, 'Queues', [['b after boot', ...legend, ...scale].join(', ')]),
    ...head,
    ...shown.flatMap((one) => blockLines(one, style)),
    ...(blocks.length > shown.length
      ? [`and ${blocks.length - shown.length} more kinds of devices (-v shows all)`]
      : []),
  ];
}
