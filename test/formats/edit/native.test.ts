/** Intents written into irqsim's own descriptions. */
import { describe, expect, test } from 'vitest';
import type { Intent, TopologyIntent } from '../../../src/formats/intent.ts';
import { changedLines, edit, machineIn } from './editing.ts';

const TEXT = `# A guest.
name: db
kernel: "5.10"   # of the distribution
platform: kvm
cmdline: 'quiet intremap=off'
topology: { sockets: 4, cores: 10, max: 40 }
extDestId: off
remapping:
  enabled: off
  optOut: on   # by firmware
devices:
  # the data disks
  - name: nvme
    driver: nvme
    count: 2
  - { name: disk, driver: virtio-blk }
`;

const counts: TopologyIntent = {
  sockets: 1,
  dies: 1,
  modules: 1,
  cores: 16,
  threads: 2,
  max: 32,
  present: 8,
};

const CASES: readonly (readonly [string, Intent, readonly string[]])[] = [
  ['ext-dest-id', { kind: 'ext-dest-id' }, ['-extDestId: off', '+extDestId: on']],
  [
    'remapping, in the keys there are',
    { kind: 'remapping', vendor: 'intel' },
    ['-  enabled: off', '-  optOut: on   # by firmware', '+  enabled: on', '+  optOut: off   # by firmware'],
  ],
  [
    'remapping by AMD',
    { kind: 'remapping', vendor: 'amd' },
    [
      '-  enabled: off',
      '-  optOut: on   # by firmware',
      '+  enabled: on',
      '+  optOut: off   # by firmware',
      '+  vendor: amd',
    ],
  ],
  [
    'kernel',
    { kind: 'kernel', release: '6.12' },
    ['-kernel: "5.10"   # of the distribution', '+kernel: "6.12"   # of the distribution'],
  ],
  [
    'parameters',
    { kind: 'parameters', add: ['nr_cpus=8'], remove: ['intremap=off'] },
    ["-cmdline: 'quiet intremap=off'", "+cmdline: 'quiet nr_cpus=8'"],
  ],
  ['kernel-config', { kind: 'kernel-config', key: 'nrCpus', value: 512 }, ['+kernelConfig: { nrCpus: 512 }']],
  [
    'topology',
    { kind: 'topology', topology: counts },
    [
      '-topology: { sockets: 4, cores: 10, max: 40 }',
      '+topology: { sockets: 1, cores: 16, max: 32, threads: 2, present: 8 }',
    ],
  ],
  ['x2apic', { kind: 'x2apic', setting: 'enabled' }, ['+x2apic: enabled']],
  [
    'queues of a group',
    { kind: 'queues', device: ['devices', 0], name: 'nvme1', queues: 4 },
    ['+    queues: 4'],
  ],
  [
    'vectors',
    { kind: 'vectors', device: ['devices', 1], name: 'disk', vectors: 5 },
    ['-  - { name: disk, driver: virtio-blk }', '+  - { name: disk, driver: virtio-blk, vectors: 5 }'],
  ],
  ['a value', { kind: 'value', path: ['firmware', 'fadt'], value: '6.3' }, ['+firmware: { fadt: "6.3" }']],
  ['stack', { kind: 'stack', product: 'libvirt', version: '11.0' }, ['null']],
];

describe('native', () => {
  test.each(CASES)('%s', async (_, intent, changed) => {
    expect(changedLines(TEXT, await edit(TEXT, intent))).toEqual(changed);
  });

  test('JSON and line ends stay as they are', async () => {
    const json = '{\r\n\t"topology": {"sockets": 2},\r\n\t"remapping": false\r\n}\r\n';
    expect(await edit(json, { kind: 'remapping', vendor: 'intel' })).toBe(json.replace('false', 'true'));
    expect(await edit(json, { kind: 'kernel', release: '6.12' })).toBe(
      json.replace('false\r\n', 'false,\r\n\t"kernel": "6.12"\r\n'),
    );
    expect(await edit(json, { kind: 'parameters', add: ['nr_cpus=1'], remove: [] })).toBe(
      json.replace('false\r\n', 'false,\r\n\t"cmdline": "nr_cpus=1"\r\n'),
    );
  });

  test('a byte order mark stays', async () => {
    const text = '\ufefftopology: { sockets: 2 }\n';
    expect(await edit(text, { kind: 'ext-dest-id' })).toBe(`${text}extDestId: true\n`);
  });

  test('what holds already is left alone', async () => {
    const text = 'topology: { sockets: 2 }\nextDestId: "on"\nremapping: { vendor: amd }\n';
    expect(await edit(text, { kind: 'ext-dest-id' })).toBe(text);
    expect(await edit(text, { kind: 'remapping', vendor: 'amd' })).toBe(text);
  });

  test('null for CPUs in a list, a parameter that is not there, a topology that does not fit its nodes', async () => {
    const list = 'cpus: [{ apicId: "0-7" }]\n';
    expect(await edit(list, { kind: 'topology', topology: counts })).toBeNull();
    expect(await edit(TEXT, { kind: 'parameters', add: [], remove: ['nox2apic'] })).toBeNull();
    const nodes = 'topology: { sockets: 2, nodes: 2 }\n';
    expect(await edit(nodes, { kind: 'topology', topology: counts })).toBeNull();
  });

  test('null for a value that others share by an alias', async () => {
    const text =
      'topology: { sockets: 2 }\ndevices:\n  - &d { name: a, driver: nvme }\n  - { name: b, driver: nvme }\n';
    const shared = text
      .replace('sockets: 2 }', 'sockets: 2, cores: &n 4 }')
      .replace('b, driver: nvme', 'b, driver: nvme, queues: *n');
    const queues: Intent = { kind: 'queues', device: ['devices', 1], name: 'b', queues: 2 };
    expect(await edit(shared, queues)).toBeNull();
    expect(await edit(text, queues)).toBe(text.replace('b, driver: nvme', 'b, driver: nvme, queues: 2'));
  });

  test('the machine has what was asked for', async () => {
    const after = await edit(TEXT, { kind: 'topology', topology: counts });
    const machine = await machineIn(after ?? '');
    expect(machine.cpus).toHaveLength(32);
    expect(machine.cpus.filter(({ state }) => state === 'online')).toHaveLength(8);
    expect(machine.shape).toBe('1 x 16 x 2');
  });
});
