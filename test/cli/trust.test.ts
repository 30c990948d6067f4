/** What strangers wrote, and files that are written: project files of others, pipes, links, owners, budgets. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { followLinks, type PathNode } from '../../src/cli/input/paths.ts';
import { POLICIES } from '../../src/linux/policy/index.ts';
import { grouped } from '../../src/machine/limits.ts';
import { irqsim, irqsimProcess, startedIrqsim } from './irqsim.ts';

const GUEST = `kernel: "6.12"
platform: kvm
topology: { sockets: 60, cores: 5 }
devices: [{ name: disk, driver: nvme, queues: 8 }]
`;
const SOMEBODY = 12_345;
const isRoot = process.getuid?.() === 0;
const folder = (): string => mkdtempSync(join(tmpdir(), 'irqsim-trust-'));

describe('a project file above', () => {
  const levels =
    'levels: { apic-id-above-limit: "off", queue-never-starts: "off", sparse-apic-ids: "off" }\n';

  function below(): { readonly top: string; readonly work: string } {
    const top = folder();
    const work = join(top, 'team/vms');
    mkdirSync(work, { recursive: true });
    writeFileSync(join(top, '.irqsim.yaml'), levels);
    writeFileSync(join(work, 'guest.yaml'), GUEST);
    return { top, work };
  }

  test("counts if it is the user's own, and is named", async () => {
    const { work } = below();
    expect(await irqsim(['analyze', 'guest.yaml'], { cwd: work })).toMatchObject({
      code: 0,
      err: 'settings of ../../.irqsim.yaml\n',
    });
  });

  test.runIf(isRoot)('of another user does not count, unless it is asked for', async () => {
    const { top, work } = below();
    chownSync(join(top, '.irqsim.yaml'), SOMEBODY, SOMEBODY);
    const run = await irqsim(['analyze', 'guest.yaml'], { cwd: work });
    expect(run).toMatchObject({
      code: 1,
      err: '../../.irqsim.yaml belongs to another user and does not count; --config ../../.irqsim.yaml uses it\n',
    });
    expect(
      (await irqsim(['analyze', '--config', '../../.irqsim.yaml', 'guest.yaml'], { cwd: work })).code,
    ).toBe(0);
    mkdirSync(join(top, '.git'));
    expect((await irqsim(['analyze', 'guest.yaml'], { cwd: work })).code, 'within the repository').toBe(0);
  });

  test.runIf(isRoot)('in a repository that somebody else put there does not count', async () => {
    const { top, work } = below();
    mkdirSync(join(top, '.git'));
    for (const name of ['.git', '.irqsim.yaml']) chownSync(join(top, name), SOMEBODY, SOMEBODY);
    expect((await irqsim(['analyze', 'guest.yaml'], { cwd: work })).code).toBe(1);
    // A checkout of somebody, as containers have it: the folder is theirs, too.
    chownSync(work, SOMEBODY, SOMEBODY);
    expect((await irqsim(['analyze', 'guest.yaml'], { cwd: work })).code).toBe(0);
  });

  test('that is a pipe is refused at once', async () => {
    const { work } = below();
    execFileSync('mkfifo', [join(work, '.irqsim.yaml')]);
    expect(await irqsim(['analyze', 'guest.yaml'], { cwd: work })).toMatchObject({
      code: 2,
      err: '.irqsim.yaml:1:1: is no regular file\n',
    });
  });
});

describe('a pipe without anybody who writes into it', () => {
  const newPipe = (): string => {
    const pipe = join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    return pipe;
  };
  const pipe = newPipe();
  const guest = join(folder(), 'guest.yaml');
  writeFileSync(guest, GUEST);

  test.concurrent.each([
    ['as an input', ['analyze', pipe], /pipe:1:1: the file is empty/],
    ['as a baseline', ['analyze', '--baseline', pipe, guest], /is no regular file/],
    ['in a batch', ['batch', pipe], /pipe:1:1: the file is empty/],
  ])('%s ends', async (_, args, message) => {
    // Each waits for a writer of its own accord: all at once wait no longer than one.
    const { code, err } = await startedIrqsim(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test.concurrent('is read once there is a writer', async () => {
    const pipe = newPipe();
    const program = `import('node:fs').then((fs) => setTimeout(() => fs.writeFileSync(${JSON.stringify(pipe)}, ${JSON.stringify(GUEST)}), 300))`;
    const writer = spawn(process.execPath, ['-e', program]);
    expect((await startedIrqsim(['analyze', '-q', pipe])).code).toBe(1);
    writer.kill();
  });
});

describe('a file that is written', () => {
  const fixed = (path: string) => irqsim(['advise', '--fix', path]);

  test.runIf(isRoot)('keeps its owner and mode', async () => {
    const path = join(folder(), 'guest.yaml');
    writeFileSync(path, GUEST, { mode: 0o640 });
    chownSync(path, SOMEBODY, SOMEBODY);
    expect((await fixed(path)).code).toBe(0);
    expect(readFileSync(path, 'utf8')).not.toBe(GUEST);
    const { uid, gid, mode } = statSync(path);
    expect([uid, gid, mode & 0o777]).toEqual([SOMEBODY, SOMEBODY, 0o640]);
  });

  test('keeps its other names and the links to it, and leaves nothing beside it', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'one.yaml'), GUEST);
    linkSync(join(dir, 'one.yaml'), join(dir, 'two.yaml'));
    symlinkSync('two.yaml', join(dir, 'three.yaml'));
    expect((await fixed(join(dir, 'three.yaml'))).code).toBe(0);
    expect(readFileSync(join(dir, 'one.yaml'), 'utf8')).toContain('extDestId');
    expect(statSync(join(dir, 'one.yaml')).nlink).toBe(2);
    expect(lstatSync(join(dir, 'three.yaml')).isSymbolicLink()).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(['one.yaml', 'three.yaml', 'two.yaml']);
  });

  test('behind a link that leads to nothing yet is made there', () => {
    const dir = folder();
    mkdirSync(join(dir, 'out'));
    writeFileSync(join(dir, 'guest.yaml'), GUEST);
    symlinkSync('out/result.ndjson', join(dir, 'result'));
    irqsimProcess(['batch', join(dir, 'guest.yaml'), '-o', join(dir, 'result')]);
    expect(lstatSync(join(dir, 'result')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(dir, 'out/result.ndjson'), 'utf8')).toContain('"verdict":"fail"');
  });
});

describe('budgets', () => {
  test('a small text that describes a million vectors is refused, and says what raises the budget', async () => {
    const text = `${GUEST.split('devices')[0]}devices: [{ name: n, driver: nvme, count: 300, queues: 1000 }]\n`;
    const { code, err } = await irqsim(['analyze', '-'], { input: text });
    expect(code).toBe(2);
    expect(err).toMatch(
      /300,000 vectors; the budget is 262,144 in all; --set budget.vectors=300000 raises it/,
    );
  });

  test('events that would take minutes are refused, and the budget can be raised', async () => {
    const text = `topology: { sockets: 512, cores: 8 }
platform: kvm
devices: [{ name: n, driver: nvme, count: 2, queues: 64 }]
budget: { work: 100000 }
events: [{ suspend: true }, { resume: true }]
`;
    const refused = await irqsim(['analyze', '-'], { input: text });
    expect(refused.err).toMatch(/the budget is 100,000; --set budget.work=1052672 raises it/);
    expect((await irqsim(['analyze', '-', '--set', 'budget.work=1052672'], { input: text })).code).not.toBe(
      2,
    );
  });

  const EVENTS = `topology: { sockets: 64, cores: 4 }
platform: kvm
devices: [{ name: n, driver: nvme, queues: 64 }]
budget: { work: 20000 }
`;
  const file = (events: string) => {
    const path = join(folder(), 'guest.yaml');
    writeFileSync(path, `${EVENTS}events: [${events}]\n`);
    return path;
  };

  test.each([
    ['offline', '{ offline: "1-255" }, { online: "1-255" }'],
    ['smt', '{ smt: off }, { smt: on }'],
    ['suspend', '{ suspend: true }, { resume: true }'],
    ['reprobe', '{ reprobe: n }, { reprobe: n }'],
    ['fire', Array.from({ length: 20 }, () => '{ fire: { device: n, vector: 0 } }').join(', ')],
    [
      'affinity',
      Array.from({ length: 20 }, () => '{ setAffinity: { device: n, vector: 0, cpus: 1 } }').join(', '),
    ],
    ['unplug', Array.from({ length: 20 }, (_, n) => `{ unplug: ${n + 1} }`).join(', ')],
    ['plug', Array.from({ length: 20 }, (_, n) => `{ plug: { apicId: ${300 + n} } }`).join(', ')],
  ])('events of every kind count: %s', async (_, events) => {
    const { code, err } = await irqsim(['analyze', '-q', file(events)]);
    expect(code).toBe(2);
    const [, needed = ''] = /the budget is 20,000; --set budget.work=(\d+) raises it/.exec(err) ?? [];
    expect(needed).not.toBe('');
    const raised = await irqsim(['analyze', '-q', '--set', `budget.work=${needed}`, file(events)]);
    expect(raised.code).not.toBe(2);
  });

  test.each([
    ['kernels', 3, ['analyze', '--kernel', '5.10,6.1,6.12']],
    ['policies', POLICIES.length, ['analyze', '--policy', 'all']],
    ['points of a sweep', 3, ['sweep', '--vary', 'kernel=5.10,6.1,6.12']],
  ] as const)(
    'what several variants ask for counts together: %s',
    async (_, variants, [command, ...args]) => {
      const path = file('{ offline: "1-100" }');
      expect((await irqsim(['analyze', '-q', path])).code).not.toBe(2);
      const { code, err } = await irqsim([command, path, ...args]);
      expect(code).toBe(2);
      const needed = 64 * 116 * variants;
      expect(err).toContain(
        `1 events in ${variants} variants of the machine ask for a work of ${grouped(needed)}, `,
      );
      expect(err).toContain(`the budget is 20,000; --set budget.work=${needed} raises it`);
      const raised = await irqsim([command, path, ...args, '--set', `budget.work=${needed}`]);
      expect(raised.code).not.toBe(2);
    },
  );
});

test('a link in an archive that is longer than any path leads nowhere, at once', () => {
  let looks = 0;
  const nodeAt = (path: string): PathNode => {
    looks++;
    return path === 'a' ? { kind: 'link', target: 'b/'.repeat(200_000) } : { kind: 'directory' };
  };
  expect(followLinks('a', nodeAt)).toBeUndefined();
  expect(looks).toBe(1);
});
