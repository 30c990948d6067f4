/** Firecracker, Xen, bhyve, crosvm and Propolis: the machines that their configurations describe. */
import { describe, expect, test } from 'vitest';
import { corpusText, failureOf, hasCorpus, imported, importOne } from './importers.ts';

const messages = async (text: string) =>
  (await importOne(text)).result.refusals.map(({ message }) => message);

describe('Firecracker', () => {
  const config = (machine: string) =>
    `{"boot-source": {"boot_args": "panic=1"}, "drives": [{"drive_id": "a"}], "machine-config": ${machine}}`;

  test('threads, kernel parameters, no HPET; devices without MSI are left out', async () => {
    const { reader, machine, result } = await importOne(config('{"vcpu_count": 4, "smt": true}'));
    expect(reader.name).toBe('firecracker');
    expect(machine).toMatchObject({ platform: 'kvm', shape: '1 x 2 x 2', extDestId: false, devices: [] });
    expect(machine.cpus.map(({ apicId }) => apicId)).toEqual([0, 1, 2, 3]);
    expect(machine.hpet.present).toBe(false);
    expect(machine.cmdline.text).toBe('panic=1');
    expect(result.assumptions.some(({ text }) => text.includes('virtio-mmio'))).toBe(true);
  });

  test('its limits', async () => {
    expect(await messages(config('{"vcpu_count": 33}'))).toEqual(['vcpu_count is 33, the limit is 32']);
    expect(await messages(config('{"vcpu_count": 3, "smt": true}'))).toHaveLength(1);
    expect(await failureOf(config('{}'))).toMatch(/^input:1:\d+: machine-config: vcpu_count is missing$/);
    expect(await failureOf(config('{"vcpu_count": 0}'))).toContain(
      'machine-config.vcpu_count: a whole number',
    );
  });
});

describe('Xen', () => {
  const HVM = `# a guest
name = "x1"; type = 'hvm'
vcpus = 2
maxvcpus=4   # later
memory = 512
hpet = 0
vnuma = [ [ "pnode=0", "vcpus=0-1" ],
          [ "pnode=1", "vcpus=2,3", ], ]
disk = [ '/dev/vg/x,raw,xvda,rw' ]
pci = [ '03:00.0' ]
`;

  test('APIC IDs are twice the vCPU number', async () => {
    const { reader, machine, result } = await importOne(HVM);
    expect(reader.name).toBe('xen');
    expect(machine).toMatchObject({ name: 'x1', platform: 'xen-hvm', extDestId: false });
    expect(machine.cpus).toEqual([
      { apicId: 0, node: 0, state: 'online' },
      { apicId: 2, node: 0, state: 'online' },
      { apicId: 4, node: 1, state: 'absent' },
      { apicId: 6, node: 1, state: 'absent' },
    ]);
    expect(machine.hpet.present).toBe(false);
    expect(machine.locate(['hpet'])).toEqual({ file: 'input', line: 6, column: 8 });
    expect(machine.locate(['extDestId'])).toBeUndefined();
    expect(result.assumptions.map(({ text }) => text)).toContainEqual(expect.stringContaining('pci 03:00.0'));
  });

  test('PVH has neither HPET nor IO-APIC; PV is refused; 128 vCPUs are the limit', async () => {
    const pvh = await importOne('type = "pvh"\nvcpus = 1\nmemory = 9\n');
    expect(pvh.machine).toMatchObject({ platform: 'xen-pvh', legacyIrqs: false });
    expect(await failureOf('vcpus = 1\nmemory = 9\ndisk = [ "a" ]\n')).toContain('a pv guest has no APIC');
    expect(await messages('builder = "hvm"\nvcpus = 129\nmemory = 9')).toEqual([
      '129 vCPUs; the limit of HVM and PVH guests is 128',
    ]);
  });

  test.each([
    ['vcpus = 1\ntype = "hvm', '2:8: the string has no end'],
    ['vcpus = 1\ntype = "hvm"\nvnuma = [ [', 'the list has no end'],
    ['vcpus = 1\ntype = "hvm"\nvnuma = [ "a" ]', 'vnuma[0]: a list is expected'],
    ['vcpus = 1\ntype = "hvm"\nvnuma = [ [ "vcpus=x" ] ]', 'vnuma vcpus: '],
    ['vcpus = 1\ntype = "hvm" x', '2:14: the end of the line is expected'],
    ['vcpus = 1\ntype = "hvm"\nnoise', '3:6: "=" is expected after "noise"'],
    [`vcpus = 1\ntype = "hvm"\na = ${'['.repeat(500)}`, 'nested deeper than 100 levels'],
  ])('%j is an error', async (text, message) => {
    expect(await failureOf(text)).toContain(message);
  });
});

describe('bhyve', () => {
  const ARGS = `bhyve -c cpus=4,sockets=1,cores=2,threads=2 -m 1G -x -H \\
  -s 0,hostbridge -s 2:0,virtio-blk,/disk -s 3,virtio-net,tap0 -s 4,nvme,/n,maxq=4 -s 5,passthru,1/0/0 guest`;
  const CONFIG = `name=guest
cpus=4
cores=2
threads=2
x86.x2apic=true
memory.size=1G
pci.0.2.0.device=virtio-blk
pci.0.3.0.device=virtio-net
pci.0.4.0.device=nvme
pci.0.4.0.maxq=4
pci.0.5.0.device=passthru
`;

  test('arguments and configuration file mean the same', async () => {
    const description = await imported(ARGS);
    expect(description).toMatchObject({
      name: 'guest',
      platform: 'bhyve',
      cpus: [{ apicId: '0-3' }],
      smt: 2,
      x2apic: 'enabled',
      extDestId: true,
      hpet: true,
      devices: [
        { driver: 'virtio-blk', queues: 1, vectors: 2 },
        { driver: 'virtio-net', queues: 1, vectors: 4 },
        { driver: 'nvme', queues: 4, vectors: 5 },
      ],
    });
    expect(await imported(CONFIG)).toEqual(description);
  });

  test('without -x no x2APIC, before FreeBSD 15 no extended destination ID', async () => {
    const { machine } = await importOne('/usr/sbin/bhyve -c 2 -m 1G x', { freebsd: '14.2' });
    expect(machine.x2apic.supported).toBe(false);
    expect(machine.extDestId).toBe(false);
    expect(machine.cpus).toHaveLength(2);
  });

  test('a product that is not the count', async () => {
    expect(await messages('bhyve -c cpus=4,cores=3 x')).toHaveLength(1);
  });
});

describe('crosvm', () => {
  test('command line and JSON', async () => {
    const line =
      'crosvm run --cpus num-cores=4 --block path=/a,num-queues=2 -b /b --net vq-pairs=3 -p "quiet" bzImage';
    const json = `{"cpus": {"num-cores": 4}, "block": [{"path": "/a", "num-queues": 2}, {"path": "/b"}],
      "net": [{"vq-pairs": 3}], "params": ["quiet"]}`;
    const description = await imported(line);
    expect(description).toMatchObject({
      platform: 'kvm',
      topology: { cores: 4 },
      cmdline: 'quiet',
      extDestId: false,
      devices: [
        { driver: 'virtio-blk', queues: 2, vectors: 3 },
        { driver: 'virtio-blk', queues: 16, vectors: 17 },
        { driver: 'virtio-net', queues: 3, vectors: 8 },
      ],
    });
    expect(await imported(json)).toEqual(description);
    expect((await importOne('crosvm run --cpus 3 x')).machine.cpus).toHaveLength(3);
    expect(await messages('crosvm run -c 255 x')).toHaveLength(1);
  });
});

describe('Propolis', () => {
  const toml = (cpus: number) => `[main]
name = "t"
cpus = ${cpus}
[dev.disk]
driver = "pci-nvme"
[dev.net0]
driver = "pci-virtio-viona"
`;

  test('NVMe has 15 queues, there is no extended destination ID', async () => {
    expect(await imported(toml(4))).toMatchObject({
      name: 't',
      platform: 'bhyve',
      topology: { cores: 4 },
      extDestId: false,
      devices: [
        { name: 'disk', driver: 'nvme', queues: 15, vectors: 1024 },
        { name: 'net0', driver: 'virtio-net', queues: 1 },
      ],
    });
    expect(await messages(toml(255))).toEqual(['255 vCPUs; the limit is 254']);
  });
});

describe('what a format lets nobody write twice', () => {
  test.each([
    ['a key', '[main]\ncpus = 4\ncpus = 2\n', 'the key "main.cpus" is written twice, first on line 2'],
    [
      'a table',
      '[main]\ncpus = 4\n[dev.a]\ndriver = "x"\n[dev.a]\npci-path = "0.4.0"\n',
      'the table "dev.a" is written twice, first on line 3; TOML allows it once',
    ],
    [
      'a key of Kata, within a table',
      '[hypervisor.qemu]\nmachine_type = "q35"\ndefault_vcpus = 4\ndefault_vcpus = 2\n',
      'the key "hypervisor.qemu.default_vcpus" is written twice, first on line 3; TOML allows it once',
    ],
    [
      'a setting of VMware',
      '.encoding = "UTF-8"\nconfig.version = "8"\nnumvcpus = "4"\nNumVCPUs = "2"\n',
      'numvcpus is written twice, first on line 3',
    ],
  ])('%s', async (_, text, message) => {
    expect(await failureOf(text)).toContain(message);
  });

  test('a list of tables has one table after the other', async () => {
    const { machine } = await importOne(
      '[main]\ncpus = 4\n[[x.y]]\na = 1\n[[x.y]]\na = 2\n[x.y.z]\nb = 1\n[[x.y]]\n[x.y.z]\nb = 1\n',
    );
    expect(machine.cpus).toHaveLength(4);
  });
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  test.each([
    ['firecracker/vm_config.json', 'firecracker', [0, 1]],
    ['firecracker/vm_config_network.json', 'firecracker', [0, 1]],
    ['firecracker/vm_config_smt_true.json', 'firecracker', [0, 1]],
    ['libvirt-xl/test-fullvirt-vnuma.cfg', 'xen', [0, 2, 4, 6, 8, 10, 12, 14]],
    ['libvirt-xl/test-fullvirt-hpet-timer.cfg', 'xen', [0]],
    ['libvirt-xl/test-pvh-type.cfg', 'xen', [0]],
    ['xen/xlexample.hvm', 'xen', [0, 2]],
    ['libvirt-bhyve/bhyvexml2argv-cputopology.args', 'bhyve', [0, 1]],
    ['propolis/standalone-readme.toml', 'propolis', [0, 1, 2, 3]],
  ])('%s', async (name, format, ids) => {
    const { reader, machine } = await importOne(corpusText(name));
    expect(reader.name).toBe(format);
    expect(machine.cpus.map(({ apicId }) => apicId)).toEqual(ids);
  });

  test('vNUMA nodes, and what cannot be read', async () => {
    const { machine } = await importOne(corpusText('libvirt-xl/test-fullvirt-vnuma.cfg'));
    expect(machine.cpus.map(({ node }) => node)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(await failureOf(corpusText('libvirt-xl/test-paravirt-maxvcpus.cfg'))).toContain('no APIC');
    expect(await failureOf(corpusText('firecracker/vm_config_missing_vcpu_count.json'))).toContain(
      'vcpu_count is missing',
    );
  });
});

test('Xen: numbers in quotes, and fewer maxvcpus than vcpus', async () => {
  const { reader, result } = await importOne('type = "hvm"\nvcpus = \'8\'\nmaxvcpus = "4"\n');
  expect(reader.name).toBe('xen');
  expect(result.refusals).toMatchObject([{ level: 'error', message: 'maxvcpus is 4, less than vcpus, 8' }]);
});
