/** The block layer's maps, with -v: which queue of each type takes the I/O of each CPU. */
import type { Analysis } from '../../findings/analyze.ts';
import { shortenList } from '../../lib/ids.ts';
import type { QueueMap } from '../../linux/sim/run.ts';
import type { Cell, Column, Document, Section } from '../document/block.ts';
import { deviceNames } from '../wording/device-names.ts';

const COLUMNS: readonly Column[] = ['type', 'queue', 'I/O of CPUs'].map((title) => ({ title }));

/** Devices whose maps are the same, in the order of the first of them. */
function groupAlike({ run }: Analysis): { names: string[]; maps: readonly QueueMap[] }[] {
  const groups = new Map<string, { names: string[]; maps: readonly QueueMap[] }>();
  for (const { name, maps } of run.devices) {
    if (maps.length === 0) continue;
    const key = maps.map(({ type, entries }) => [type, ...entries.map(entryKey)].join(' ')).join(';');
    const known = groups.get(key);
    if (known) known.names.push(name);
    else groups.set(key, { names: [name], maps });
  }
  return [...groups.values()];
}

const entryKey = ({ queue, cpus, fallback }: QueueMap['entries'][number]): string =>
  `${queue}:${cpus}${fallback ? '*' : ''}`;

/** "CPUs 4-7 are in no mask of the default queues, so they stay with queue 0". */
function fallbackText({ type, entries }: QueueMap): string[] {
  return entries.flatMap(({ queue, cpus, fallback }) => {
    if (!fallback) return [];
    const list = shortenList(cpus.toString());
    return cpus.weight() === 1
      ? [`CPU ${list} is in no mask of the ${type} queues, so it stays with queue ${queue}`]
      : [`CPUs ${list} are in no mask of the ${type} queues, so they stay with queue ${queue}`];
  });
}

/** A table a device of the block layer, or group of devices whose maps are the same; the rows hold every possible CPU once a type. */
export function queueMapSections(analysis: Analysis): Document {
  return groupAlike(analysis).map(({ names, maps }): Section => {
    const rows = maps.flatMap(({ type, entries }) =>
      entries.map(({ queue, cpus }): Cell[] =>
        [type, String(queue), shortenList(cpus.toString())].map((text) => ({ text })),
      ),
    );
    return [
      { kind: 'table', caption: `${deviceNames(names)}: queues by CPU`, columns: COLUMNS, rows },
      { kind: 'list', items: maps.flatMap(fallbackText) },
    ];
  });
}
