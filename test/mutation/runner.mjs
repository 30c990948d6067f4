/**
 * Runs the tests that judge mutants in StrykerJS's own process: all of them in one bundle that is loaded once, each by
 * itself, those first that noticed most in the least time, and none after the first that notices.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { bundle } from './bundle.mjs';

/** Milliseconds of CPU time that one test may take, and all tests of one mutant. */
const SLICE = Number(process.env.MUTATE_SLICE ?? 100);
const BUDGET = Number(process.env.MUTATE_BUDGET ?? 600);
/** After so much CPU time a mutant does not come to an end. */
const STUCK = 8 * BUDGET;
const NAMESPACE = '__stryker__';
// Property tests get few runs (test/budget.ts): they judge again and again.
process.env.FUZZ_FACTOR ??= '0.05';

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
    this.counting = resolve('judges-counting.mjs');
    this.quick = resolve('judges-quick.mjs');
    this.memory = resolve('judges-durations.json');
    this.stuckFile = resolve('judges-stuck.txt');
    /** Milliseconds that each test takes, by name. */
    this.durations = new Map();
    /** How many mutants each test noticed: in all, and in the file that is mutated now. */
    this.noticed = new Map();
    this.noticedHere = new Map();
    this.file = '';
    /** Tests that fail without a mutant when they are run alone. */
    this.unfit = new Set();
    this.loads = 0;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.stuck = new Set(
      existsSync(this.stuckFile) ? readFileSync(this.stuckFile, 'utf8').trim().split('\n').map(Number) : [],
    );
    this.current = watchdog(this.stuckFile);
    if (!existsSync(this.quick)) {
      await bundle(this.root, this.counting, true);
      await bundle(this.root, this.quick, false);
    }
    if (existsSync(this.memory)) {
      const { durations, unfit } = JSON.parse(readFileSync(this.memory, 'utf8'));
      this.durations = new Map(durations);
      this.unfit = new Set(unfit);
    }
  }

  async load(file) {
    const loaded = await import(`${pathToFileURL(file)}?${this.loads++}`);
    loaded.setSlice(SLICE);
    return loaded;
  }

  /** What each test reaches, and how long it takes. Tests that need more than their slice, or others, do not judge. */
  async dryRun() {
    globalThis[NAMESPACE] = { activeMutant: undefined };
    const { judges, judge } = await this.load(this.counting);
    const namespace = globalThis[NAMESPACE];
    const tests = [];
    for (const each of judges) {
      namespace.currentTestId = each.name;
      const began = cpuTime();
      const failure = await judge(each);
      const timeSpentMs = cpuTime() - began;
      namespace.currentTestId = undefined;
      this.durations.set(each.name, timeSpentMs);
      if (failure === null) {
        tests.push({ id: each.name, name: each.name, timeSpentMs, status: TestStatus.Success });
        continue;
      }
      this.unfit.add(each.name);
      delete namespace.mutantCoverage?.perTest[each.name];
      this.log.info('does not judge: %s: %s', each.name, failure);
    }
    await this.measure();
    writeFileSync(this.memory, JSON.stringify({ durations: [...this.durations], unfit: [...this.unfit] }));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: namespace.mutantCoverage };
  }

  /** How long tests take once they have run before. */
  async measure() {
    await this.ready();
    for (const each of this.judges.values()) {
      if (this.unfit.has(each.name)) continue;
      const began = cpuTime();
      if ((await this.run(each)) !== null) this.unfit.add(each.name);
      this.durations.set(each.name, cpuTime() - began);
    }
  }

  async ready() {
    if (this.loaded) return;
    this.loaded = await this.load(this.quick);
    this.judges = new Map(this.loaded.judges.map((each) => [each.name, each]));
  }

  async run(each) {
    return this.loaded.judge(each);
  }

  /** Those first that are likely to notice soon. */
  inOrder(names) {
    const worth = (name) =>
      (1 + 20 * (this.noticedHere.get(name) ?? 0) + (this.noticed.get(name) ?? 0)) /
      (2 + (this.durations.get(name) ?? SLICE));
    return names
      .filter((name) => !this.unfit.has(name) && this.judges.has(name))
      .map((name) => [name, worth(name)])
      .sort((a, b) => b[1] - a[1])
      .map(([name]) => name);
  }

  remember(name) {
    this.noticed.set(name, (this.noticed.get(name) ?? 0) + 1);
    this.noticedHere.set(name, (this.noticedHere.get(name) ?? 0) + 1);
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, sandboxFileName, mutantActivation }) {
    const mutant = Number(activeMutant.id);
    if (this.stuck.has(mutant))
      return { status: MutantRunStatus.Timeout, reason: 'it does not come to an end' };
    Atomics.store(this.current, 0, mutant);
    const isStatic = mutantActivation === 'static';
    if (isStatic) {
      this.loaded = undefined;
      globalThis.__activeAtLoad = mutant;
    }
    try {
      await this.ready();
      return await this.judgeMutant(mutant, testFilter ?? [...this.judges.keys()], hitLimit, sandboxFileName);
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

  async judgeMutant(mutant, names, hitLimit, file) {
    if (file !== this.file) {
      this.file = file;
      this.noticedHere.clear();
    }
    const began = cpuTime();
    let nrOfTests = 0;
    for (const name of this.inOrder(names)) {
      if (cpuTime() - began > BUDGET) break;
      nrOfTests++;
      const each = this.judges.get(name);
      this.loaded.activate(mutant, hitLimit ?? 1e8);
      const failure = await this.run(each);
      this.loaded.activate(-1);
      if (failure === null) continue;
      // Does it notice the mutant, or what an earlier mutant left behind?
      if (globalThis.__activeAtLoad === undefined && (await this.run(each)) !== null) {
        this.log.warn('fails without a mutant: %s', name);
        this.unfit.add(name);
        continue;
      }
      this.remember(name);
      return { status: MutantRunStatus.Killed, killedBy: [name], failureMessage: failure, nrOfTests };
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  }
}

/** Keeps every result as soon as it is known: one line of JSON a mutant. */
class LinesReporter {
  onMutantTested({ fileName, location, mutatorName, replacement, status, killedBy, testsCompleted }) {
    const line = {
      file: fileName.slice(process.cwd().length + 1),
      line: location.start.line,
      column: location.start.column + 1,
      to: `${location.end.line}:${location.end.column + 1}`,
      mutatorName,
      replacement,
      status,
      killedBy,
      testsCompleted,
    };
    appendFileSync('coverage/mutation/results.ndjson', `${JSON.stringify(line)}\n`);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
  declareClassPlugin(PluginKind.Reporter, 'lines', LinesReporter),
];
