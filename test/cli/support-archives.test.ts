/** Archives of support tools: what is read of an unpacked one is read of the archive too. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { irqsim } from './irqsim.ts';

const CPUINFO = 'processor\t: 0\nvendor_id\t: GenuineIntel\napicid\t\t: 0\n';

/** The folder of the files, and the archive of it. */
function both(files: Readonly<Record<string, string>>): readonly string[] {
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
