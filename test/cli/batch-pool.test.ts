/** Inside a batch: workers that die are replaced, and outcomes keep their order whoever is done first. */
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../src/cli/batch/item.ts';
import { WorkerPool } from '../../src/cli/batch/pool.ts';
import type { Outcome } from '../../src/cli/batch/process.ts';
import { errAboveBar, progressText } from '../../src/cli/batch/progress.ts';
import { startPump } from '../../src/cli/batch/pump.ts';
import type { Runner } from '../../src/cli/batch/runner.ts';
import { EMPTY_TALLY } from '../../src/cli/batch/tally.ts';

const item = (index: number, id = `i${index}`): Item => ({ kind: 'path', id, index });
const items = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => item(from + n));
const outcome = (text: string): Outcome => ({ text, tally: { ...EMPTY_TALLY, records: 1 } });

/** Answers with the ids; an id tells what else to do. */
const SCRIPT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const deeds = {
    exit: () => process.exit(7),
    throw: () => { throw new Error('boom'); },
    memory: () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); },
  };
  parentPort.on('message', ({ number, items }) => {
    const outcomes = [];
    for (const { id } of items) {
      if (Atomics.load(workerData.stop, 0) !== 0) break;
      deeds[id]?.();
      outcomes.push({ text: id, tally: ${JSON.stringify({ ...EMPTY_TALLY, records: 1 })} });
    }
    parentPort.postMessage({ number, outcomes, ms: 1 });
  });
  parentPort.postMessage('ready');`;

function pool(threads: number, script = SCRIPT) {
  let spawned = 0;
  let failure: Error | undefined;
  const runner = new WorkerPool({
    threads,
    spawn(stop) {
      spawned++;
      const resourceLimits = { maxOldGenerationSizeMb: 24 };
      return new Worker(script, { eval: true, workerData: { stop }, resourceLimits });
    },
    lost: async ({ id }, reason) => outcome(`${id} lost: ${reason}`),
    failed(error) {
      failure = error;
    },
  });
  const run = async (chunk: readonly Item[]) => (await runner.run(chunk)).outcomes.map(({ text }) => text);
  return { runner, run, spawned: () => spawned, failure: () => failure };
}

describe('a pool', () => {
  test.each([
    ['exit', 'the worker ended with code 7'],
    ['throw', 'the worker failed: boom'],
    ['memory', 'the worker ran out of memory'],
  ])('goes on when a worker dies of %s', async (deed, reason) => {
    const { runner, run, spawned } = pool(1);
    const chunk = [item(0), item(1, deed), item(2)];
    expect(await Promise.all([run(chunk), run(items(3, 5))])).toEqual([
      ['i0', `${deed} lost: ${reason}`, 'i2'],
      ['i3', 'i4'],
    ]);
    expect(spawned()).toBe(3);
    await runner.close();
  });

  test('starts workers when there is work for them', async () => {
    const { runner, run, spawned } = pool(8);
    expect(spawned()).toBe(0);
    await run(items(0, 2));
    await run(items(2, 4));
    expect(spawned()).toBe(1);
    await Promise.all([run(items(4, 5)), run(items(5, 6)), run(items(6, 7))]);
    expect(spawned()).toBe(3);
    await runner.close();
  });

  test('says so if no worker can start', async () => {
    const { runner, failure } = pool(2, 'throw new Error("no such module")');
    void runner.run(items(0, 1));
    while (!failure()) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(failure()?.message).toBe('a worker thread does not start: the worker failed: no such module');
    await runner.close();
  });

  test('begins nothing after a stop', async () => {
    const { runner, run } = pool(1);
    await run(items(0, 1));
    const late = Array.from({ length: 5 }, (_, n) => run(items(n, n + 1)));
    runner.stop();
    expect((await Promise.all(late)).flat().length).toBeLessThan(3);
    await runner.close();
  });
});

/** Finishes chunks in an order of its own. */
function shuffling(slots: number): Runner & { most: () => number } {
  let flying = 0;
  let most = 0;
  let stopped = false;
  return {
    slots,
    async run(chunk) {
      most = Math.max(most, ++flying);
      await new Promise((resolve) => setTimeout(resolve, (chunk[0].index * 7919) % 13));
      flying--;
      const done = stopped ? [] : chunk.map(({ id }) => outcome(id));
      return { outcomes: done, ms: chunk.length };
    },
    stop() {
      stopped = true;
    },
    close: async () => {},
    most: () => most,
  };
}

async function* groups(n: number, size: number): AsyncGenerator<readonly Item[]> {
  for (let from = 0; from < n; from += size) yield items(from, Math.min(n, from + size));
}

describe('a pump', () => {
  test.each([1, 2, 8])('keeps the order with %i slots, and never has more in flight', async (slots) => {
    const runner = shuffling(slots);
    const seen: string[] = [];
    const pump = startPump({
      runner,
      first: [item(-1)],
      source: groups(300, 17),
      async deliver(outcomes) {
        seen.push(...outcomes.map(({ text }) => text));
        return false;
      },
    });
    expect(await pump.finished).toBe(true);
    expect(seen).toEqual(['i-1', ...items(0, 300).map(({ id }) => id)]);
    expect(runner.most()).toBeLessThanOrEqual(slots);
  });

  test('holds back the source while much is in flight', async () => {
    let taken = 0;
    async function* lines(): AsyncGenerator<readonly Item[]> {
      const bytes = new Uint8Array(2 ** 16);
      for (; taken < 1000; taken += 10)
        yield items(taken, taken + 10).map((one) => ({ ...one, kind: 'line', file: '-', line: 1, bytes }));
    }
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const runner: Runner = { ...shuffling(100), run: (chunk) => gate.then(() => shuffling(1).run(chunk)) };
    let seen = 0;
    const pump = startPump({
      runner: { ...runner, slots: 8 },
      first: [],
      source: lines(),
      async deliver(outcomes) {
        seen += outcomes.length;
        return false;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    // 8 slots of 128 KiB hold 16 lines of 64 KiB; and of the source, what it gives at once.
    expect(taken).toBeLessThanOrEqual(20);
    release();
    expect(await pump.finished).toBe(true);
    expect(seen).toBe(1000);
  });

  test('ends where the receiver wants it to, where it is stopped, and where the source breaks', async () => {
    const seen: string[] = [];
    const take = (limit: number) => async (outcomes: readonly Outcome[]) => {
      seen.push(...outcomes.map(({ text }) => text));
      return seen.length >= limit;
    };
    const enough = startPump({ runner: shuffling(4), first: [], source: groups(300, 5), deliver: take(1) });
    expect(await enough.finished).toBe(false);
    seen.length = 0;
    const stopping = startPump({
      runner: shuffling(4),
      first: [],
      source: groups(100_000, 5),
      deliver: take(Number.POSITIVE_INFINITY),
    });
    setTimeout(stopping.stop, 40);
    expect(await stopping.finished).toBe(false);
    expect(seen).toEqual(items(0, seen.length).map(({ id }) => id));
    async function* broken(): AsyncGenerator<readonly Item[]> {
      yield items(0, 3);
      throw new Error('broken');
    }
    const failing = startPump({ runner: shuffling(1), first: [], source: broken(), deliver: take(1000) });
    await expect(failing.finished).rejects.toThrow('broken');
  });
});

test('errors have a line to themselves where there is a bar', () => {
  const said = (more: object) => {
    let text = '';
    const err = (part: string) => {
      text += part;
    };
    const io = {
      env: {},
      stdoutIsTty: false,
      asciiOnly: false,
      columns: undefined,
      out: err,
      err,
      note: err,
    };
    errAboveBar({ ...io, stderrIsTty: true, ...more })('x\n');
    return text;
  };
  expect(said({})).toBe('\r\x1b[Kx\n');
  expect(said({ quiet: true })).toBe('x\n');
  expect(said({ stderrIsTty: false })).toBe('x\n');
});

test('progress tells share, time left, rate and counts', () => {
  const tally = { ...EMPTY_TALLY, records: 1500, verdicts: { pass: 1490, warn: 6, fail: 3 }, noted: 0 };
  const all = { ...tally, errors: { input: 1, internal: 0 } };
  const start = { tally: { ...EMPTY_TALLY, records: 500 }, at: 0.2 };
  expect(progressText({ tally: all, at: 0.6 }, start, 10)).toBe(
    '60%, 10 s left, 100/s, 1,500 records: 1,490 pass, 6 warn, 3 fail, 1 error',
  );
  expect(progressText({ tally: all, at: null }, { tally: EMPTY_TALLY, at: null }, 3)).toBe(
    '500/s, 1,500 records: 1,490 pass, 6 warn, 3 fail, 1 error',
  );
  expect(progressText({ tally: all, at: 0.5 }, { tally: EMPTY_TALLY, at: 0 }, 4000)).toContain(
    '1 h 6 min left',
  );
});
