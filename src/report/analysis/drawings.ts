/** What an analysis shows where there can be drawings: queues over CPUs, and the vectors of CPUs. */
import type { Analysis } from '../../findings/analyze.ts';
import { formatList, parseCpuList } from '../../lib/cpumask.ts';
import { groupBy } from '../../lib/group-by.ts';
import { shortenList } from '../../lib/ids.ts';
import { type DeviceRun, HEALTHS, type QueueRow } from '../../linux/sim/run.ts';
import type { Bars, Block, Mark, Section, Spans } from '../document/block.ts';
import { deviceNames } from '../wording/device-names.ts';
import { HEALTH_TONES } from './devices.ts';

/** Rows that are drawn at most; what is left out is said. */
const ROWS_MAX = 1024;
const BARS_MAX = 64;

const MARKS: readonly Mark[] = HEALTHS.map((health) => ({
  sign: health[0],
  meaning: health,
  tone: HEALTH_TONES[health],
}));

function queueText({ affinity, effective, state, health, irq }: QueueRow): string {
  const now = effective === null ? '' : `, effective CPU ${effective}`;
  const number = irq === null ? '' : `, interrupt ${irq}`;
  return `CPUs ${shortenList(affinity.toString())}${now}${number}, ${state}, ${health}`;
}

function rowOf(device: DeviceRun, queue: QueueRow): Spans['rows'][number] {
  return {
    name: `queue ${queue.index}`,
    text: queueText(queue),
    mark: HEALTHS.indexOf(queue.health),
    ranges: queue.affinity.isEmpty() ? [] : parseCpuList(queue.affinity.toString()),
    at: queue.state === 'started' ? queue.effective : null,
    subject: `queue ${device.name}:${queue.index}`,
  };
}

/** What two devices must share to be drawn as one: where interrupts arrive now and their numbers do not count. */
const shapeOf = ({ driver, queues }: DeviceRun): string =>
  `${driver} ${queues.map(({ affinity, state, health }) => [affinity, state, health]).join(';')}`;

function captionOf(devices: readonly DeviceRun[], cpus: number): string {
  const [{ name, driver }] = devices;
  const names = deviceNames(devices.map((device) => device.name));
  const whose = devices.length > 1 ? `the interrupt of ${name}` : 'the interrupt';
  const over = cpus === 1 ? 'CPU 0' : `CPUs 0-${cpus - 1}`;
  return `Queues of ${names} (${driver}) over ${over}; a tick stands where ${whose} arrives`;
}

/** Queues over CPUs, once for devices that look the same. */
export function queueDrawings({ run, enumeration }: Analysis): Section {
  const drawn = run.devices.filter(({ queues }) => queues.length > 0);
  const alike = groupBy(drawn, shapeOf);
  const blocks: Block[] = [];
  let rows = 0;
  let left = 0;
  for (const devices of alike.values()) {
    const [first] = devices;
    if (rows > 0 && rows + first.queues.length > ROWS_MAX) {
      left += devices.length;
      continue;
    }
    rows += first.queues.length;
    blocks.push({
      kind: 'spans',
      caption: captionOf(devices, enumeration.nrCpuIds),
      things: 'CPUs',
      count: enumeration.nrCpuIds,
      marks: MARKS,
      rows: first.queues.map((queue) => rowOf(first, queue)),
    });
  }
  if (left > 0) {
    const text = `${left} more ${left === 1 ? 'device is' : 'devices are'} not drawn; the tables have them.`;
    blocks.push({ kind: 'paragraph', tone: 'aside', text });
  }
  return blocks;
}

const PARTS: Bars['parts'] = [
  { name: 'in use', tone: 'idle' },
  { name: 'reserved for queues that do not run there', tone: 'hurt' },
  { name: 'free', tone: 'absent' },
];

/** Vectors of online CPUs, like CPUs in one bar. */
export function vectorBars({ run: { vectors, online } }: Analysis): Section {
  const groups = new Map<string, { readonly values: readonly number[]; readonly cpus: number[] }>();
  for (const { cpu, available, allocated, managed, managedAllocated } of vectors.perCpu) {
    if (!online.test(cpu)) continue;
    const values = [allocated, managed - managedAllocated, available];
    const group = groups.get(values.join());
    if (group) group.cpus.push(cpu);
    else groups.set(values.join(), { values, cpus: [cpu] });
  }
  if (groups.size === 0) return [];
  const all = [...groups.values()].sort((one, other) => one.values[2] - other.values[2]);
  const shown = all.slice(0, BARS_MAX);
  const rows = shown.map(({ values, cpus }) => ({
    name: `CPU${cpus.length === 1 ? '' : 's'} ${shortenList(formatList(cpus), 2)}`,
    values,
  }));
  const caption = `Vectors of online CPUs, ${vectors.perCpuCapacity} a CPU, the fullest first`;
  const rest = all.slice(BARS_MAX).reduce((sum, { cpus }) => sum + cpus.length, 0);
  return [
    { kind: 'bars', caption, parts: PARTS, rows },
    ...(rest > 0
      ? [
          {
            kind: 'paragraph' as const,
            tone: 'aside' as const,
            text: `${rest} CPUs with more free vectors are not drawn.`,
          },
        ]
      : []),
  ];
}
