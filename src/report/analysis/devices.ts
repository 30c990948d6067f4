/** The device table, and with -v every queue. */
import type { Analysis } from '../../findings/analyze.ts';
import { shortenList } from '../../lib/ids.ts';
import { type DeviceRun, HEALTHS, type Health } from '../../linux/sim/run.ts';
import type { Block, Cell, Column, Document, Section, Tone } from '../document/block.ts';

/** Table rows shown without -v. */
const ROWS_MAX = 24;

export const HEALTH_TONES: Readonly<Record<Health, Tone>> = {
  healthy: 'good',
  idle: 'idle',
  'at-risk': 'doubt',
  degraded: 'hurt',
  dead: 'bad',
};

const NUMBERS = { numbers: true } as const;
const DEVICE_COLUMNS: readonly Column[] = [
  { title: 'Devices' },
  { title: 'driver' },
  ...['queues', ...HEALTHS, 'vectors'].map((title) => ({ title, ...NUMBERS })),
];
const QUEUE_COLUMNS = ['queue', 'irq', 'CPUs', 'effective', 'vector', 'state', 'health'].map((title) => ({
  title,
}));

function healthCounts(device: DeviceRun): number[] {
  const counts = HEALTHS.map(() => 0);
  for (const queue of device.queues) counts[HEALTHS.indexOf(queue.health)]++;
  return counts;
}

/** Consecutive devices of one driver with the same figures share a row. */
function groupAlike(devices: readonly DeviceRun[]): { devices: DeviceRun[]; counts: number[] }[] {
  const groups: { key: string; devices: DeviceRun[]; counts: number[] }[] = [];
  for (const device of devices) {
    const counts = healthCounts(device);
    const key = [
      device.driver,
      device.vectorsAsked,
      device.vectorsGranted,
      device.fallback,
      ...counts,
    ].join();
    const last = groups[groups.length - 1];
    if (last?.key === key) last.devices.push(device);
    else groups.push({ key, devices: [device], counts });
  }
  return groups;
}

function groupName(devices: readonly DeviceRun[]): string {
  const [first] = devices;
  const names = devices.length === 1 ? first.name : `${first.name} .. ${devices[devices.length - 1].name}`;
  return names;
}

/** A row a device or group of like devices, and what makes them fall back. */
export function deviceSection(analysis: Analysis, verbose: boolean): Section {
  const { devices } = analysis.run;
  if (devices.length === 0)
    return [{ kind: 'facts', facts: [{ name: 'Devices', texts: ['none described'] }] }];
  const groups = groupAlike(devices);
  const rows: Cell[][] = [];
  for (const { devices: alike, counts } of groups.slice(0, verbose ? undefined : ROWS_MAX)) {
    const [first] = alike;
    rows.push([
      { text: groupName(alike) + (alike.length > 1 ? ` (${alike.length})` : '') },
      { text: first.driver },
      { text: String(first.queues.length) },
      ...counts.map(
        (n, health): Cell =>
          n === 0 ? { text: '-', tone: 'aside' } : { text: String(n), tone: HEALTH_TONES[HEALTHS[health]] },
      ),
      { text: `${first.vectorsGranted}/${first.vectorsAsked}` },
    ]);
  }
  const remarks = groups.flatMap(({ devices: alike }) =>
    alike[0].fallback === null ? [] : [`${groupName(alike)}: ${alike[0].fallback}`],
  );
  if (groups.length > ROWS_MAX && !verbose)
    remarks.push(`and ${groups.length - ROWS_MAX} more rows (-v shows all)`);
  const table: Block = { kind: 'table', columns: DEVICE_COLUMNS, rows };
  const list: Block = { kind: 'list', items: remarks };
  const grouped = groups.some(({ devices: alike }) => alike.length > 1);
  const legend: Section = grouped
    ? [{ kind: 'paragraph', text: 'figures of grouped devices are for each of them', tone: 'aside' }]
    : [];
  return [table, list, ...legend];
}

/** Every queue and other interrupt of every device. */
export function queueSections(analysis: Analysis): Document {
  return analysis.run.devices.map((device): Section => {
    const rows: Cell[][] = [
      ...device.interrupts.map((row) =>
        [
          '-',
          String(row.irq),
          shortenList(row.affinity.toString()),
          String(row.effective),
          String(row.vector ?? '-'),
          row.vector === null ? 'idle' : 'started',
          '',
        ].map((text) => ({ text })),
      ),
      ...device.queues.map((row): Cell[] => [
        ...[
          String(row.index),
          String(row.irq ?? '-'),
          shortenList(row.affinity.toString()),
          String(row.effective ?? '-'),
          String(row.vector ?? '-'),
          row.state,
        ].map((text) => ({ text })),
        { text: row.health, tone: HEALTH_TONES[row.health] },
      ]),
    ];
    const caption = `${device.name} (${device.driver})`;
    return [{ kind: 'table', caption, columns: QUEUE_COLUMNS, rows }];
  });
}
