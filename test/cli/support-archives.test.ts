/** Archives of support tools: what is read of an unpacked one is read of the archive too. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { irqsim } from './irqsim.ts';

const CPUINFO = 'processor\t: 0\nvendor_id\t: GenuineIntel\napicid\t\t: 0\n';

/** The folder of the files, and the archive of it. */
function both(files: Readonly<Record<string, string>>): readonly [folder: string, archive: string] {
  const root = mkdtempSync(join(tmpdir(), 'irqsim-support-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'in', path)), { recursive: true });
    writeFileSync(join(root, 'in', path), text);
  }
  execFileSync('tar', ['-czf', join(root, 'in.tar.gz'), '-C', join(root, 'in'), '.']);
  return [join(root, 'in'), join(root, 'in.tar.gz')];
}

test.each([
  [
    'the settings of kdump of a sosreport',
    {
      'sosreport-h/proc/cpuinfo': CPUINFO,
      'sosreport-h/proc/cmdline': 'quiet crashkernel=256M\n',
      'sosreport-h/uname': 'Linux h 6.1.0 #1 x\n',
      'sosreport-h/etc/sysconfig/kdump': 'KDUMP_COMMANDLINE_APPEND="nr_cpus=1 irqpoll"\n',
    },
    'kdump: "nr_cpus=1 irqpoll"',
  ],
  [
    'the sections of a supportconfig',
    {
      'scc_h/hardware.txt': `#==[ Configuration File ]=====#\n# /proc/cpuinfo\n${CPUINFO}`,
      'scc_h/proc.txt': '#==[ Configuration File ]=====#\n# /proc/cmdline\nquiet nr_cpus=7\n',
    },
    'nr_cpus=7',
  ],
])('%s', async (_, files, shown) => {
  for (const input of both(files)) expect((await irqsim(['import', input])).out).toContain(shown);
});

describe('a must-gather of several nodes', () => {
  const node = (name: string, release: string) => ({
    [`mg/${name}/sosreport-${name}/proc/cpuinfo`]: CPUINFO,
    [`mg/${name}/sosreport-${name}/proc/cmdline`]: 'quiet\n',
    [`mg/${name}/sosreport-${name}/uname`]: `Linux ${name} ${release} #1 x\n`,
  });
  const [folder, archive] = both({ ...node('a', '6.1.0'), ...node('b', '6.12.0') });

  test.each([folder, archive])('is several machines for analyze: %#', async (input) => {
    const { out } = await irqsim(['analyze', '--format', 'json', '--fail-on', 'never', input]);
    const reports = JSON.parse(out) as { input: { file: string }; machine: { kernel: string } }[];
    expect(reports.map(({ machine }) => machine.kernel)).toEqual(['6.1.0', '6.12.0']);
  });

  test.each([folder, archive])(
    'and a command that takes one says how to choose, which works: %#',
    async (input) => {
      const { code, err } = await irqsim(['budget', input]);
      expect(code).toBe(2);
      expect(err).toContain(`${input}/mg/a/sosreport-a, ${input}/mg/b/sosreport-b`);
      const chosen = await irqsim(['import', `${input}/mg/b/sosreport-b`]);
      expect(chosen).toMatchObject({ code: 0, out: expect.stringContaining('6.12.0') });
      for (const command of ['verify', 'dmesg'])
        expect((await irqsim([command, input])).err).toContain(`${input}/mg/b/sosreport-b`);
    },
  );

  test('what leads into no archive is no such file', async () => {
    expect((await irqsim(['budget', `${archive}/mg/c`])).err).toMatch(/no such file|cannot be read/);
  });
});

test('packed sosreports in a folder are read by analyze, and named by commands that take one', async () => {
  const [, archive] = both({
    'sosreport-x/proc/cpuinfo': CPUINFO,
    'sosreport-x/uname': 'Linux x 6.6.1 #1 x\n',
  });
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-support-'));
  mkdirSync(join(folder, 'node'));
  for (const name of ['x', 'y']) copyFileSync(archive, join(folder, 'node', `sosreport-${name}.tar.gz`));
  const { out } = await irqsim(['analyze', '--format', 'json', '--fail-on', 'never', folder]);
  expect(JSON.parse(out)).toHaveLength(2);
  expect((await irqsim(['budget', folder])).err).toContain(`${folder}/node/sosreport-y.tar.gz`);
});
