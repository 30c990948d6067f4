/** A batch run: inputs in, a record a machine out, in order, and a trailer. */
import { realpathSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { EXIT, type Io, UsageError } from '../io.ts';
import type { FailOn } from '../verdict.ts';
import { usableCpus } from './cpus.ts';
import { type Item, type Numbering, numbered } from './item.ts';
import { type Job, type JobOptions, jobOf } from './job.ts';
import { noProgress, type Progress, type Resumed, resume } from './kept.ts';
import { digestOf } from './load.ts';
import { expandPatterns } from './patterns.ts';
import { createPool } from './pool.ts';
import { lostItem } from './process.ts';
import { type Position, showProgress } from './progress.ts';
import { type Pump, startPump } from './pump.ts';
import { type Recorder, recorder } from './recorder.ts';
import { ownThread, type Runner } from './runner.ts';
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

/** One run on its way. */
interface Run {
  readonly options: BatchOptions;
  readonly io: Io;
  readonly job: Job;
  readonly shard: ShardChoice;
  readonly numbering: Numbering;
  readonly source: AsyncGenerator<readonly Item[]>;
  readonly target: Target;
  readonly ending: Ending;
}

function checkInputs(inputs: readonly string[], { filesFrom, output }: BatchOptions): void {
  if (inputs.length === 0 && filesFrom === undefined)
    throw new UsageError('batch: name files, directories or patterns, - for standard input, or --files-from');
  if ([...inputs, filesFrom].filter((input) => input === '-').length > 1)
    throw new UsageError('batch: standard input can be read once only');
  refuseOutputAmongInputs(output, inputs);
}

function runnerOf({ options, job }: Run, failed: (error: Error) => void): Runner {
  const threads = options.jobs ?? usableCpus();
  if (threads === 1) return ownThread(job);
  const program = realpathSync(process.argv[1]);
  return createPool({
    threads,
    spawn: (stop) =>
      new Worker(program, {
        workerData: { job, stop } satisfies WorkerData,
        argv: [],
      }),
    lost: async (item, reason) => lostItem(item, await digestOf(item, job), reason, job),
    failed,
  });
}

function trailerOf({ shard, numbering, job }: Run, { tally, hash }: Progress): string {
  const sha256 = hash.copy().digest('hex');
  return trailerLine({ tally, shard, inputs: numbering.inputs, sha256, options: job.digest });
}

function codeAtEnd({ options }: Run, { tally }: Progress): number {
  return options.exitZero ? EXIT.clean : codeOf(tally, options.failOn);
}

/** Takes what is left of the source, to know how many inputs there are. */
async function drain({ source }: Run): Promise<number> {
  let items = 0;
  for await (const group of source) items += group.length;
  return items;
}

/** A finished output is left as it is if this run would write the same. */
async function alreadyDone(run: Run, path: string, { progress, rest, trailer }: Resumed): Promise<number> {
  const left = rest.length + (await drain(run));
  const same = trailer !== undefined && `${JSON.stringify({ trailer })}\n` === trailerOf(run, progress);
  if (left > 0 || !same)
    throw new UsageError(`${path} is finished, but not of these inputs and this shard; --force starts over`);
  run.io.note(`irqsim: batch: ${path} is finished, nothing to do; ${tallyText(progress.tally)}\n`);
  return codeAtEnd(run, progress);
}

/** What is said at the end, and the exit code. */
function conclude(run: Run, progress: Progress, finished: boolean, refused: ReturnType<Recorder['refused']>) {
  const { io, options, ending } = run;
  const how = options.output === undefined ? '' : '; --resume goes on from there';
  const sofar = `after ${tallyText(progress.tally)}${how}`;
  if (refused) {
    io.note(`irqsim: batch: stopped at an error ${sofar}\n`);
    return codeOf(refused.tally, 'never');
  }
  if (!finished && ending.signal) {
    io.note(`irqsim: batch: stopped by ${ending.signal} ${sofar}\n`);
    return codeOfSignal(ending.signal);
  }
  if (finished) io.note(`irqsim: batch: ${tallyText(progress.tally)}\n`);
  return codeAtEnd(run, progress);
}

/** Inputs that are taken but not done yet do not count. */
function positionOf({ tally, items }: Progress, { ours, at }: Numbering): Position {
  return { tally, at: at === null ? null : at * (ours > 0 ? items / ours : 1) };
}

/** Does what is left to do, behind what an earlier run has done. */
async function carryOn(run: Run, { progress, rest }: Pick<Resumed, 'progress' | 'rest'>): Promise<number> {
  const { io, options, source, target, numbering, ending } = run;
  const output = target.open(progress.bytes);
  const { deliver, refused } = recorder(output, progress, options.onError === 'stop', io);
  let pump: Pump | undefined;
  const runner = runnerOf(run, (error) => pump?.fail(error));
  const hide = await showProgress(io, () => positionOf(progress, numbering));
  let finished = false;
  try {
    pump = startPump({ runner, first: rest, source, deliver });
    ending.do(pump.stop);
    finished = (await pump.finished) && (await output.write(trailerOf(run, progress)));
    await (finished ? output.finish() : output.leave());
  } finally {
    hide();
    await runner.close();
  }
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
export async function runBatch(inputs: readonly string[], options: BatchOptions, io: Io): Promise<number> {
  const paths = expandPatterns(inputs);
  checkInputs(paths, options);
  const job = jobOf(options, io);
  const shard = chooseShard(options.shard, io.env);
  const numbering: Numbering = { inputs: 0, ours: 0, at: null };
  const reading = new AbortController();
  const target = openTarget(options);
  if (shard.because !== undefined)
    io.note(`irqsim: batch: shard ${shardText(shard)}, because of ${shard.because} (--no-shard does all)\n`);
  const ending = awaitSignals();
  const groups = works({
    inputs: paths,
    filesFrom: options.filesFrom,
    nul: options.null === true,
    signal: reading.signal,
  });
  try {
    const source = numbered(groups, shard, numbering);
    return await runFromStart({ options, io, job, shard, numbering, source, target, ending });
  } finally {
    reading.abort();
    ending.close();
    target.release();
  }
}
