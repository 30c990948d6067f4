/** What one event changed, in a few lines: like interrupts and like devices together. */

import { formatList } from '../../lib/cpumask.ts';
import { groupBy } from '../../lib/group-by.ts';
import { shortenList } from '../../lib/ids.ts';
import type { EventRun, InterruptChange } from '../../linux/sim/run.ts';
import { deviceNames } from './device-names.ts';

const plural = (word: string, numbers: readonly number[]): string =>
  `${word}${numbers.length === 1 ? '' : 's'} ${shortenList(formatList(numbers))}`;

function cpus(numbers: Iterable<number | null>): string {
  const sorted = [...new Set(numbers)].filter((cpu) => cpu !== null).sort((a, b) => a - b);
  return plural('CPU', sorted);
}

/** "queues 2-3", "vector 0", "irqs 1,4". */
function subject(changes: readonly InterruptChange[]): string {
  const [{ device, queue }] = changes;
  if (device === null)
    return plural(
      'irq',
      changes.map(({ irq }) => irq),
    );
  if (queue !== null)
    return plural(
      'queue',
      changes.map((change) => change.queue ?? 0),
    );
  return plural(
    'vector',
    changes.map(({ vector }) => vector ?? 0),
  );
}

function predicate(changes: readonly InterruptChange[]): string {
  const [{ kind, from }] = changes;
  if (kind === 'shut-down') return 'shut down';
  const to = cpus(changes.map((change) => change.to));
  if (kind === 'lost')
    return changes[0].to === null
      ? `lost: stays on CPU ${from}, and nothing arrives there`
      : `lost: goes to ${to}, out of reach of its messages`;
  return kind === 'started' ? `started on ${to}` : `moved from CPU ${from} to ${to}`;
}

const grouped = <T>(all: readonly T[], keyOf: (one: T) => string): T[][] => [...groupBy(all, keyOf).values()];

/** What became of the interrupts of one device. */
function deviceText(changes: readonly InterruptChange[]): string {
  const alike = grouped(
    changes,
    ({ kind, queue, from, to }) =>
      `${kind} ${queue === null} ${kind === 'moved' || kind === 'lost' ? from : ''} ${kind === 'lost' && to !== null}`,
  );
  return alike.map((group) => `${subject(group)} ${predicate(group)}`).join('; ');
}

/** Everything an event changed: interrupts in groups, then CPUs and the rest. */
export function changeLines(run: EventRun): readonly string[] {
  const { interrupts, unlisted } = run.changed;
  return [...interruptLines(run), ...run.changes.slice(interrupts.length + (unlisted > 0 ? 1 : 0))];
}

function interruptLines({ changed: { interrupts, unlisted } }: EventRun): string[] {
  const texts = grouped(interrupts, ({ device }) => device ?? '').map((changes) => ({
    device: changes[0].device,
    text: deviceText(changes),
  }));
  const lines = grouped(texts, ({ device, text }) => `${device === null} ${text}`).map((group) => {
    const names = group.map(({ device }) => device).filter((name) => name !== null);
    return names.length === 0 ? group[0].text : `${deviceNames(names)}: ${group[0].text}`;
  });
  return unlisted === 0 ? lines : [...lines, `${unlisted} more interrupts changed`];
}
