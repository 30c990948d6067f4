/** One item in, its record lines out. */

import { judge } from '../../findings/triage/judge.ts';
import { type Trace, traceOf } from '../../findings/triage/stale-in-run.ts';
import { jsonText } from '../../lib/json-text.ts';
import { visible } from '../../lib/visible.ts';
import { InputError } from '../../machine/locate.ts';
import { type MachineSource, machineOf } from '../../questions/source.ts';
import { errorRecord, machineRecord, type RecordMaker, type RecordPlace } from '../../report/record.ts';
import { VERSION } from '../version.ts';
import type { Item } from './item.ts';
import type { Job } from './job.ts';
import type { Analysed, LikeMachines } from './like-machines.ts';
import { load } from './load.ts';
import { addTallies, EMPTY_TALLY, type Tally, tallyOf } from './tally.ts';

/** What came of an item, or of several in a row that had no error. */
export interface Outcome {
  /** How many; absent: one. */
  readonly items?: number;
  /** Its record lines, with their ends; one a machine. */
  readonly text: string;
  readonly tally: Tally;
  /** What a person should read of its first error. */
  readonly complaint?: string;
  /** What its machines tell about project file and baseline, if there are any. */
  readonly traces?: readonly Trace[];
}

type Line = Pick<Outcome, 'text' | 'tally' | 'complaint' | 'traces'>;

function makerOf(job: Pick<Job, 'digest'>): RecordMaker {
  return { version: VERSION, options: job.digest };
}

function complaintOf(error: unknown, { id }: RecordPlace): string {
  if (error instanceof InputError) return error.format();
  return visible(`${id}: internal error: ${error instanceof Error ? error.message : String(error)}`);
}

function errorLine(error: unknown, place: RecordPlace, job: Pick<Job, 'digest'>): Line {
  const record = errorRecord(error, place, makerOf(job));
  return {
    text: `${jsonText(record)}\n`,
    tally: tallyOf(record),
    complaint: complaintOf(error, place),
  };
}

/** A failure of irqsim in one machine is an error record too, and the next machine has its turn. */
function machineLine(
  source: MachineSource,
  place: RecordPlace,
  job: Job,
  known: LikeMachines | undefined,
): Line {
  let trace: Trace | undefined;
  const analyse = (): Analysed => {
    const analysis = judge(machineOf(source, job.changes), job.settings);
    trace = traceOf(analysis, job.settings);
    return { analysis, record: machineRecord(analysis, place, makerOf(job), job) };
  };
  try {
    const record = known?.record(source, place, job, analyse) ?? analyse().record;
    const line: Line = { text: `${jsonText(record)}\n`, tally: tallyOf(record) };
    return trace ? { ...line, traces: [trace] } : line;
  } catch (error) {
    return errorLine(error, place, job);
  }
}

function joined(lines: readonly Line[]): Outcome {
  if (lines.length === 1) return lines[0];
  const complaint = lines.find((line) => line.complaint !== undefined)?.complaint;
  return {
    text: lines.map(({ text }) => text).join(''),
    tally: lines.reduce((sum, { tally }) => addTallies(sum, tally), EMPTY_TALLY),
    ...(complaint === undefined ? {} : { complaint }),
    traces: lines.flatMap(({ traces = [] }) => traces),
  };
}

const placeOf = (id: string, { index }: Item, sha256: string | undefined): RecordPlace =>
  sha256 === undefined ? { id, index } : { id, index, inputSha256: sha256 };

/** The records of an item. Never throws. `known`: machines that other items held. */
export async function processItem(item: Item, job: Job, known?: LikeMachines): Promise<Outcome> {
  const { id, sha256, sources } = await load(item, job);
  const whole = placeOf(id, item, sha256);
  if ('error' in sources) return errorLine(sources.error, whole, job);
  if (sources.length === 1) return machineLine(sources[0], whole, job, known);
  const of = sources.length;
  return joined(
    sources.map((source, n) =>
      machineLine(source, { ...whole, id: `${id}#${n + 1}`, part: { number: n + 1, of } }, job, known),
    ),
  );
}

/** The record of an item that no thread could finish. */
export function lostItem(
  item: Item,
  sha256: string | undefined,
  reason: string,
  job: Pick<Job, 'digest'>,
): Outcome {
  return errorLine(new Error(reason), placeOf(item.id, item, sha256), job);
}
