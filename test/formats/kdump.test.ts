/** What the files of the kdump service say of the crash kernel. */
import { describe, expect, test } from 'vitest';
import { describeMachine } from '../../src/formats/linux-capture/machine.ts';
import { analyzeText } from '../helpers.ts';
import { memoryTree } from './memory-tree.ts';

const RUNNING = {
  'proc/version': 'Linux version 6.12.43 (build@host)',
  'proc/cmdline': 'crashkernel=512M isolcpus=2-3 quiet',
  'proc/cpuinfo': 'processor\t: 0\napicid\t\t: 0\nflags\t\t: x2apic\n',
};

function read(files: Readonly<Record<string, string>>) {
  const result = describeMachine(memoryTree({ ...RUNNING, ...files }), 'host');
  const { kdump, kdumpBase: base } = result.raw.value as { kdump?: string; kdumpBase?: string };
  return {
    kdump,
    base,
    where: result.raw.locate(['kdump']),
    texts: result.assumptions.map(({ text }) => text),
  };
}

test('sysconfig: what is appended, its place, and CPUs', () => {
  const text =
    '# KDUMP_COMMANDLINE_APPEND="x"\nKDUMP_COMMANDLINE=""\nKDUMP_COMMANDLINE_APPEND="irqpoll nr_cpus=2 \\\nreset_devices"\n';
  expect(read({ 'etc/sysconfig/kdump': text })).toMatchObject({
    kdump: 'irqpoll nr_cpus=2 reset_devices',
    where: { file: 'host/etc/sysconfig/kdump', line: 3 },
  });
  expect(read({ 'etc/sysconfig/kdump': 'KDUMP_CPUS=32\n' }).kdump).toBe('nr_cpus=32');
});

test('kdump-tools, with single quotes; the last assignment counts', () => {
  const text = "KDUMP_CMDLINE_APPEND='a'\nKDUMP_CMDLINE_APPEND='reset_devices nr_cpus=1'\n";
  expect(read({ 'etc/default/kdump-tools': text }).kdump).toBe('reset_devices nr_cpus=1');
});

test('drivers that dracut leaves out are not there in the crash kernel', () => {
  const files = {
    'etc/sysconfig/kdump': 'KDUMP_COMMANDLINE_APPEND="nr_cpus=1"\n',
    'etc/kdump.conf':
      '#dracut_args --omit-drivers "no"\ndracut_args --omit-drivers "mlx5_core i40e" --add "x"\n',
  };
  expect(read(files).kdump).toBe('nr_cpus=1 rd.driver.blacklist=mlx5_core,i40e');
});

describe('what stands before it', () => {
  const base = (text: string, path = 'etc/sysconfig/kdump') => read({ [path]: text }).base;

  test.each([
    [
      'of the running kernel, less what is removed',
      'KDUMP_COMMANDLINE_REMOVE="quiet isolcpus hugepages"\n',
      'crashkernel=512M',
    ],
    [
      'another line',
      'KDUMP_COMMANDLINE="ro root=/dev/sda"\nKDUMP_COMMANDLINE_APPEND=nr_cpus=1\n',
      'ro root=/dev/sda',
    ],
    [
      'another line, less what is removed',
      "KDUMP_COMMANDLINE='ro quiet'\nKDUMP_COMMANDLINE_REMOVE='quiet'\n",
      'ro',
    ],
    ['all of it', 'KDUMP_COMMANDLINE_REMOVE="hugepages"\nKDUMP_COMMANDLINE_APPEND=nr_cpus=1\n', undefined],
  ])('%s', (_, text, expected) => {
    expect(base(text)).toBe(expected);
  });

  test('of kdump-tools; without crashkernel= there is no crash kernel', () => {
    expect(base('KDUMP_CMDLINE="root=/dev/sda nr_cpus=4"\n', 'etc/default/kdump-tools')).toBe(
      'root=/dev/sda nr_cpus=4',
    );
    const text = 'KDUMP_COMMANDLINE=ro\nKDUMP_COMMANDLINE_APPEND=nr_cpus=1\n';
    expect(read({ 'proc/cmdline': 'quiet', 'etc/sysconfig/kdump': text })).toMatchObject({
      kdump: undefined,
      base: undefined,
    });
  });

  test('decides how the crash kernel runs', async () => {
    const machine = (line: string) => `kernel: "6.12"
cmdline: crashkernel=1G nox2apic
kdump: nr_cpus=1
topology: { cores: 4 }
remapping: on
${line}`;
    expect((await analyzeText(machine(''))).machine.kdump?.nox2apic).toBe(true);
    expect((await analyzeText(machine('kdumpBase: ro'))).machine.kdump?.nox2apic).toBe(false);
  });
});

test('a dump that finds too few vectors is saved by drivers that are left out', async () => {
  const text = (append: string) => `kernel: "6.12"
cmdline: crashkernel=1G
kdump: "nr_cpus=1 ${append}"
topology: { cores: 16 }
remapping: on
devices:
  - { name: mlx5_core, driver: generic, vectors: 60, count: 4 }
  - { name: disk, driver: nvme, queues: 8 }
`;
  const rules = async (append: string) => (await analyzeText(text(append))).findings.map(({ rule }) => rule);
  expect(await rules('')).toContain('crash-kernel-without-vectors');
  expect(await rules('rd.driver.blacklist=mlx5_core')).not.toContain('crash-kernel-without-vectors');
  expect(await rules('modprobe.blacklist=e1000,mlx5-core')).not.toContain('crash-kernel-without-vectors');
  expect(await rules('rd.driver.blacklist=mlx4_core')).toContain('crash-kernel-without-vectors');
});
