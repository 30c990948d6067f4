/** The device table, and with -v every queue. */
import type { Analysis } from '../../findings/analyze.ts';
import { shortenList } from '../../lib/ids.ts';
import { visible } from '../../lib/visible.ts';
import { type DeviceRun, HEALTHS, type Health } from '../../linux/sim/run.ts';
import { block, type Paper } from './paper.ts';
import { plainTable, tableLines } from './table.ts';

/** Table rows shown without -v. */
const ROWS_MAX = 24;

const INK: Record<Health, 'green' | 'blue' | 'yellow' | 'magenta' | 'red'> = {
  healthy: 'green',
  idle: 'blue',
  'at-risk': 'yellow',
  degraded: 'magenta',
  dead: 'red',
};

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
  return visible(names);
}

/** The "Devices" block: one row a device or group of like devices. */
export function deviceBlock(analysis: Analysis, sheet: Paper): string[] {
  const { devices } = analysis.run;
  if (devices.length === 0) return block(sheet, 'Devices', ['none described']);
  const groups = groupAlike(devices);
  const table = plainTable(
    ['Devices', 'driver', 'queues', ...HEALTHS, 'vectors'].map((h) => sheet.ink.bold(h)),
    2,
  );
  for (const { devices: alike, counts } of groups.slice(0, sheet.verbose ? undefined : ROWS_MAX)) {
    const [first] = alike;
    table.push([
      groupName(alike) + (alike.length > 1 ? ` (${alike.length})` : ''),
      visible(first.driver),
      String(first.queues.length),
      ...counts.map((n, health) =>
        n === 0 ? sheet.ink.dim('-') : sheet.ink[INK[HEALTHS[health]]](String(n)),
      ),
      `${first.vectorsGranted}/${first.vectorsAsked}`,
    ]);
  }
  const text = tableLines(table);
  for (const { devices: alike } of groups) {
    if (alike[0].fallback !== null) text.push(`  ${groupName(alike)}: ${visible(alike[0].fallback)}`);
  }
  if (groups.length > ROWS_MAX && !sheet.verbose)
    text.push(`  and ${groups.length - ROWS_MAX} more rows (-v shows all)`);
  if (groups.some(({ devices: alike }) => alike.length > 1))
    text.push(sheet.ink.dim('figures of grouped devices are for each of them'));
  return text;
}

/** Every queue and other interrupt of every device. */
export function queueBlocks(analysis: Analysis, sheet: Paper): string[] {
  return analysis.run.devices.flatMap((device) => {
    const table = plainTable(
      ['queue', 'irq', 'CPUs', 'effective', 'vector', 'state', 'health'].map((h) => sheet.ink.bold(h)),
      7,
    );
    for (const row of device.interrupts) {
      table.push([
        '-',
        String(row.irq),
        shortenList(row.affinity.toString()),
        String(row.effective),
        String(row.vector ?? '-'),
        row.vector === null ? 'idle' : 'started',
        '',
      ]);
    }
    for (const row of device.queues) {
      table.push([
        String(row.index),
        String(row.irq ?? '-'),
        shortenList(row.affinity.toString()),
        String(row.effective ?? '-'),
        String(row.vector ?? '-'),
        row.state,
        sheet.ink[INK[row.health]](row.health),
      ]);
    }
    return [
      '',
      `${sheet.ink.bold(visible(device.name))} (${visible(device.driver)})`,
      ...tableLines(table).map((line) => `  ${line}`),
    ];
  });
}
