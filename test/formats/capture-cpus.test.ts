/** What a captured machine shows of its CPUs: nodes, CPUs that are offline, and what those that run prove. */
import { describe, expect, test } from 'vitest';
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import { verifyCapture } from '../../src/questions/verify/verify.ts';
import { verdictOf } from '../../src/report/verification.ts';
import { local, madt } from './acpi-tables.ts';
import { memoryTree } from './memory-tree.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const CPU = 'sys/devices/system/cpu';
const cpuinfo = (
  ids: Readonly<Record<number, number>>,
  { flags = 'fpu apic x2apic', vendor = 'GenuineIntel' } = {},
) =>
  Object.entries(ids)
    .map(
      ([cpu, id]) => `processor\t: ${cpu}\nvendor_id\t: ${vendor}\nflags\t\t: ${flags}\napicid\t\t: ${id}\n`,
    )
    .join('\n');

const RELEASE = { 'proc/version': 'Linux version 6.12.41 (x) #1', 'proc/cmdline': 'quiet' };
const SIX_OF_EIGHT: Files = {
  ...RELEASE,
  'proc/cpuinfo': cpuinfo({ 0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 }),
  [`${CPU}/possible`]: '0-7',
  [`${CPU}/present`]: '0-7',
  [`${CPU}/online`]: '0-5',
  'sys/firmware/acpi/tables/APIC': madt(...Array.from({ length: 8 }, (_, id) => local(id, 1))),
};
const LOG = '[    0.0] Linux version 6.12.41 (x) #1\n';

const read = (files: Files) => {
  const { raw, assumptions } = readMachineTree(memoryTree(files), 'web7');
  return {
    value: raw.value as Record<string, unknown>,
    texts: assumptions.map(({ text }) => text).join('\n'),
  };
};
const verify = (files: Files) => {
  const result = verifyCapture(memoryTree(files), 'web7');
  const notCompared = result.notCompared.map(({ kind, why }) => `${kind}: ${why}`);
  return { verdict: verdictOf(result), mismatches: result.mismatches, notCompared };
};

describe('NUMA nodes', () => {
  const four = { ...RELEASE, 'proc/cpuinfo': cpuinfo({ 0: 0, 1: 1, 32: 32, 40: 40 }) };

  test.each([
    ['lists', { 'node0/cpulist': '0-1', 'node1/cpulist': '32,40' }],
    ['maps', { 'node0/cpumap': '00000000,00000003', 'node1/cpumap': '00000101,00000000' }],
    ['a damaged list beside a map', { 'node1/cpulist': '32,', 'node1/cpumap': '101,00000000' }],
  ])('by %s', (_, nodes) => {
    const files = Object.entries(nodes).map(([name, text]) => [`sys/devices/system/node/${name}`, text]);
    expect(read({ ...four, ...Object.fromEntries(files) }).value.cpus).toEqual([
      { apicId: 0 },
      { apicId: 1 },
      { apicId: 32, node: 1 },
      { apicId: 40, node: 1 },
    ]);
  });

  test('with memory alone: named, and devices may be on them; a list that is missing says nothing', () => {
    const nodes = {
      'sys/devices/system/node/node0/cpulist': '0-1\n',
      'sys/devices/system/node/node1/cpulist': '32,40\n',
      'sys/devices/system/node/node2/cpulist': '\n',
      'sys/devices/system/node/node3/cpumap': '00000000,00000000\n',
      'sys/devices/system/node/node5/meminfo': '',
      'sys/bus/pci/devices/0000:00:02.0/vendor': '0x15b3\n',
      'sys/bus/pci/devices/0000:00:02.0/class': '0x020000\n',
      'sys/bus/pci/devices/0000:00:02.0/msi_irqs/30': 'msix\n',
      'sys/bus/pci/devices/0000:00:02.0/numa_node': '3\n',
    };
    const { value } = read({ ...four, ...nodes });
    expect(value.memoryNodes).toBe('2-3');
    expect(value.devices).toMatchObject([{ node: 3 }]);
    expect(
      read({ ...four, 'sys/devices/system/node/node0/cpulist': '0-1' }).value.memoryNodes,
    ).toBeUndefined();
  });

  test('of devices: the highest that CPUs are on is one, a higher one is not', () => {
    const device = (address: string, node: number) => ({
      [`sys/bus/pci/devices/${address}/vendor`]: '0x15b3\n',
      [`sys/bus/pci/devices/${address}/class`]: '0x020000\n',
      [`sys/bus/pci/devices/${address}/msi_irqs/30`]: 'msix\n',
      [`sys/bus/pci/devices/${address}/numa_node`]: `${node}\n`,
    });
    const nodes = { 'sys/devices/system/node/node1/cpulist': '32,40' };
    const files = { ...four, ...nodes, ...device('0000:00:02.0', 1), ...device('0000:00:03.0', 2) };
    const { devices } = read(files).value as { devices: readonly { node?: number }[] };
    expect(devices.map(({ node }) => node)).toEqual([1, undefined]);
  });

  test('beside a MADT without an SRAT', () => {
    const nodes = { 'sys/devices/system/node/node1/cpumap': '30' };
    expect(read({ ...SIX_OF_EIGHT, ...nodes }).value.cpus).toEqual([
      { apicId: '0-3' },
      { apicId: '4-5', node: 1 },
      { apicId: '6-7' },
    ]);
  });
});

describe('CPUs that do not run', () => {
  test('were taken offline, where nothing tells why; what agrees is no match', () => {
    const { value, texts } = read(SIX_OF_EIGHT);
    expect(value.events).toEqual([{ offline: '6-7' }]);
    expect(texts).toContain('CPUs 6-7 do not run, and nothing tells why');
    expect(verify(SIX_OF_EIGHT)).toMatchObject({
      verdict: 'unknown',
      mismatches: [],
      notCompared: expect.arrayContaining(['online CPUs: nothing tells why CPUs 6-7 do not run']),
    });
  });

  test('the kernel log proves it', () => {
    const log = `${LOG}smpboot: CPU 6 is now offline\nsmpboot: CPU 7 is now offline\n`;
    const files = { ...SIX_OF_EIGHT, 'dmesg.txt': log };
    expect(read(files).texts).toContain(
      'CPUs 6-7 were taken offline after the boot, as the kernel log shows',
    );
    expect(verify(files)).toMatchObject({ verdict: 'match', mismatches: [] });
  });

  test('SMT control explains it', () => {
    const files = { ...SIX_OF_EIGHT, [`${CPU}/smt/control`]: 'off' };
    expect(read(files).texts).toContain('as SMT control shows');
    expect(verify(files).verdict).toBe('match');
  });

  test('a CPU that the kernel refused is no such CPU: the model must refuse it too', () => {
    const log = `${LOG}smpboot: CPU 6 is now offline\nsmpboot: CPU 7 has invalid APIC ID 7. Aborting bringup\n`;
    const files = { ...SIX_OF_EIGHT, 'dmesg.txt': log };
    expect(read(files).value.events).toEqual([{ offline: '6' }]);
    expect(verify(files).mismatches).toMatchObject([
      { kind: 'APIC limit' },
      { kind: 'online CPUs', predicted: '0-5,7', shown: '0-5' },
    ]);
  });

  test('parameters that keep CPUs back are left to the model', () => {
    const files = { ...SIX_OF_EIGHT, 'proc/cmdline': 'maxcpus=6' };
    expect(read(files).value.events).toBeUndefined();
    expect(verify(files)).toMatchObject({ verdict: 'match', mismatches: [] });
    expect(verify({ ...SIX_OF_EIGHT, 'proc/cmdline': 'maxcpus=4' }).mismatches).toMatchObject([
      { kind: 'online CPUs', predicted: '0-3', shown: '0-5' },
    ]);
  });

  test('without a MADT keep their number; an APIC ID that is guessed is named', () => {
    const { 'sys/firmware/acpi/tables/APIC': _, ...without } = SIX_OF_EIGHT;
    const files = { ...without, 'proc/cpuinfo': cpuinfo({ 0: 0, 1: 2, 3: 6 }), [`${CPU}/online`]: '0-1,3' };
    const { value } = read({ ...files, 'dmesg.txt': `${LOG}Booting Node 0 Processor 4 APIC 0x8\n` });
    expect(value.cpus).toEqual([0, 2, 3, 6, 8, 1, 4, 5].map((apicId) => ({ apicId })));
    expect(value.events).toEqual([{ offline: '2,4-7' }]);
    expect(value.notUnderstood).toMatchObject([
      { part: expect.stringContaining('CPUs 2,5-7'), mayHold: ['CPUs'] },
    ]);
    expect(verify(files)).toMatchObject({ verdict: 'unknown', mismatches: [] });
  });
});

describe('CPUs above APIC ID 255 that run', () => {
  const high = (id: number, flags: string, vendor: string): Files => ({
    ...RELEASE,
    'proc/cpuinfo': cpuinfo({ 0: 0, 1: id }, { flags, vendor }),
  });

  test.each([
    [256, 'GenuineIntel', 'intel'],
    [255, 'AuthenticAMD', 'amd'],
  ])('on bare metal prove remapping in x2APIC mode: %i, %s', (id, vendor, expected) => {
    const { value, texts } = read(high(id, 'x2apic', vendor));
    expect(value.remapping).toEqual({ enabled: true, vendor: expected, eim: true });
    expect(value.extDestId).toBeUndefined();
    expect(texts).toContain(`interrupts are remapped in x2APIC mode: APIC ID ${id} runs on bare-metal`);
    expect(texts).not.toContain('no interrupt remapping is taken');
  });

  test('in a KVM guest prove the extended destination ID', () => {
    expect(read(high(256, 'x2apic hypervisor', 'GenuineIntel')).value).toMatchObject({ extDestId: true });
  });

  test('prove nothing where xAPIC reaches them', () => {
    expect(read(high(254, 'x2apic', 'GenuineIntel')).value.remapping).toBeUndefined();
  });
});
