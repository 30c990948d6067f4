/** Machines inside what support tools made: a supportconfig's sections, sosreports deep inside a must-gather. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kernelLogIn } from '../../src/formats/linux-capture/kernel-log.ts';
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import { memoryTree } from './memory-tree.ts';

const LOG = readFileSync('scenarios/imported/server-255-of-256.dmesg', 'utf8');
const CPUINFO =
  'processor\t: 0\nvendor_id\t: GenuineIntel\napicid\t\t: 0\n\nprocessor\t: 1\nvendor_id\t: GenuineIntel\napicid\t\t: 2\n';
const LSPCI = `3b:00.0 Non-Volatile memory controller [0108]: Some NVMe [144d:a808]
	Capabilities: [b0] MSI-X: Enable+ Count=33 Masked-
	Kernel driver in use: nvme
`;

const section = (kind: string, of: string, text: string) =>
  `#==[ ${kind} ]${'='.repeat(30)}#\n# ${of}\n\n${text}\n`;
const BOOT = `${section('Command', '/bin/lsmod', 'nvme 1 0')}\n${section('Command', '/bin/dmesg -T', LOG)}`;

const read = (files: Readonly<Record<string, string>>) => {
  const { raw, assumptions } = readMachineTree(memoryTree(files), 'sc');
  return {
    raw,
    value: raw.value as Record<string, unknown>,
    said: assumptions.map(({ text }) => text).join(),
  };
};

describe('a supportconfig', () => {
  test('with CPUs, parameters and devices is a machine; places are those of its files', () => {
    const { raw, value, said } = read({
      'scc_h_1/boot.txt': BOOT,
      'scc_h_1/hardware.txt': `${section('Command', '/sbin/lspci -nnvv', LSPCI)}${section('File', '/proc/cpuinfo', CPUINFO)}`,
      'scc_h_1/proc.txt': section('Configuration File', '/proc/cmdline', 'quiet nr_cpus=2'),
    });
    expect(value).toMatchObject({
      kernel: '6.12.43+deb13-amd64',
      cmdline: 'quiet nr_cpus=2',
      devices: [{ name: '3b:00.0', driver: 'nvme', vectors: 33 }],
    });
    expect((value.cpus as readonly object[]).length).toBe(2);
    expect(raw.locate(['cmdline'])).toMatchObject({ file: 'sc/scc_h_1/proc.txt', line: 4 });
    expect(said).toContain('of 5 sections these are read: dmesg.txt, lspci.txt, proc/cmdline, proc/cpuinfo');
  });

  test('without a log or lspci says so', () => {
    const { value } = read({ 'proc.txt': section('File', '/proc/cpuinfo', CPUINFO) });
    const parts = (value.notUnderstood as readonly { part: string }[]).map(({ part }) => part).join();
    expect(parts).toMatch(/the kernel log .*no section.*the devices .*no section/);
  });

  test('of which only the log is left is read as that, at its lines', () => {
    const { raw, value, said } = read({ 'boot.txt': BOOT });
    expect(value).toMatchObject({ kernel: expect.stringContaining('6.12.43') });
    expect(said).toContain('the kernel log alone is read');
    expect(raw.locate(['kernel'])).toMatchObject({
      file: 'sc/boot.txt',
      line: BOOT.split('Linux version')[0].split('\n').length,
    });
    const found = kernelLogIn(memoryTree({ 'boot.txt': BOOT }), 'sc');
    expect(found?.path).toBe('boot.txt');
    expect(found?.text.split('\n').findIndex((line) => line.includes('Linux version'))).toBe(
      BOOT.split('\n').findIndex((line) => line.includes('Linux version')),
    );
  });

  test('is not seen in texts of the same name', () => {
    expect(() => read({ 'boot.txt': 'boots' })).toThrow(/not a captured machine/);
  });
});

describe('a must-gather', () => {
  const SOS = 'must-gather.local.1/quay-io-image/sosreports/node-1/sosreport-node-1';
  const files = (dir: string) => ({ [`${dir}/proc/cpuinfo`]: CPUINFO, [`${dir}/proc/cmdline`]: 'quiet' });

  test('has the sosreport of its node deep inside', () => {
    expect(read({ ...files(SOS), 'must-gather.local.1/version': '4.16' }).value.cmdline).toBe('quiet');
    expect(() => read(files('a/b/c/d/e'))).toThrow(/not a captured machine/);
  });

  test('of several nodes is several machines, not stages of one', () => {
    const both = { ...files(`${SOS}a`), ...files(`${SOS}b`) };
    expect(() => read(both)).toThrow(/2 machines in it.*sosreport-node-1a, .*sosreport-node-1b/);
    expect(() => kernelLogIn(memoryTree(both), 'sc')).toThrow(/2 machines/);
  });

  test('whose sosreport is packed is told which archive to give', () => {
    expect(() => read({ 'must-gather.local.1/n/sosreport-node-1.tar.xz': '' })).toThrow(
      /must-gather.local.1\/n\/sosreport-node-1.tar.xz in it is packed/,
    );
  });
});
