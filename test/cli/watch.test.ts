/** `irqsim analyze --watch`: again after each change, whatever comes between, until a signal ends it. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Ending } from '../../src/cli/batch/signals.ts';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { change } from '../../src/cli/tasks/watch.ts';
import { irqsim, keepingIo } from './irqsim.ts';

const CLEAR = '\u001b[2J\u001b[H';
const GOOD = 'topology: { cores: 2 }\n';
const BAD = 'topology: { cores: 4 }\nexpect: { reachable: 3 }\n';

const folder = () => mkdtempSync(join(tmpdir(), 'irqsim-watch-'));

/** A watch that goes on while the test changes files. */
function watching(args: readonly string[], more: Partial<Io> = {}) {
  const { io, said } = keepingIo({});
  const before = process.listeners('SIGINT');
  const ended = run(['analyze', '--watch', ...args], { ...io, ...more });
  const runs = () => said.err.split('watching ').length - 1;
  return {
    said,
    /** Waits until so many runs are over. */
    async ran(times: number): Promise<void> {
      for (let n = 0; n < 1000 && runs() < times; n++) await new Promise((done) => setTimeout(done, 10));
      expect(runs()).toBe(times);
    },
    /** As Ctrl-C does; the exit code. */
    async end(): Promise<number> {
      for (const listener of process.listeners('SIGINT')) if (!before.includes(listener)) listener('SIGINT');
      return await ended;
    },
  };
}

let open: ReturnType<typeof watching> | undefined;
afterEach(async () => {
  await open?.end();
  open = undefined;
});

describe('a file', () => {
  test('is reported again when it changes, is replaced, goes, is wrong, and comes back', async () => {
    const path = join(folder(), 'guest.yaml');
    writeFileSync(path, GOOD);
    const one = watching(['--format', 'ndjson', path]);
    open = one;
    await one.ran(1);
    writeFileSync(path, 'topology: { cores: three }\n');
    await one.ran(2);
    expect(one.said.err).toContain(`${path}:1:20: topology.cores:`);
    rmSync(path);
    await one.ran(3);
    expect(one.said.err).toContain(`${path}:1:1: no such file`);
    writeFileSync(`${path}.new`, GOOD);
    renameSync(`${path}.new`, path);
    await one.ran(4);
    expect(await one.end()).toBe(0);
    const lines = one.said.out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(lines[0]);
    expect(one.said.err).toContain('guest.yaml changed\n');
  });

  test('that goes on changing is read when it is at rest, or when patience is at its end', async () => {
    const { io } = keepingIo({});
    const never: Ending = { signal: undefined, do: () => {}, close: () => {} };
    const looks = (times: readonly string[]) => {
      let at = 0;
      const look = () => new Map([['/guest.yaml', times[Math.min(at++, times.length - 1)]]]);
      return { look, asked: () => at };
    };
    const before = new Map([['/guest.yaml', '1']]);
    const steps = looks(['1', '2', 'absent', '3', '3']);
    expect(await change(before, steps.look, never, io)).toEqual(['/guest.yaml']);
    expect(steps.asked()).toBe(5);
    const restless = looks(Array.from({ length: 50 }, (_, n) => `${n + 2}`));
    expect(await change(before, restless.look, never, io)).toEqual(['/guest.yaml']);
    expect(restless.asked()).toBeLessThan(15);
  });
});

describe('text', () => {
  test('has a line between two runs, and on a terminal a cleared screen', async () => {
    const path = join(folder(), 'guest.yaml');
    for (const stdoutIsTty of [false, true]) {
      writeFileSync(path, GOOD);
      const one = watching([path], { stdoutIsTty });
      open = one;
      await one.ran(1);
      writeFileSync(path, BAD);
      await one.ran(2);
      await one.end();
      expect(one.said.out.includes(CLEAR)).toBe(stdoutIsTty);
      expect(/^=== .*guest\.yaml changed ===$/m.test(one.said.out)).toBe(!stdoutIsTty);
    }
  });

  test('goes into a file of its own, which is none of those that are watched', async () => {
    const at = folder();
    mkdirSync(join(at, 'below'));
    writeFileSync(join(at, 'one.yaml'), GOOD);
    const one = watching([at, '-o', join(at, 'report.txt')]);
    open = one;
    await one.ran(1);
    await new Promise((done) => setTimeout(done, 400));
    await one.ran(1);
    writeFileSync(join(at, 'below/two.yaml'), GOOD);
    await one.ran(2);
    expect(readFileSync(join(at, 'report.txt'), 'utf8')).toContain('two.yaml');
    expect(one.said.out).toBe('');
  });
});

test('a project file counts as it is now, and so does the baseline that it names', async () => {
  const at = folder();
  const project = join(at, 'project.yaml');
  const path = join(at, 'guest.yaml');
  writeFileSync(path, BAD);
  writeFileSync(project, 'fail-on: never\n');
  const one = watching(['--config', project, path]);
  open = one;
  await one.ran(1);
  writeFileSync(project, 'baseline: known.json\n');
  await one.ran(2);
  expect(one.said.err).toContain('known.json');
  expect((await irqsim(['analyze', '-q', '--write-baseline', join(at, 'known.json'), path])).code).toBe(1);
  await one.ran(3);
  expect(await one.end()).toBe(0);
});

test('ends when nobody reads any more', async () => {
  const path = join(folder(), 'guest.yaml');
  writeFileSync(path, GOOD);
  const { io } = keepingIo({});
  expect(await run(['analyze', '--watch', '--no-config', path], { ...io, isGone: () => true })).toBe(0);
});

test.each([
  [['-'], 'standard input can be read only once'],
  [['/dev/null'], '/dev/null can be read only once'],
  [['/'], '/: files of a running machine do not tell when they change'],
  [['no-such.yaml', '--level', 'no-such-rule=off'], 'unknown rule'],
  [['no-such.yaml', '-o', '/no/such/folder/x'], 'there is no directory /no/such/folder'],
  [['/proc/interrupts'], 'files of a running machine do not tell when they change'],
  [
    ['x.yaml', '--write-baseline', 'b.json'],
    "'--watch' cannot be used with option '--write-baseline <file>'",
  ],
])('%j cannot be watched', async (args, message) => {
  const { code, out, err } = await irqsim(['analyze', '--watch', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});
