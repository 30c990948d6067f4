/**
 * A difference as JSON, schemaVersion 1; fields are only ever added. One object a pair of machines (an array where
 * the inputs hold several):
 *
 * - `before`, `after`: `title`, `changes` (options as typed), `machine` and `summary` as in the report of `analyze`;
 *   null where that input has no such machine, and then the object ends here.
 * - `same`: true if nothing differs. `verdict`: `before`, `after`.
 * - `gained`, `lost`: numbers of `cpus` (online and reachable), `queues` (not dead) and `devices`.
 * - `numbering`: `by` ("number" or "apic-id", what CPUs are paired by) and `renumbered`, null or the `count` of CPU
 *   numbers with another APIC ID and the first `cpu` of them with its ID `before` and `after`.
 * - `facets`, `vectors`: `{name, before, after}` as texts, of what was described and decided, and of the vectors.
 * - `cpus`: `{set, before, after, gained, lost}` for each of possible, present, online and reachable that differs:
 *   lists in list form; gained and lost null or `{count, cpus, apicIds, because}`, numbered as on the side that has
 *   the CPUs, `because` why the other side has not.
 * - `devices`: `{name, before, after, queues, interrupts}`; a side is null or `{driver, health, vectorsAsked,
 *   vectorsGranted, fallback, queues}` (numbers by health). `queues` has every queue that differs: its `index`, and
 *   of `health`, `state`, `affinity` and `effective` (null: stopped) those that differ as `{before, after}`; a queue
 *   that one side has not is `{index, only}` with its health. `interrupts` are those that serve no queue.
 * - `findings`: `gone` and `came` as in the report of `analyze`, `changed` as `{before, after}` of such, which have
 *   another level or message. `suppressed`: the same of findings that users decided not to count.
 */
import { jsonText } from '../../lib/json-text.ts';
import type { InterruptRow, QueueRow } from '../../linux/sim/run.ts';
import type { CpuSetChange } from '../../questions/whatif/cpu-sets.ts';
import type { DeviceChange } from '../../questions/whatif/devices.ts';
import { type Difference, nothingDiffers } from '../../questions/whatif/difference.ts';
import type { FindingChanges } from '../../questions/whatif/findings.ts';
import { type QueueChange, servedBy } from '../../questions/whatif/queues.ts';
import { documentHead, findingJson, machineJson } from '../json.ts';
import type { ReportOptions } from '../reporter.ts';
import type { ComparedPair, LoneMachine, Pair, Side } from './pair.ts';

type Analysed = Difference['before'];

const sideJson = ({ title, changes }: Side, analysis: Analysed): object => ({
  title,
  changes,
  machine: machineJson(analysis),
  summary: analysis.summary,
});

const setJson = ({ set, before, after, gained, lost }: CpuSetChange): object => ({
  set,
  before: before.toString(),
  after: after.toString(),
  gained,
  lost,
});

function queueJson({ index, before, after, health, state, mask, effective }: QueueChange): object {
  if (before === null || after === null) {
    return { index, only: before ? 'before' : 'after', health: (before ?? after)?.health };
  }
  const both = (of: (queue: QueueRow) => unknown) => ({ before: of(before), after: of(after) });
  return {
    index,
    ...(health ? { health: both((queue) => queue.health) } : {}),
    ...(state ? { state: both((queue) => queue.state) } : {}),
    ...(mask ? { affinity: both((queue) => queue.affinity.toString()) } : {}),
    ...(effective ? { effective: both(servedBy) } : {}),
  };
}

function interruptJson(row: InterruptRow | null): object | null {
  if (row === null) return null;
  return { affinity: row.affinity.toString(), effective: row.vector === null ? null : row.effective };
}

function deviceSide(device: DeviceChange['before']): object | null {
  if (device === null) return null;
  const { driver, health, vectorsAsked, vectorsGranted, fallback } = device;
  const queues: Record<string, number> = {};
  for (const queue of device.queues) queues[queue.health] = (queues[queue.health] ?? 0) + 1;
  return { driver, health, vectorsAsked, vectorsGranted, fallback, queues };
}

function deviceJson({ name, before, after, queues, interrupts }: DeviceChange): object {
  const both = before !== null && after !== null;
  return {
    name,
    before: deviceSide(before),
    after: deviceSide(after),
    queues: both ? queues.map(queueJson) : [],
    interrupts: both
      ? interrupts.map(({ vectorIndex, before: was, after: is }) => ({
          vectorIndex,
          before: interruptJson(was),
          after: interruptJson(is),
        }))
      : [],
  };
}

const findingsJson = ({ gone, came, changed }: FindingChanges): object => ({
  gone: gone.map(findingJson),
  came: came.map(findingJson),
  changed: changed.map(({ before, after }) => ({ before: findingJson(before), after: findingJson(after) })),
});

function pairJson({ before, after, difference }: ComparedPair, version: string): object {
  const { pairing, facets, vectors, sets, usable, queues, devices, findings, suppressed } = difference;
  const devicesOn = (side: 'before' | 'after') => devices.filter((one) => one[side] === null).length;
  return {
    ...documentHead(version),
    before: sideJson(before, difference.before),
    after: sideJson(after, difference.after),
    same: nothingDiffers(difference),
    verdict: { before: difference.before.summary.verdict, after: difference.after.summary.verdict },
    gained: { cpus: usable.gained, queues: queues.gained, devices: devicesOn('before') },
    lost: { cpus: usable.lost, queues: queues.lost, devices: devicesOn('after') },
    numbering: { by: pairing.by, renumbered: pairing.renumbered },
    facets,
    cpus: sets.map(setJson),
    devices: devices.map(deviceJson),
    vectors,
    findings: findingsJson(findings),
    suppressed: findingsJson(suppressed),
  };
}

function loneJson({ only, side, analysis }: LoneMachine, version: string): object {
  const machine = sideJson(side, analysis);
  return only === 'before'
    ? { ...documentHead(version), before: machine, after: null }
    : { ...documentHead(version), before: null, after: machine };
}

/** The object of one pair, ready for JSON.stringify. */
export function differenceObject(pair: Pair, version: string): object {
  return 'difference' in pair ? pairJson(pair, version) : loneJson(pair, version);
}

/** The object of one pair as text, without a line end. */
export function differenceJson(pair: Pair, { version }: ReportOptions): string {
  return jsonText(differenceObject(pair, version), 2);
}
