/** Incus and LXD: what limits.cpu gives QEMU, devices, profiles that are not in the text, and parts that are named. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { failureOf } from './importers.ts';

async function all(text: string, file = 'input') {
  const sources = await readSources({ bytes: new TextEncoder().encode(text), file });
  return sources.map((source) => ({ source, analysis: analyze(machineOf(source)) }));
}

const one = async (text: string) => (await all(text))[0];

/** A machine with a root disk and a network adapter; `config` and `devices` are further lines. */
function instance(config: string, devices = '', profiles = '[default]'): string {
  return `architecture: x86_64
config:
  image.os: Debian
${config}
  volatile.eth0.hwaddr: 10:66:6a:00:00:01
devices:
  root:
    path: /
    pool: fast
    type: disk
  eth0:
    name: eth0
    network: incusbr0
    type: nic
${devices}
ephemeral: false
profiles: ${profiles}
`;
}

const assumed = ({ machine }: ReturnType<typeof analyze>): string[] =>
  (machine.imported?.assumptions ?? []).map(({ text }) => text);

async function cpus(limit: string) {
  const { analysis } = await one(instance(`  limits.cpu: ${limit}`));
  const { possible, present } = analysis.enumeration;
  return [possible.toString(), present.toString(), analysis.machine.shape];
}

async function unread(text: string) {
  const { analysis } = await one(text);
  return analysis.machine.notUnderstood.map(({ part, mayHold }) => [
    mayHold.length > 0 ? 'warning' : 'note',
    part,
  ]);
}

async function queues(text: string) {
  const { analysis } = await one(text);
  return analysis.run.devices
    .filter(({ driver }) => driver !== 'generic')
    .map(({ name, driver, queues: own }) => [name, driver, own.length]);
}

describe('limits.cpu', () => {
  test('a number: one CPU at start, the others plugged before the guest runs, in 64 slots or more', async () => {
    expect(await cpus('"6"')).toEqual(['0-63', '0-5', '1 x 64 x 1']);
    expect(await cpus('6')).toEqual(['0-63', '0-5', '1 x 64 x 1']);
    expect(await cpus('"64"')).toEqual(['0-63', '0-63', '1 x 64 x 1']);
    expect(await cpus('"96"')).toEqual(['0-95', '0-95', '1 x 96 x 1']);
  });

  test('a list: all at start, without further slots', async () => {
    expect(await cpus('0-3')).toEqual(['0-3', '0-3', '1 x 4 x 1']);
    expect(await cpus('2-2')).toEqual(['0', '0', '1 x 1 x 1']);
    expect(await cpus('0,2,4-7,6-9')).toEqual(['0-7', '0-7', '1 x 8 x 1']);
  });

  test('a topology', async () => {
    expect(await cpus('sockets=2,cores=3,threads=2')).toEqual(['0-11', '0-11', '2 x 3 x 2']);
    expect(await cpus('cores=5')).toEqual(['0-4', '0-4', '1 x 5 x 1']);
  });

  test('none: one CPU, as an assumption', async () => {
    const { analysis } = await one(instance('  limits.memory: 4GiB'));
    expect(analysis.enumeration.present.toString()).toBe('0');
    expect(assumed(analysis)).toContain('Incus: without limits.cpu a virtual machine has one CPU');
  });

  test('what it cannot be is an error with its place', async () => {
    const error = (limit: string) => failureOf(instance(`  limits.cpu: ${limit}`));
    expect(await error('"0"')).toMatch(/^input:4:15: limits.cpu: 0 CPUs; from 1 to/);
    expect(await error('four')).toContain('a number, a list of CPUs such as 0-3,8 or sockets=2');
    expect(await error('"99999"')).toContain('limits.cpu: 99,999 CPUs');
    expect(await error('sockets=0')).toContain('0 CPUs');
  });

  test('a list is named where a topology of the host may have APIC IDs from 255', async () => {
    expect(await unread(instance('  limits.cpu: 0-63'))).toEqual([]);
    const [[level, part]] = await unread(instance('  limits.cpu: 0-149'));
    expect(level).toBe('warning');
    expect(part).toContain('limits.cpu: "0-149"');
  });
});

describe('devices', () => {
  test('network adapters have a pair for each CPU; disks follow the CPUs at start', async () => {
    const extra = `  a:
    io.bus: virtio-blk
    pool: fast
    source: one
    type: disk
  b: { type: disk, pool: fast, source: two, io.bus: nvme }
  c: { type: disk, path: /srv, source: /srv }
  d: { type: disk, path: /opt, source: /opt, io.bus: 9p }`;
    expect(await queues(instance('  limits.cpu: "5"', extra))).toEqual([
      ['qemu_scsi', 'virtio-scsi', 1],
      ['eth0', 'virtio-net', 5],
      ['a', 'virtio-blk', 1],
      ['b', 'nvme', 64],
      ['c', 'virtio-fs', 1],
    ]);
    expect(await queues(instance('  limits.cpu: 1-5', extra))).toEqual([
      ['qemu_scsi', 'virtio-scsi', 5],
      ['eth0', 'virtio-net', 5],
      ['a', 'virtio-blk', 5],
      ['b', 'nvme', 5],
      ['c', 'virtio-fs', 1],
    ]);
    const { analysis } = await one(instance('  limits.cpu: "1"'));
    expect(analysis.machine.devices.find(({ name }) => name === 'eth0')).toMatchObject({
      queues: 2,
      vectors: 6,
    });
  });

  test('every machine has a balloon, rng, input, vsock, serial, 9p and GPU', async () => {
    const { analysis } = await one(instance('  limits.cpu: "2"'));
    const generic = analysis.machine.devices.filter(({ driver }) => driver === 'generic');
    expect(generic.map(({ name }) => name)).toEqual([
      'qemu_balloon',
      'qemu_rng',
      'qemu_keyboard',
      'qemu_tablet',
      'qemu_vsock',
      'dev-qemu_serial',
      'dev-qemu_config-drive-9p',
      'qemu_gpu',
    ]);
  });

  test('devices of the host are told of', async () => {
    const extra = `  vf: { type: nic, nictype: sriov, parent: eno1 }
  card: { type: pci, address: "0000:01:00.0" }
  tpm: { type: tpm }`;
    const { analysis } = await one(instance('  limits.cpu: "2"', extra));
    const told = assumed(analysis).filter((text) => text.includes('unknown queues'));
    expect(told).toHaveLength(2);
  });
});

describe('security.iommu', () => {
  test('splits the irqchip and remaps nothing; for Windows it remaps', async () => {
    const { analysis } = await one(instance('  limits.cpu: "300"\n  security.iommu: "true"'));
    expect(analysis.machine.remapping.enabled).toBe(false);
    expect(analysis.machine.extDestId).toBe(true);
    const plain = await one(instance('  limits.cpu: "300"'));
    expect(plain.analysis.machine.extDestId).toBe(false);
    const windows = instance('  limits.cpu: "8"\n  security.iommu: "true"').replace('Debian', 'Windows');
    const { analysis: other } = await one(windows);
    expect(other.machine.remapping.enabled).toBe(true);
    expect(other.findings.map(({ rule }) => rule)).toContain('guest-is-not-linux');
  });
});

describe('raw.qemu', () => {
  test('is read as words of the command line', async () => {
    const text = instance('  limits.cpu: "4"\n  raw.qemu: -device nvme,id=extra,max_ioqpairs=3 -no-hpet');
    expect(await queues(text)).toContainEqual(['extra', 'nvme', 3]);
    expect(await unread(instance('  raw.qemu: -device warp-drive -frobnicate x'))).toEqual([
      ['warning', '-device "warp-drive"'],
      ['warning', '"-frobnicate x"'],
    ]);
    expect(await failureOf(instance('  raw.qemu: "-device \'x"'))).toContain(
      'raw.qemu: the quote has no end',
    );
  });

  test('what changes QEMU in other ways is named', async () => {
    const config = '  limits.cpu: "4"\n  raw.qemu.conf: "[machine]"\n  raw.qemu.qmp.early: "[]"';
    expect(await unread(instance(config))).toEqual([
      ['warning', 'raw.qemu.conf'],
      ['warning', 'raw.qemu.qmp.early'],
    ]);
  });
});

describe('what is not in the text', () => {
  const alone = 'config:\n  limits.cpu: "4"\ndevices: {}\nephemeral: false\nprofiles:\n- default\n- big\n';

  test('profiles that are not expanded', async () => {
    expect(await unread(alone)).toEqual([
      ['warning', 'profiles: default, big (what they set does not seem to be in this text)'],
    ]);
    const own = alone.replace('devices: {}', 'devices:\n  root: { type: disk, path: /, pool: a }');
    expect(await unread(own)).toHaveLength(1);
  });

  test('expanded ones say all, but for a number of CPUs that another profile may hold', async () => {
    expect(await unread(instance('  limits.cpu: "4"', '', '[default, big]'))).toEqual([]);
    expect(await unread(instance('  limits.memory: 1GiB'))).toEqual([]);
    expect(await unread(instance('  limits.memory: 1GiB', '', '[default, big]'))).toHaveLength(1);
    expect(await unread(instance('  limits.memory: 1GiB', '', '[]'))).toEqual([]);
  });

  test('a profile by itself', async () => {
    const profile = 'config:\n  limits.cpu: "4"\ndevices: {}\nname: big\nused_by:\n- /1.0/instances/a\n';
    expect(await unread(profile)).toEqual([['warning', 'a profile: the instances that use it may say more']]);
  });

  test('unknown keys and devices', async () => {
    const text = instance(
      '  limits.cpu: "4"\n  limits.warp: "9"\n  blink: "1"',
      '  x: { type: warp }\n  y: { type: disk, path: /y, source: /y, queues: "4" }\n  z: { type: disk, io.bus: scsi }',
    );
    expect(await unread(`${text}topology: odd\n`)).toEqual([
      ['warning', '"topology"'],
      ['warning', '"limits.warp"'],
      ['note', '"blink"'],
      ['warning', 'io.bus: scsi of z'],
      ['warning', '"queues" of "y"'],
      ['warning', '"x", a device of the type "warp"'],
    ]);
  });
});

describe('lists', () => {
  const machine = (name: string, limit: string) => ({
    name,
    type: 'virtual-machine',
    architecture: 'x86_64',
    config: { 'limits.cpu': '1' },
    devices: {},
    expanded_config: { 'limits.cpu': limit, 'limits.memory': '1GiB' },
    expanded_devices: { root: { type: 'disk', path: '/', pool: 'a' } },
    profiles: ['default', 'big'],
  });
  const container = { ...machine('c', '2'), type: 'container' };

  test('the machines of a list, each with its expanded settings; containers are left out', async () => {
    const found = await all(JSON.stringify([machine('a', '3'), container, machine('b', '0-4')]));
    expect(found.map(({ source }) => source.format)).toEqual(['incus', 'incus']);
    expect(found.map(({ analysis }) => analysis.machine.name)).toEqual(['a', 'b']);
    expect(found.map(({ analysis }) => analysis.enumeration.present.toString())).toEqual(['0-2', '0-4']);
    expect(found[0].analysis.findings.map(({ rule }) => rule)).not.toContain('input-not-understood');
  });

  test('what query --raw wraps around', async () => {
    const wrapped = { type: 'sync', status: 'Success', metadata: machine('q', '7') };
    const { analysis } = await one(JSON.stringify(wrapped));
    expect(analysis.machine.name).toBe('q');
    expect(analysis.enumeration.present.toString()).toBe('0-6');
  });

  test('containers and other architectures are refused', async () => {
    expect(await failureOf(JSON.stringify([container]))).toContain('this is a container');
    expect(await failureOf(instance('  volatile.idmap.base: "0"'))).toContain('this is a container');
    expect(await failureOf(instance('').replace('x86_64', 'aarch64'))).toContain(
      'architecture: aarch64: only x86 machines are simulated',
    );
  });
});
