/** The devices that differ as rows; devices with the same changes share them. */
import { count } from '../../findings/rules/rule.ts';
import { HEALTHS } from '../../linux/sim/run.ts';
import type { DeviceChange, OtherInterruptChange } from '../../questions/whatif/devices.ts';
import { healthText, vectorsText } from '../../questions/whatif/facets.ts';
import { queueRuns } from '../../questions/whatif/queues.ts';
import type { Change, Tone } from '../document/block.ts';
import { deviceNames } from '../wording/device-names.ts';
import { type ListStyle, type PlaceStyle, runText } from './queue-text.ts';
import type { RowOptions } from './row.ts';

/** Lines on the queues and on the other interrupts of a device, and groups of devices, if not verbose. */
const RUNS_SHOWN = 6;
const INTERRUPTS_SHOWN = 3;
const GROUPS_SHOWN = 16;
const NONE = '-';

type NamedRow = Omit<Change, 'name'> & { readonly what: string };

interface Group {
  readonly names: string[];
  readonly rows: readonly NamedRow[];
}

/** Rows of every group of devices, cut where they are too many. */
export function deviceRows(
  devices: readonly DeviceChange[],
  options: RowOptions,
  style: ListStyle,
): Change[] {
  const all = options.verbose
    ? groupBy(devices, (device) => rowsOf(device, options, style)).map(groupOf)
    : groupBy(devices, (device) => rowsOf(device, options, null)).map((group) =>
        withPlaces(group, options, style),
      );
  const shown = options.verbose ? all : all.slice(0, GROUPS_SHOWN);
  const rest = all.slice(shown.length).reduce((sum, { names }) => sum + names.length, 0);
  const more = neutral(`and ${count(rest, 'more device')} (-v shows all)`, '', '');
  return [
    ...shown.flatMap(({ names, rows }) => rows.map((row) => named(row, deviceNames(names)))),
    ...(rest > 0 ? [named(more, '')] : []),
  ];
}

const named = ({ what, ...row }: NamedRow, device: string): Change => ({ ...row, name: `${device}${what}` });

interface Alike {
  readonly devices: DeviceChange[];
  readonly rows: readonly NamedRow[];
}

/** Devices with the same rows together. */
function groupBy(devices: readonly DeviceChange[], rowsFor: (device: DeviceChange) => NamedRow[]): Alike[] {
  const groups = new Map<string, Alike>();
  for (const device of devices) {
    const rows = rowsFor(device);
    const key = JSON.stringify(rows);
    const group = groups.get(key);
    if (group) group.devices.push(device);
    else groups.set(key, { devices: [device], rows });
  }
  return [...groups.values()];
}

const groupOf = ({ devices, rows }: Alike): Group => ({ names: devices.map(({ name }) => name), rows });

/** Devices that changed alike; the CPUs are named where they are the same for all of them. */
function withPlaces(alike: Alike, options: RowOptions, style: ListStyle): Group {
  const exact = groupBy(alike.devices, (device) => rowsOf(device, options, style));
  return groupOf(exact.length === 1 ? exact[0] : alike);
}

const neutral = (what: string, before: string, after: string, details: readonly string[] = []): NamedRow => ({
  sign: '~',
  tone: 'neutral',
  what,
  before,
  after,
  details,
});

function rowsOf(change: DeviceChange, options: RowOptions, style: PlaceStyle): NamedRow[] {
  const { before, after } = change;
  if (before === null || after === null) return [wholeDevice(change)];
  const rows: NamedRow[] = [];
  const add = (what: string, was: string, is: string) => {
    if (was !== is) rows.push(neutral(what, was, is));
  };
  add(' driver', before.driver, after.driver);
  if (change.queues.length > 0) rows.push(queueRow(change, options, style));
  add(' vectors', vectorsText(before), vectorsText(after));
  add(' fallback', before.fallback ?? 'none', after.fallback ?? 'none');
  if (change.interrupts.length > 0) rows.push(interruptRow(change, options, style));
  // A device without queues is judged by its interrupts alone.
  if (rows.length === 0) add(' health', before.health, after.health);
  return rows;
}

function wholeDevice({ before, after }: DeviceChange): NamedRow {
  const device = before ?? after;
  const text = device ? `${device.driver}, ${healthText(device)}` : '';
  return before
    ? { sign: '-', tone: 'neutral', what: '', before: text, after: NONE, details: [] }
    : { sign: '+', tone: 'neutral', what: '', before: NONE, after: text, details: [] };
}

/** Whether the queues as a whole fare better or worse. */
function toneOf({ before, after }: DeviceChange): Tone {
  const misery = (device: DeviceChange['before']) =>
    (device?.queues ?? []).reduce((sum, { health }) => sum + (HEALTHS.indexOf(health) >= 2 ? 1 : 0), 0);
  const [was, is] = [misery(before), misery(after)];
  return is < was ? 'good' : is > was ? 'bad' : 'neutral';
}

function queueRow(change: DeviceChange, { verbose }: RowOptions, style: PlaceStyle): NamedRow {
  const { before, after, queues } = change;
  const runs = queueRuns(queues, verbose);
  const shown = verbose ? runs : runs.slice(0, RUNS_SHOWN);
  const rest = runs.slice(shown.length).reduce((sum, run) => sum + run.length, 0);
  const [was, is] = [before ? healthText(before) : NONE, after ? healthText(after) : NONE];
  return {
    sign: '~',
    tone: toneOf(change),
    what: ' queues',
    before: was === is ? '' : was,
    after: was === is ? '' : is,
    details: [
      ...shown.map((run) => runText(run, style)),
      ...(rest > 0 ? [`and ${count(rest, 'more queue')} (-v shows all)`] : []),
    ],
  };
}

function interruptRow({ interrupts }: DeviceChange, { verbose }: RowOptions, style: PlaceStyle): NamedRow {
  const shown = verbose ? interrupts : interrupts.slice(0, INTERRUPTS_SHOWN);
  const rest = interrupts.length - shown.length;
  return neutral(' interrupts', '', '', [
    ...shown.map((change) => interruptText(change, style)),
    ...(rest > 0 ? [`and ${count(rest, 'more interrupt')} (-v shows all)`] : []),
  ]);
}

/** "vector 4: CPU 6 → CPU 37, mask 18-35 → 36-71". */
function interruptText({ vectorIndex, before, after }: OtherInterruptChange, style: PlaceStyle): string {
  if (before === null || after === null) return `vector ${vectorIndex}: ${before ? 'removed' : 'added'}`;
  if (style === null) return `vector ${vectorIndex}: other CPUs`;
  const where = (row: typeof before) => (row.vector === null ? 'stopped' : `CPU ${row.effective}`);
  const arrow = (what: string, was: string, is: string) => (was === is ? [] : [`${what}${was} → ${is}`]);
  const [was, is] = [before, after].map(({ affinity }) => style(affinity.toString()));
  const parts = [...arrow('', where(before), where(after)), ...arrow('mask ', was, is)];
  return `vector ${vectorIndex}: ${parts.join(', ') || 'other CPUs of the same numbers'}`;
}
