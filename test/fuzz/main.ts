/**
 * npm run fuzz -- [--inputs 1e7] [--minutes 60] [--jobs 2] [--seed 1] [--only TARGET] [--out FOLDER]
 *
 * Plays inputs made by grammars over all readers, `--set`, events, captured trees, baselines, project files, records,
 * folders, outputs of batches, reviews of admission, texts in editors, commands and reports, in two processes. Fails on
 * anything thrown but an input error, on output that a terminal would obey, on answers that contradict each other (see
 * oracles.ts), and on an input that takes more CPU time or memory than BOUNDS say. Inputs that fail are saved, reduced.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Fault } from './play.ts';
import { add, emptyTally, lineOf, tableOf } from './tally.ts';
import { type Report, type Share, TOGETHER, work } from './worker.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1e5' },
    minutes: { type: 'string', default: '600' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    out: { type: 'string', default: 'dist/fuzz/failures' },
    // Of the processes that this one starts.
    share: { type: 'string' },
  },
});

const inputs = Number(values.inputs);
const jobs = Number(values.jobs);
const seed = Number(values.seed);
/** Inputs that a process plays before a fresh one takes over. */
const MOST = 200_000;
/**
 * Of the processes: most of what an input makes is garbage when the next one is played, and what V8 would leave for later
 * must not look like what an input takes.
 */
const FLAGS = ['--enable-source-maps', '--max-semi-space-size=16', '--max-old-space-size=256'];
/** How long one input may be played before its process is ended: the machine may be busy. */
const STUCK_MS = 180_000;
const TOLD_MS = 30_000;

const began = Date.now();
const seconds = () => (Date.now() - began) / 1000;
const ends = began + Number(values.minutes) * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'irqsim-fuzz-'));
const sum = emptyTally();
const kinds = new Map<string, number>();

function save(fault: Fault): void {
  const times = kinds.get(fault.kind) ?? 0;
  kinds.set(fault.kind, times + 1);
  if (times > 0) return;
  mkdirSync(values.out, { recursive: true });
  const path = join(values.out, `${seed}-${fault.index}-${fault.target.replace(/\W/g, '-')}`);
  writeFileSync(path, fault.input);
  writeFileSync(`${path}.why`, `${fault.message}\n`);
  console.log(`FAULT ${fault.kind}\n  input ${fault.index}, saved in ${path}`);
}

function take({ tally }: Report): void {
  add(sum, tally);
  for (const fault of tally.faults) save(fault);
}

/** An input that ends its process. */
function fail(index: number, message: string): void {
  const fault = { target: 'process', index, input: `seed ${seed}, input ${index}`, message, kind: message };
  sum.faults.push(fault);
  save(fault);
}

/** One process after the other plays the inputs from `from` on. */
function playAll(job: number): Promise<void> {
  const place = join(folder, String(job));
  let next = job;
  let closely = 0;
  return new Promise((resolve) => {
    const start = () => {
      if (next >= inputs || Date.now() > ends) return resolve();
      const share: Share = {
        seed,
        from: next,
        step: jobs,
        end: inputs,
        most: MOST,
        closely,
        slowest: sum.slowest.cpuMs,
        place,
        captures: 'test/captures',
        only: values.only,
      };
      writeFileSync(place, '');
      const child: ChildProcess = fork(process.argv[1], ['--share', JSON.stringify(share)], {
        execArgv: FLAGS,
      });
      let at = '';
      let since = Date.now();
      const watch = setInterval(() => {
        const now = readFileSync(place, 'utf8');
        if (now !== at) [at, since] = [now, Date.now()];
        if (Date.now() - since > STUCK_MS || Date.now() > ends) child.kill('SIGKILL');
      }, 1000);
      let isDone = false;
      child.on('message', (message: Report) => {
        take(message);
        ({ next, closely } = message);
        isDone = message.isDone === true;
      });
      child.on('exit', (code, signal) => {
        clearInterval(watch);
        if (!isDone && Date.now() <= ends) {
          const [index, together] = readFileSync(place, 'utf8').split(' ').map(Number);
          if (together === 1) fail(index, `the process ended at this input: ${signal ?? code}`);
          // Of those that were played together one is the cause: each is played by itself.
          next = together === 1 ? index + jobs : index;
          closely = together === 1 ? 0 : TOGETHER;
        }
        start();
      });
    };
    start();
  });
}

async function main(): Promise<void> {
  console.log(`seed ${seed}`);
  const tell = setInterval(
    () => console.log(`${Math.round(seconds())} s: ${lineOf(sum, seconds())}`),
    TOLD_MS,
  );
  await Promise.all(Array.from({ length: jobs }, (_, job) => playAll(job)));
  clearInterval(tell);
  console.log(tableOf(sum, seconds()));
  for (const [kind, times] of kinds) console.log(`FAULT ${times} times: ${kind}`);
  process.exitCode = kinds.size > 0 ? 1 : 0;
}

if (values.share === undefined) void main();
else {
  // Whoever ends the run ends its processes.
  process.on('disconnect', () => process.exit());
  void work(JSON.parse(values.share) as Share, (message) => process.send?.(message)).then(() =>
    process.disconnect(),
  );
}
