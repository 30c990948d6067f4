/** Whatever ends a batch, --resume goes on: nothing is lost, nothing is there twice. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { lock } from '../../src/cli/batch/lock.ts';
import { fileOutput } from '../../src/cli/batch/output.ts';
import {
  BIN,
  batchHere,
  ended,
  machine,
  ndjson,
  parsed,
  start,
  TWO_GUESTS,
  withFiles,
} from './batch-inputs.ts';
import { irqsimProcess } from './irqsim.ts';

const bytes = (path: string) => readFileSync(path);
const refused = (args: readonly string[]) =>
  batchHere(args).then(
    () => '',
    (error: Error) => error.message,
  );

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('a torn output', () => {
  const at = withFiles({
    'a.ndjson': ndjson(['bad']),
    'two.yaml': TWO_GUESTS.map((guest) => JSON.stringify(guest)).join('\n---\n'),
  });
  const args = [`${at}/a.ndjson`, `${at}/two.yaml`, `${at}/none.yaml`, '-o', `${at}/out`];

  test('is finished wherever it is cut', async () => {
    await batchHere(args);
    const whole = bytes(`${at}/out`);
    rmSync(`${at}/out`);
    expect(parsed(whole.toString()).records).toHaveLength(4);
    // Every byte around the ends of lines; inside a line one is as good as another.
    const near = (length: number) => whole.subarray(Math.max(0, length - 3), length + 3).includes(0x0a);
    for (let length = 0; length <= whole.length; length++) {
      if (length % 67 !== 0 && !near(length)) continue;
      writeFileSync(`${at}/out.part`, whole.subarray(0, length));
      const { code } = await batchHere([...args, '--resume']);
      if (code !== 2 || !bytes(`${at}/out`).equals(whole)) expect.fail(`cut at byte ${length}`);
      rmSync(`${at}/out`);
    }
  });

  test('needs a word on what to do with it', async () => {
    writeFileSync(`${at}/out.part`, '');
    expect(await refused(args)).toContain('--resume goes on with it, --force starts over');
    expect(existsSync(`${at}/out.part`)).toBe(true);
    expect((await batchHere([...args, '--force'])).code).toBe(2);
    expect(existsSync(`${at}/out.part`)).toBe(false);
    expect(existsSync(`${at}/out.lock`)).toBe(false);
  });

  test('is left alone if the inputs, the options or the shard are not the same', async () => {
    const change = (values: readonly unknown[], name = 'a.ndjson') =>
      withFiles({ [name]: ndjson(values) }, at);
    await batchHere([...args, '--force']);
    const part = bytes(`${at}/out`).subarray(0, -10);
    const check = async (more: readonly string[], message: string) => {
      writeFileSync(`${at}/out.part`, part);
      expect(await refused([...args, '--resume', ...more])).toContain(message);
      expect(bytes(`${at}/out.part`).equals(part)).toBe(true);
    };
    await check(['--kernel', '5.10'], 'was written with other options');
    await check(['--reports'], 'was written with other options');
    await check(['--shard', '2/2'], 'is of input 0, where 1 is expected');
    change(['worse']);
    await check([], 'a.ndjson:1" has an input that has changed since');
    change([]);
    await check([], 'a.ndjson:1" is of another input than');
    change(['bad']);
    writeFileSync(`${at}/none.yaml`, 'topology: { cores: 1 }\n');
    await check([], 'none.yaml" has an input that has changed since');
    rmSync(`${at}/none.yaml`);
    const lines = part.toString().split('\n');
    for (const [damage, message] of [
      [[lines[0], '{', ...lines.slice(2)], 'out.part:2: the line is damaged'],
      [[lines[0], '{"x":1}', ...lines.slice(2)], 'out.part:2: the line is no record'],
      [[lines[0], ...lines], 'is of input 0, where 1 is expected'],
      [[lines[0].replace(/"version":"[^"]*"/, '"version":"0.0.1"'), ...lines.slice(1)], 'by irqsim 0.0.1'],
      [
        [lines[0].replace('"schemaVersion":1', '"schemaVersion":2'), ...lines.slice(1)],
        'has schemaVersion 2',
      ],
      [[...lines.slice(0, 3), lines[2], ...lines.slice(3)], 'does not follow what stands before it'],
    ] as const) {
      writeFileSync(`${at}/out.part`, damage.join('\n'));
      expect(await refused([...args, '--resume'])).toContain(message);
    }
  });
});

describe('a finished output', () => {
  test('is left as it is, with the exit code it had', async () => {
    const at = withFiles({ 'a.ndjson': ndjson([machine(1), machine(300, { platform: 'kvm' })]) });
    const args = [`${at}/a.ndjson`, '-o', `${at}/out`];
    expect((await batchHere(args)).code).toBe(1);
    const { ino, mtimeMs } = statSync(`${at}/out`);
    const again = await batchHere([...args, '--resume']);
    expect(again.code).toBe(1);
    expect(again.err).toContain('is finished, nothing to do; 2 records: 1 pass, 0 warn, 1 fail, 0 errors');
    expect(statSync(`${at}/out`)).toMatchObject({ ino, mtimeMs });
    expect((await batchHere([...args, '--resume', '--fail-on', 'never'])).code).toBe(0);
    withFiles({ 'a.ndjson': ndjson([machine(1), machine(300, { platform: 'kvm' }), machine(2)]) }, at);
    expect(await refused([...args, '--resume'])).toContain('not of these inputs');
    expect(statSync(`${at}/out`)).toMatchObject({ ino, mtimeMs });
    expect((await batchHere(args)).code).toBe(1);
    expect(parsed(bytes(`${at}/out`).toString()).records).toHaveLength(3);
  });

  test('is left as it is by a signal that comes while it is compared', async () => {
    const at = withFiles({ 'a.ndjson': ndjson([machine(1)]) });
    const input = bytes(`${at}/a.ndjson`);
    expect(irqsimProcess(['batch', '-', '-o', `${at}/out`], { input }).code).toBe(0);
    const whole = bytes(`${at}/out`);
    const child = spawn(process.execPath, [BIN, 'batch', '-', '-o', `${at}/out`, '--resume']);
    const end = ended(child);
    child.stdin.write(input);
    while (!existsSync(`${at}/out.lock`)) await pause(1);
    await pause(50);
    child.kill('SIGTERM');
    expect(await end).toBe(143);
    expect(bytes(`${at}/out`).equals(whole)).toBe(true);
    expect(existsSync(`${at}/out.lock`)).toBe(false);
  });

  test('that was tampered with is not taken for finished', async () => {
    const at = withFiles({ 'a.ndjson': ndjson([machine(1)]) });
    const args = [`${at}/a.ndjson`, '-o', `${at}/out`];
    await batchHere(args);
    writeFileSync(`${at}/out`, bytes(`${at}/out`).toString().replace('"verdict":"pass"', '"verdict":"warn"'));
    expect(await refused([...args, '--resume'])).toContain('--force starts over');
  });
});

describe('a lock', () => {
  const at = withFiles({ 'a.ndjson': ndjson([machine(1)]) });
  const args = [`${at}/a.ndjson`, '-o', `${at}/out`];
  const held = (holder: object | string) =>
    writeFileSync(`${at}/out.lock`, typeof holder === 'string' ? holder : JSON.stringify(holder));

  test('of a living process is heeded', async () => {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'latin1');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    held({ pid: process.ppid, host: hostname(), started });
    expect(await refused(args)).toContain(`is being written by another irqsim (process ${process.ppid})`);
    held({ pid: process.ppid, host: hostname(), started: '1' });
    expect((await batchHere(args)).code).toBe(0);
  });

  test.each([{ pid: 2 ** 22 + 1, host: hostname(), started: null }, { pid: 1, host: 'elsewhere' }, '', 'x'])(
    '%j is a leftover',
    async (holder) => {
      held(holder);
      expect((await batchHere(args)).code).toBe(0);
      expect(existsSync(`${at}/out.lock`)).toBe(false);
    },
  );
});

describe('an output that another process takes over', () => {
  const taken = 'out.part was changed by another process';
  const theirs = JSON.stringify({ id: 'another', pid: process.pid, host: 'elsewhere', started: '1' });

  test.each(['', 'theirs\n', 'a longer one of theirs\n'])('is left to that one with %j', async (part) => {
    const at = withFiles({});
    const { isHeld, release } = lock(`${at}/out`);
    const output = fileOutput(`${at}/out`, 0, isHeld);
    await output.write('ours 12\n');
    withFiles({ 'out.lock': theirs, 'out.part': part }, at);
    await expect(output.write('more\n')).rejects.toThrow(taken);
    await expect(output.finish()).rejects.toThrow(taken);
    release();
    expect(bytes(`${at}/out.lock`).toString()).toBe(theirs);
    expect(bytes(`${at}/out.part`).toString()).toBe(part);
  });

  test('is not finished even if nothing of it is to be seen', async () => {
    const at = withFiles({});
    const { isHeld } = lock(`${at}/out`);
    const output = fileOutput(`${at}/out`, 0, isHeld);
    await output.write('ours\n');
    // As large as it should be, but not what it should be: bytes went behind those that were cut off.
    withFiles({ 'out.part': '\0\0\0\0\0' }, at);
    rmSync(`${at}/out.lock`);
    await expect(output.finish()).rejects.toThrow(taken);
    expect(existsSync(`${at}/out`)).toBe(false);
  });
});

describe('a long run', async () => {
  const values = Array.from({ length: 500 }, (_, n) => machine(1 + (n % 64), { name: `m${n}` }));
  const at = withFiles({ 'all.ndjson': ndjson(values) });
  const args = (name: string, ...more: string[]) => [
    'batch',
    `${at}/all.ndjson`,
    '-o',
    `${at}/${name}`,
    ...more,
  ];
  expect(irqsimProcess(args('whole')).code).toBe(0);
  const whole = bytes(`${at}/whole`);
  const sizeOf = (path: string) => (existsSync(path) ? statSync(path).size : 0);

  /** Kills a run again and again, and looks at what it leaves. Returns when it is done at last. */
  async function killed(name: string, kills: number, seed: number): Promise<void> {
    const part = `${at}/${name}.part`;
    const random = numbers(seed);
    let kept = 0;
    for (let kill = 0, runs = 0; kill < kills; runs++) {
      // Somewhere on the way that is left, so that all kills fit in; sometimes while it still reads what is there.
      const share = random.next().value / (kills + 1 - kill);
      const goal = kill % 5 === 4 ? 0 : kept + share * 2 * (whole.length - kept);
      const child = start(args(name, '--resume', '-j', kill % 4 === 0 ? '2' : '1'));
      const end = ended(child);
      if (goal === 0) await pause(random.next().value * 300);
      while (sizeOf(part) < goal && child.exitCode === null) await pause(1);
      child.kill('SIGKILL');
      if ((await end) !== 'SIGKILL') {
        // It was over before: it starts anew, and this was no kill.
        expect(runs).toBeLessThan(5 * kills);
        expect(bytes(`${at}/${name}`).equals(whole)).toBe(true);
        rmSync(`${at}/${name}`);
        kept = 0;
        continue;
      }
      kill++;
      if (!existsSync(part)) continue;
      const now = bytes(part);
      expect(now.equals(whole.subarray(0, now.length)), `bytes after kill ${kill}`).toBe(true);
      const finished = now.lastIndexOf(0x0a) + 1;
      expect(finished).toBeGreaterThanOrEqual(kept);
      kept = finished;
    }
    expect(await ended(start(args(name, '--resume')))).toBe(0);
    expect(bytes(`${at}/${name}`).equals(whole)).toBe(true);
    expect(existsSync(part) || existsSync(`${at}/${name}.lock`)).toBe(false);
  }

  // The fifth comes while it reads what is there.
  test('survives 5 kill -9 and loses nothing that was written', { timeout: 240_000 }, async () => {
    await killed('one', 5, 1987);
  });

  test.concurrent.each([
    ['SIGTERM', 143, '1'],
    ['SIGTERM', 143, '3'],
    ['SIGINT', 130, '2'],
  ] as const)('%s ends it with %i after whole records (-j %s)', async (signal, code, j) => {
    const out = `${at}/${signal}-${j}`;
    const run = (input: string, ...more: string[]) => {
      const child = spawn(process.execPath, [BIN, 'batch', '-', '-o', out, '-j', j, ...more]);
      child.stdin.on('error', () => {}).write(input);
      return { child, end: ended(child) };
    };
    // More could come, so that it cannot be over before the signal.
    const { child, end } = run(ndjson(values.slice(0, 100)));
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    while (sizeOf(`${out}.part`) < 10_000) await pause(1);
    child.kill(signal);
    expect(await end).toBe(code);
    expect(err).toMatch(
      new RegExp(`stopped by ${signal} after [\\d,]+ records: .*; --resume goes on from there`),
    );
    const part = bytes(`${out}.part`);
    expect(part.at(-1)).toBe(0x0a);
    expect(existsSync(`${out}.lock`)).toBe(false);
    // However many threads it had.
    const rest = run(ndjson(values.slice(0, 120)), '--resume', '-j', '1');
    rest.child.stdin.end();
    expect(await rest.end).toBe(0);
    const whole = bytes(out);
    expect(part.equals(whole.subarray(0, part.length))).toBe(true);
    expect(parsed(whole.toString()).records.map(({ name }) => name)).toEqual(
      values.slice(0, 120).map((_, n) => `m${n}`),
    );
  });

  test('SIGTERM ends it while it waits for more input', async () => {
    const child = spawn(process.execPath, [BIN, 'batch', '-', '-j', '1'], { stdio: 'pipe' });
    const end = ended(child);
    const first = new Promise<string>((resolve) =>
      child.stdout.once('data', (text) => resolve(String(text))),
    );
    child.stdin.write(ndjson([machine(1)]));
    expect(JSON.parse(await first)).toMatchObject({ id: '-:1', verdict: 'pass' });
    child.kill('SIGTERM');
    expect(await end).toBe(143);
  });

  test('a file that grows under it ends it, and nothing is overwritten', async () => {
    const child = start(args('shared', '-j', '1'));
    const end = ended(child);
    while (sizeOf(`${at}/shared.part`) < 10_000) await pause(1);
    while (child.exitCode === null) {
      writeFileSync(join(at, 'shared.part'), 'x', { flag: 'a' });
      await pause(2);
    }
    expect(await end).toBe(2);
    expect(existsSync(`${at}/shared`)).toBe(false);
  });
});
