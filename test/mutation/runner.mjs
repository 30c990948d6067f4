/**
 * Runs the tests that judge mutants in StrykerJS's own process: all of them in one bundle that is loaded once, each by
 * itself, those first that noticed most in the least time, and none after the first that notices.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { bundle } from './bundle.mjs';
import { fromOne, isInSample, isNoticed, keyOf, LEFT_OUT, ResultsReporter, resultsIn } from './results.mjs';

/** Milliseconds of CPU time that one test may take, and all tests of one mutant. */
const SLICE = Number(process.env.MUTATE_SLICE ?? 100);
const BUDGET = Number(process.env.MUTATE_BUDGET ?? 600);
/** So many tests that reach a mutant are asked, whatever time they take. */
const FEW = 12;
/** After so much CPU time a mutant does not come to an end. */
const STUCK = 8 * BUDGET + FEW * SLICE;
// Property tests get few runs (test/budget.ts): they judge again and again.
process.env.FUZZ_FACTOR ??= '0.05';

/** Those that a test noticed in an earlier run are left out. */
const AGAIN = process.env.MUTATE_AGAIN !== undefined;

/** What of a text follows a beginning that it has. */
const after = (text, beginning) => (text.startsWith(beginning) ? text.slice(beginning.length) : '');

/** CPU time is the same on a busy machine. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Ends the process if a mutant holds it; `stuck` remembers the mutant for the process that follows. */
function watchdog(stuck) {
  const current = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const watch = `
    const { workerData: { current, stuck, limit } } = require('node:worker_threads');
    const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    let seen = -1, began = 0;
    setInterval(() => {
      const now = Atomics.load(current, 0);
      if (now !== seen || now === -1) { seen = now; began = cpu(); return; }
      if (cpu() - began < limit) return;
      require('node:fs').appendFileSync(stuck, now + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, 200);`;
  new Worker(watch, { eval: true, workerData: { current, stuck, limit: STUCK } }).unref();
  return current;
}

class InProcessRunner {
  static inject = tokens(commonTokens.logger);

  constructor(log) {
    this.log = log;
    this.root = process.cwd();
    this.bundle = resolve('judges.mjs');
    this.memory = resolve('judges-durations.json');
    this.stuckFile = resolve('judges-stuck.txt');
    /** Milliseconds that each test takes, by name. */
    this.durations = new Map();
    /** How many mutants each test reaches, by name. */
    this.breadth = new Map();
    this.past = new Map();
    this.file = '';
    /** Tests that fail without a mutant when they are run alone. */
    this.unfit = new Set();
    this.loads = 0;
    this.results = AGAIN ? resultsIn(resolve('../..')) : new Map();
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.stuck = new Set(
      existsSync(this.stuckFile) ? readFileSync(this.stuckFile, 'utf8').trim().split('\n').map(Number) : [],
    );
    this.current = watchdog(this.stuckFile);
    if (!existsSync(this.bundle)) await bundle(this.root, this.bundle);
    this.recall();
  }

  /** Loads the bundle, anew if it was loaded before. */
  async load() {
    const loaded = await import(`${pathToFileURL(this.bundle)}?${this.loads++}`);
    loaded.setSlice(SLICE);
    this.loaded = loaded;
    // Short names, as StrykerJS passes on those of all tests that reach a mutant with every mutant.
    const judges = loaded.judges.map((each, index) => ({ ...each, id: String(index) }));
    this.judges = new Map(judges.map((each) => [each.id, each]));
  }

  async ready() {
    if (!this.loaded) await this.load();
  }

  /** What each test reaches, and how long it takes: remembered for code and tests that are the same. */
  async dryRun() {
    // The sandbox has another name in every run.
    const text = readFileSync(this.bundle, 'utf8')
      .replaceAll(this.root, '')
      .replaceAll(basename(this.root), '');
    const known = resolve(
      '../..',
      `reached-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`,
    );
    const seen = existsSync(known) ? JSON.parse(readFileSync(known, 'utf8')) : await this.tryAll();
    writeFileSync(known, JSON.stringify(seen));
    writeFileSync(this.memory, JSON.stringify(seen));
    this.recall();
    const { tests, mutantCoverage } = seen;
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  recall() {
    if (!existsSync(this.memory)) return;
    const { tests, unfit, mutantCoverage } = JSON.parse(readFileSync(this.memory, 'utf8'));
    this.durations = new Map(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    this.unfit = new Set(unfit);
    for (const [id, mutants] of Object.entries(mutantCoverage.perTest))
      this.breadth.set(id, Object.keys(mutants).length);
  }

  /** Tests that fail by themselves, or need more than their slice for what they expect at last, do not judge. */
  async tryAll() {
    const coverage = (mutants) => Object.fromEntries([...mutants].map((mutant) => [mutant, 1]));
    globalThis.__countFromLoad = true;
    await this.load();
    globalThis.__countFromLoad = undefined;
    // Nothing has run before: what a test reaches takes longer now than it will.
    this.loaded.setSlice(20 * SLICE);
    const mutantCoverage = { static: coverage(this.loaded.reached(true)), perTest: {} };
    const tests = [];
    for (const each of this.judges.values()) {
      const began = cpuTime();
      const failure = await this.run(each);
      const timeSpentMs = cpuTime() - began;
      const reached = this.loaded.reached(true);
      if (failure === null) {
        mutantCoverage.perTest[each.id] = coverage(reached);
        tests.push({ id: each.id, name: each.name, timeSpentMs, status: TestStatus.Success });
        continue;
      }
      this.unfit.add(each.id);
      this.log.info('does not judge: %s: %s', each.name, failure);
    }
    this.loaded.reached(false);
    this.loaded.setSlice(SLICE);
    return { tests, unfit: [...this.unfit], mutantCoverage };
  }

  async run(each) {
    return this.loaded.judge(each);
  }

  /**
   * Those first that are likely to notice soon: that know the file, and reach little else. Who was asked often without
   * noticing waits for others. Those that do not reach the mutant come last: they are asked because what a test found
   * is kept for the next one in places, so that only the first is seen to reach it.
   */
  inOrder(reaching) {
    const reaches = new Set(reaching);
    const worth = (id) => {
      const { noticed, here, asked } = this.pastOf(id);
      const few = reaches.has(id) ? 4000 / (10 + this.breadth.get(id)) : 0;
      const likely = this.closeness(id) + noticed + 20 * here + few;
      const soon = likely / (1 + asked / 5) / (1 + (this.durations.get(id) ?? SLICE));
      return reaches.has(id) ? soon : soon / 1e6;
    };
    const close = [...this.judges.keys()].filter((id) => this.closeness(id) >= 10);
    return [...new Set([...reaching, ...close])]
      .filter((id) => !this.unfit.has(id) && this.judges.has(id))
      .map((id) => [id, worth(id)])
      .sort((a, b) => b[1] - a[1])
      .map(([id]) => this.judges.get(id));
  }

  /** Tests of the mutated file know most about it, then whole boots, then those of its room, and of few things. */
  closeness(id) {
    const [, path = ''] = /src\/(.*)\.ts$/.exec(this.file) ?? [];
    const [file] = this.judges.get(id).name.split(' > ');
    // Of sim/events/hotplug: hotplug.test.ts, and sim/events.test.ts, sim/events-measured.test.ts.
    const own = path.slice(path.lastIndexOf('/') + 1);
    const room = path.slice(0, path.lastIndexOf('/'));
    const above = room.slice(0, room.lastIndexOf('/'));
    if (file.endsWith(`/${own}.test.ts`) || (room !== '' && /^[.-]/.test(after(file, `test/${room}`))))
      return 400;
    if (file.startsWith(`test/${room}/`) || (above.includes('/') && file.startsWith(`test/${above}/`)))
      return 10;
    if (file.startsWith('test/exactness/')) return 30;
    return (this.breadth.get(id) ?? Infinity) < 300 ? 4 : 1;
  }

  /** How often a test noticed a mutant, in all and in the file that is mutated now, and was asked there in vain. */
  pastOf(id) {
    const past = this.past.get(id) ?? { noticed: 0, here: 0, asked: 0 };
    this.past.set(id, past);
    return past;
  }

  async mutantRun({ activeMutant, testFilter, sandboxFileName, mutantActivation }) {
    const mutant = Number(activeMutant.id);
    const { location, replacement } = activeMutant;
    const fileName = sandboxFileName.slice(this.root.length + 1);
    const key = keyOf({ fileName, location: fromOne(location), replacement });
    if (!isInSample(fileName, key) || (AGAIN && isNoticed(this.results.get(key))))
      return { status: MutantRunStatus.Error, errorMessage: LEFT_OUT };
    if (this.stuck.has(mutant))
      return { status: MutantRunStatus.Timeout, reason: 'it does not come to an end' };
    const isStatic = mutantActivation === 'static';
    // Loading takes time that is not the mutant's.
    if (!isStatic) await this.ready();
    Atomics.store(this.current, 0, mutant);
    if (isStatic) {
      this.loaded = undefined;
      globalThis.__activeAtLoad = mutant;
    }
    try {
      await this.ready();
      return await this.judgeMutant(mutant, testFilter ?? [...this.judges.keys()], sandboxFileName);
    } catch (error) {
      return {
        status: MutantRunStatus.Killed,
        killedBy: ['load'],
        failureMessage: String(error),
        nrOfTests: 0,
      };
    } finally {
      Atomics.store(this.current, 0, -1);
      globalThis.__activeAtLoad = undefined;
      if (isStatic) this.loaded = undefined;
    }
  }

  /** What has run before is quicker: those that know most about the file. */
  async warmUp() {
    for (const [id, each] of this.judges) {
      if (this.closeness(id) < 40 || this.unfit.has(id)) continue;
      await this.run(each);
      const start = cpuTime();
      await this.run(each);
      this.durations.set(id, cpuTime() - start);
    }
  }

  async judgeMutant(mutant, ids, file) {
    if (file !== this.file) {
      this.file = file;
      for (const past of this.past.values()) Object.assign(past, { here: 0, asked: 0 });
      await this.warmUp();
    }
    const began = cpuTime();
    let nrOfTests = 0;
    for (const each of this.inOrder(ids)) {
      if (cpuTime() - began > BUDGET && nrOfTests >= Math.min(FEW, ids.length)) break;
      nrOfTests++;
      this.loaded.activate(mutant);
      const start = cpuTime();
      const failure = await this.run(each);
      this.loaded.activate(-1);
      const past = this.pastOf(each.id);
      if (failure === null) {
        this.durations.set(each.id, Math.min(this.durations.get(each.id) ?? SLICE, cpuTime() - start));
        past.asked++;
        continue;
      }
      // Does it notice the mutant, or what an earlier mutant left behind?
      if (globalThis.__activeAtLoad === undefined && (await this.run(each)) !== null) {
        this.log.warn('fails without a mutant: %s', each.name);
        this.unfit.add(each.id);
        continue;
      }
      past.noticed++;
      past.here++;
      const failureMessage = `${each.name}: ${failure}`;
      return { status: MutantRunStatus.Killed, killedBy: [each.id], failureMessage, nrOfTests };
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
  declareClassPlugin(PluginKind.Reporter, 'results', ResultsReporter),
];
