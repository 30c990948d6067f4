/** Cloud Hypervisor: JSON and command line give the same machine; its checks; places. */
import { describe, expect, test } from 'vitest';
import { corpusText, failureOf, hasCorpus, imported, importOne } from './importers.ts';

const JSON_TEXT = `{
  "cpus": {"boot_vcpus": 8, "max_vcpus": 312,
    "topology": {"threads_per_core": 1, "cores_per_die": 312, "dies_per_package": 1, "packages": 1}},
  "payload": {"cmdline": "quiet nr_cpus=300"},
  "disks": [{"path": "/a.img", "num_queues": 4}, {"path": "/b.img"}],
  "net": [{"num_queues": 8}],
  "fs": [{"tag": "home"}]
}`;
const COMMAND = `# start it
$ sudo /usr/bin/cloud-hypervisor --cpus boot=8,max=312,topology=1:312:1:1,affinity=[0@[0,2],1@[1,3]] \\
  --cmdline "quiet nr_cpus=300" --disk path=/a.img,num_queues=4 path=/b.img \\
  --net=num_queues=8,tap= --fs tag=home --memory size=1G`;

test('JSON and command line mean the same', async () => {
  expect(await imported(COMMAND)).toEqual(await imported(JSON_TEXT));
  expect(await imported(COMMAND.replaceAll(' ', ' '))).toMatchObject({
    platform: 'kvm',
    cmdline: 'quiet nr_cpus=300',
    extDestId: true,
    hpet: false,
    firmware: { fadt: '6.3', onlineCapable: true },
    topology: { cores: 312, present: 8 },
    devices: [
      { name: 'disk0', driver: 'virtio-blk', queues: 4, vectors: 5 },
      { name: 'disk1', driver: 'virtio-blk', queues: 1, vectors: 2 },
      { name: 'net0', driver: 'virtio-net', queues: 4, vectors: 10 },
      { name: 'fs0', driver: 'virtio-fs', queues: 1, vectors: 3 },
    ],
  });
});

test('the words of /proc/PID/cmdline', async () => {
  const { machine } = await importOne('cloud-hypervisor\0--cpus\0boot=2,max=4\0--cmdline\0a b\0');
  expect(machine.cpus.map(({ state }) => state)).toEqual(['online', 'online', 'absent', 'absent']);
  expect(machine.cmdline.text).toBe('a b');
});

test('values lead to their place, defaults to none', async () => {
  const { machine } = await importOne(COMMAND);
  const at = (...path: (string | number)[]) => machine.locate(path);
  expect(at('topology', 'present')).toEqual({ file: 'input', line: 2, column: 46 });
  expect(at('devices', 0, 'queues')).toMatchObject({ line: 3 });
  expect(at('devices', 1)).toMatchObject({ line: 3 });
  expect(at('devices', 1, 'queues')).toBeUndefined();
  expect(at('extDestId')).toBeUndefined();
  const json = (await importOne(JSON_TEXT)).machine;
  expect(json.locate(['topology', 'present'])).toEqual({ file: 'input', line: 2, column: 26 });
  expect(json.locate(['devices', 0, 'queues'])).toEqual({ file: 'input', line: 5, column: 46 });
});

test('APIC IDs follow the topology, and are the index without one', async () => {
  const ids = async (cpus: string) =>
    (await importOne(`cloud-hypervisor --cpus ${cpus}`)).machine.cpus.map(({ apicId }) => apicId);
  expect(await ids('boot=6,topology=2:3:1:1')).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await ids('boot=12,topology=2:3:1:2')).toEqual([0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13]);
  expect((await ids('boot=312,topology=1:312:1:1'))[257]).toBe(257);
  expect(await ids('boot=3')).toEqual([0, 1, 2]);
});

test('NUMA nodes', async () => {
  const text =
    'cloud-hypervisor --cpus boot=2,max=4 --numa guest_numa_id=0,cpus=[0-1] guest_numa_id=1,cpus=[2-3]';
  expect(await imported(text)).toMatchObject({
    cpus: [{ apicId: '0-1' }, { apicId: '2-3', node: 1, state: 'absent' }],
  });
  const json = '{"cpus": {"boot_vcpus": 4}, "numa": [{"guest_numa_id": 3, "cpus": [1, 2]}]}';
  expect((await importOne(json)).machine.cpus.map(({ node }) => node)).toEqual([0, 3, 3, 0]);
});

test.each([
  ['boot=4,max=2', 'Max CPUs (2) lower than boot CPUs (4)'],
  ['boot=9000', 'Too many CPUs: specified 9000 but 8192 is the limit'],
  ['boot=4,topology=1:2:1:1', 'Product of CPU topology parts does not match maximum vCPU'],
  ['boot=4,topology=4:1:1:1', 'CPU topology supports at most 2 threads per core'],
  ['boot=4,topology=0:4:1:1', 'No part of the CPU topology can be zero'],
  ['boot=2,max=8 --disk path=x,num_queues=4', 'Queue count (4) must not exceed boot vCPUs (2)'],
])('--cpus %s is refused', async (cpus, message) => {
  const { result } = await importOne(`cloud-hypervisor --cpus ${cpus}`);
  expect(result.refusals.map((one) => [one.by, one.level, one.message])).toEqual([
    ['Cloud Hypervisor 53', 'error', message],
  ]);
  expect(result.refusals[0].location).toMatchObject({ file: 'input', line: 1 });
});

test('before version 48: no extended destination ID, 254 vCPUs', async () => {
  const { machine, result } = await importOne('cloud-hypervisor --cpus boot=255', {
    'cloud-hypervisor': '47.0',
  });
  expect(machine.extDestId).toBe(false);
  expect(result.refusals[0].message).toBe('Too many CPUs: specified 255 but 254 is the limit');
});

test.each([
  ['cloud-hypervisor --cpus boot=8,topology=2:2:1', 'four numbers are expected'],
  ['cloud-hypervisor --cpus boot=8,topology=2:2:1:x', 'cpus.topology.packages: a whole number'],
  ['cloud-hypervisor --cpus boot=40000', 'cpus.boot_vcpus: a whole number from 1 to 32768 is expected'],
  ['{"cpus": {"boot_vcpus": "x"}}', '1:25: cpus.boot_vcpus: a whole number'],
  ['{"cpus": {"boot_vcpus": 1}, "disks": 3}', 'disks: a list is expected'],
  ["cloud-hypervisor --cpus 'boot=1", 'the quote has no end'],
])('%s is an error', async (text, message) => {
  expect(await failureOf(text)).toContain(message);
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  test('docs/api.md', async () => {
    expect(await imported(corpusText('cloud-hypervisor/api-vm-create.json'))).toMatchObject({
      topology: { cores: 4, present: 4 },
      extDestId: true,
      hpet: false,
      devices: [
        { driver: 'virtio-blk', queues: 1, vectors: 2 },
        { driver: 'virtio-net', queues: 1, vectors: 4 },
        { driver: 'generic', name: 'rng0', vectors: 2 },
      ],
    });
  });

  test('the unit test vectors of x2APIC IDs', async () => {
    interface Vector {
      readonly cpu: number;
      readonly threads_per_core: number;
      readonly cores_per_die: number;
      readonly dies_per_package: number;
      readonly packages: number;
      readonly x2apic_id: number;
    }
    const vectors = JSON.parse(corpusText('cloud-hypervisor/x2apic-id-unit-test-vectors.json')) as Vector[];
    for (const { cpu, x2apic_id: apicId, ...topology } of vectors) {
      // The vectors go beyond the one package they name; a second one changes no ID below it.
      const packages = Math.ceil((cpu + 1) / (topology.threads_per_core * topology.cores_per_die));
      const parts = [topology.threads_per_core, topology.cores_per_die, topology.dies_per_package, packages];
      const max = parts.reduce((product, part) => product * part, 1);
      const { machine } = await importOne(`cloud-hypervisor --cpus boot=${max},topology=${parts.join(':')}`);
      expect(machine.cpus[cpu].apicId).toBe(apicId);
    }
  });

  test('every command line of its documents', async () => {
    const lines = corpusText('cloud-hypervisor/cmdlines-from-docs.txt').split('\n');
    const commands = lines.filter((line) => line.includes('cloud-hypervisor '));
    expect(commands.length).toBe(11);
    for (const line of commands) {
      const { reader, result, machine } = await importOne(line);
      expect(reader.name).toBe('cloud-hypervisor');
      expect(result.refusals).toEqual([]);
      const [, boot, max = boot] = /--cpus boot=(\d+)(?:,max=(\d+))?/.exec(line) ?? [];
      expect(machine.cpus.length).toBe(Number(max));
      expect(machine.cpus.filter(({ state }) => state === 'online').length).toBe(Number(boot));
      const [, queues = '1'] = /num_queues=(\d+)/.exec(line) ?? [];
      const disks = machine.devices.filter(({ driver }) => driver === 'virtio-blk');
      expect(disks.map((disk) => disk.queues)).toContain(Number(queues));
    }
  });
});

describe('nothing is dropped in silence', () => {
  const unread = async (text: string) =>
    ((await imported(text)) as { notUnderstood?: { part: string; mayHold?: string[] }[] }).notUnderstood;

  test.each(['config', 'vm', 'vm_config'])('the configuration under "%s" is found', async (key) => {
    const text = JSON.stringify({ [key]: { cpus: { boot_vcpus: 9, max_vcpus: 12 } }, state: 'Created' });
    expect(await imported(text)).toMatchObject({ topology: { cores: 12, present: 9 } });
    expect(await unread(text)).toBeUndefined();
  });

  test('keys that are not known are named, with what they may hold', async () => {
    const text = '{"cpus": {"boot_vcpus": 2, "hyper_threads": 2}, "nvme": [], "disks": null, "memory": {}}';
    expect(await unread(text)).toMatchObject([
      { part: 'the key "nvme"', mayHold: ['CPUs', 'devices'] },
      { part: 'the key "hyper_threads"', mayHold: ['CPUs'] },
    ]);
  });

  test('options that are not known are named', async () => {
    expect(await unread('cloud-hypervisor --cpus boot=2 --nvme path=/x --memory size=1G')).toMatchObject([
      { part: '--nvme' },
    ]);
  });

  test('devices with a fixed number of queues are listed', async () => {
    const text =
      'cloud-hypervisor --cpus boot=2 --pmem file=a file=b --vsock cid=3,socket=/s --balloon size=1G,free_page_reporting=on';
    expect(await imported(text)).toMatchObject({
      devices: [
        { name: 'pmem0', vectors: 2 },
        { name: 'pmem1', vectors: 2 },
        { name: 'vsock0', vectors: 4 },
        { name: 'balloon0', vectors: 4 },
      ],
    });
  });
});

test('with kvm_hyperv=on Linux does not see KVM, so nothing reaches above 255', async () => {
  const command = (hyperv: string) => `cloud-hypervisor --cpus boot=4,max=300,kvm_hyperv=${hyperv}`;
  expect(await imported(command('on'))).toMatchObject({ platform: 'other', extDestId: false });
  expect(await imported(command('off'))).toMatchObject({ platform: 'kvm', extDestId: true });
});
