/** A batch run: inputs in, a record a machine out, in order, and a trailer. */
import { watchStale } from '../../findings/triage/stale-in-run.ts';
import { documentHead } from '../../report/json.ts';
import { expandPatterns } from '../input/patterns.ts';
import { EXIT, type Io, oneLine, UsageError } from '../io.ts';
import { programThread } from '../program.ts';
import type { FailOn } from '../verdict.ts';
import { VERSION } from '../version.ts';
import { usableCpus } from './cpus.ts';
import { type Item, type Numbering, numbered } from './item.ts';
import { type Job, type JobOptions, jobOf } from './job.ts';
import { digestOf } from './load.ts';
import { WorkerPool } from './pool.ts';
import { lostItem } from './process.ts';
import { errAboveBar, type Position, showProgress } from './progress.ts';
import { type Pump, startPump } from './pump.ts';
import { type Recorder, recorder } from './recorder.ts';
import { noProgress, type Progress, type Resumed, resume } from './resume.ts';
import type { Runner } from './runner.ts';
import { chooseShard, type ShardChoice, shardText } from './shard.ts';
import { awaitSignals, codeOfSignal, type Ending } from './signals.ts';
import { codeOf, tallyText } from './tally.ts';
import { openTarget, refuseOutputAmongInputs, type Target, type TargetOptions } from './target.ts';
import { trailerLine } from './trailer.ts';
import { works } from './work.ts';
import type { WorkerData } from './worker.ts';

export interface BatchOptions extends JobOptions, TargetOptions {
  readonly failOn: FailOn;
  readonly exitZero?: boolean;
  readonly onError: 'record' | 'stop';
  readonly jobs?: number;
  /** False: --no-shard. */
  readonly shard?: string | false;
  readonly filesFrom?: string;
  readonly null?: boolean;
}

/** Makes what runs the items of a job; `failed` hears of it if nothing can run them any more. */
export type CreateRunner = (
  job: Job,
  options: Pick<BatchOptions, 'jobs'>,
  failed: (error: Error) => void,
) => Runner;

/** One run on its way. */
interface Run {
  readonly createRunner: CreateRunner;
  readonly options: BatchOptions;
  readonly io: Io;
  readonly job: Job;
  readonly shard: ShardChoice;
  readonly numbering: Numbering;
  readonly source: AsyncGenerator<readonly Item[]>;
  readonly target: Target;
  readonly ending: Ending;
}

function checkInputs(inputs: readonly string[], { filesFrom, output, null: nul }: BatchOptions): void {
  if (inputs.length === 0 && filesFrom === undefined)
    throw new UsageError('batch: name files, directories or patterns, - for standard input, or --files-from');
  if ([...inputs, filesFrom].filter((input) => input === '-').length > 1)
    throw new UsageError('batch: standard input can be read once only');
  if (nul && filesFrom === undefined) throw new UsageError('-0 is about the paths of --files-from');
  refuseOutputAmongInputs(output, inputs);
}

/** Room for new objects in a worker: machines are short-lived and small, and more of it is memory without a gain. */
const YOUNG_MIB = 12;

/** Workers, even if it is one: whatever an input does to its thread, the run goes on. */
const createWorkers: CreateRunner = (job, { jobs }, failed) =>
  new WorkerPool({
    threads: jobs ?? usableCpus(),
    spawn: (stop) =>
      programThread({
        workerData: { job, stop } satisfies WorkerData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
      }),
    lost: async (item, reason) => lostItem(item, await digestOf(item, job), reason, job),
    failed,
  });

function trailerOf({ shard, numbering, job }: Run, { tally, hash }: Progress): string {
  const { records, ...counts } = tally;
  return trailerLine({
    shard: shardText(shard),
    records,
    inputs: numbering.inputs,
    ...counts,
    sha256: hash.copy().digest('hex'),
    options: job.digest,
    ...documentHead(VERSION),
  });
}

function codeAtEnd({ options }: Run, { tally }: Progress): number {
  return options.exitZero ? EXIT.clean : codeOf(tally, options.failOn);
}

/** Takes what is left of the source, to know how many inputs there are. */
async function drain({ source, ending }: Run): Promise<number> {
  let items = 0;
  for await (const group of source) {
    if (ending.signal) break;
    items += group.length;
  }
  return items;
}

/** A finished output is left as it is if this run would write the same. */
async function alreadyDone(run: Run, path: string, { progress, rest, trailer }: Resumed): Promise<number> {
  const left = rest.length + (await drain(run));
  if (run.ending.signal) return codeOfSignal(run.ending.signal);
  const same = trailer !== undefined && trailerLine(trailer) === trailerOf(run, progress);
  if (left > 0 || !same)
    throw new UsageError(`${path} is finished, but not of these inputs and this shard; --force starts over`);
  run.io.note(oneLine(`irqsim: batch: ${path} is finished, nothing to do; ${tallyText(progress.tally)}`));
  return codeAtEnd(run, progress);
}

/** What is said at the end, and the exit code. */
function conclude(run: Run, progress: Progress, finished: boolean, refused: ReturnType<Recorder['refused']>) {
  const { io, options, ending } = run;
  const how = options.output === undefined ? '' : '; --resume goes on from there';
  const sofar = `after ${tallyText(progress.tally)}${how}`;
  if (refused) {
    io.note(oneLine(`irqsim: batch: stopped at an error ${sofar}`));
    return codeOf(refused.tally, 'never');
  }
  if (!finished && ending.signal) {
    io.note(oneLine(`irqsim: batch: stopped by ${ending.signal} ${sofar}`));
    return codeOfSignal(ending.signal);
  }
  if (finished) io.note(oneLine(`irqsim: batch: ${tallyText(progress.tally)}`));
  return codeAtEnd(run, progress);
}

/** Inputs that are taken but not done yet do not count. */
function positionOf({ tally, items }: Progress, { ours, at }: Numbering): Position {
  return { tally, at: at === null ? null : at * (ours > 0 ? items / ours : 1) };
}

/** Does what is left to do, behind what an earlier run has done. */
async function carryOn(run: Run, { progress, rest }: Pick<Resumed, 'progress' | 'rest'>): Promise<number> {
  const { createRunner, io, job, options, source, target, numbering, ending } = run;
  // Records on the same terminal and a bar would be in each other's way.
  const screen = options.output === undefined && io.stdoutIsTty ? { ...io, stderrIsTty: false } : io;
  const output = target.open(progress.bytes);
  const stale = watchStale(run.job.settings);
  // What an earlier run or another shard has seen is not known here.
  const whole = progress.items === 0 && run.shard.of === 1;
  const { deliver, refused } = recorder(
    output,
    { progress, stale },
    options.onError === 'stop',
    errAboveBar(screen),
  );
  let pump: Pump | undefined;
  const runner = createRunner(job, options, (error) => pump?.fail(error));
  const hide = await showProgress(screen, () => positionOf(progress, numbering));
  let finished = false;
  try {
    pump = startPump({ runner, first: rest, source, deliver });
    ending.do(pump.stop);
    finished = (await pump.finished) && (await output.write(trailerOf(run, progress)));
    if (finished) await output.finish();
  } finally {
    if (!finished) output.leave();
    hide();
    await runner.close();
  }
  if (finished) for (const text of stale.notes(whole)) io.note(oneLine(text));
  return conclude(run, progress, finished, refused());
}

async function runFromStart(run: Run): Promise<number> {
  const { target, job, source, ending } = run;
  if (!target.earlier) return carryOn(run, { progress: noProgress(), rest: [] });
  const { path, whole } = target.earlier;
  const resumed = await resume(source, {
    path,
    options: job.digest,
    digest: (item) => digestOf(item, job),
    stopped: () => ending.signal !== undefined,
  });
  if (ending.signal) return codeOfSignal(ending.signal);
  return whole ? alreadyDone(run, path, resumed) : carryOn(run, resumed);
}

/** Runs a batch. Returns the exit code. Throws UsageError or InputError for options that make no run. */
export async function runBatch(
  inputs: readonly string[],
  options: BatchOptions,
  io: Io,
  createRunner: CreateRunner = createWorkers,
): Promise<number> {
  const paths = expandPatterns(inputs, options.output);
  checkInputs(paths, options);
  const job = jobOf(options, io);
  const shard = chooseShard(options.shard, io.env);
  const numbering: Numbering = { inputs: 0, ours: 0, at: null };
  const reading = new AbortController();
  const target = openTarget(options);
  if (shard.because !== undefined)
    io.note(
      oneLine(`irqsim: batch: shard ${shardText(shard)}, because of ${shard.because} (--no-shard does all)`),
    );
  const ending = awaitSignals();
  ending.do(() => reading.abort());
  const groups = works({
    inputs: paths,
    filesFrom: options.filesFrom,
    nul: options.null === true,
    check: (listed) => refuseOutputAmongInputs(options.output, listed),
    signal: reading.signal,
    hint: (text) => io.note(oneLine(text)),
  });
  try {
    const source = numbered(groups, shard, numbering);
    return await runFromStart({ createRunner, options, io, job, shard, numbering, source, target, ending });
  } finally {
    reading.abort();
    ending.close();
    target.release();
  }
}
