/** The Proxmox VE reader. */
import { describe, expect, test } from 'vitest';
import { proxmox } from '../../src/formats/proxmox/reader.ts';
import { importAll, importOne } from './qemu-import.ts';

const conf = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('a configuration', () => {
  test('CPUs, NUMA, devices; snapshots are left out', async () => {
    const text = conf(
      '# my guest',
      'agent: 1',
      'balloon: 0',
      'cores: 2',
      'cpu: host,flags=+aes;-x2apic,hidden=1',
      'machine: q35,viommu=intel',
      'name: mail',
      'net0: virtio=AA:BB:CC:00:11:22,bridge=vmbr0,queues=4',
      'net1: e1000=AA:BB:CC:00:11:23',
      'numa: 1',
      'ostype: l26',
      'scsi0: local:disk,queues=3',
      'scsi1: local:disk2',
      'scsihw: virtio-scsi-single',
      'sockets: 2',
      'vcpus: 3',
      'virtio0: local:disk3',
      '[before]',
      'cores: 64',
    );
    const { machine, raw, refusals } = await importOne(proxmox, text);
    expect(refusals).toEqual([]);
    expect(machine.name).toBe('mail');
    expect(machine.platform).toBe('other');
    expect(machine.x2apic.supported).toBe(false);
    expect(machine.cpus.map(({ node, state }) => `${node} ${state}`)).toEqual([
      '0 online',
      '0 online',
      '1 online',
      '1 absent',
    ]);
    expect(machine.remapping).toMatchObject({ enabled: true, eim: true });
    expect(machine.hpet.present).toBe(false);
    expect(
      machine.devices.map(({ name, driver, queues, vectors }) => [name, driver, queues, vectors]),
    ).toEqual([
      ['qga0', 'generic', undefined, 2],
      ['virtio0', 'virtio-blk', 3, 4],
      ['net0', 'virtio-net', 4, 10],
      // Behind a bridge: found after all of bus 0.
      ['virtioscsi0', 'virtio-scsi', 3, 6],
      ['virtioscsi1', 'virtio-scsi', 3, 6],
    ]);
    expect(raw.locate(['topology', 'cores'])).toMatchObject({ line: 4, column: 1 });
  });

  test('CPU hot-plug: one queue for ever', async () => {
    const { machine } = await importOne(
      proxmox,
      conf('cores: 4', 'sockets: 2', 'vcpus: 6', 'hotplug: disk,cpu', 'virtio0: a:b'),
    );
    expect(machine.cpus.filter(({ state }) => state === 'online').length).toBe(6);
    expect(machine.devices.find(({ name }) => name === 'virtio0')?.queues).toBe(1);
  });

  test('args: are merged', async () => {
    const { machine, raw } = await importOne(
      proxmox,
      conf('cores: 2', "args: -machine 'kernel-irqchip=split' -smp 2,maxcpus=4,sockets=2,cores=2", 'numa: 0'),
    );
    expect(machine.extDestId).toBe(true);
    expect(machine.cpus.length).toBe(4);
    expect(raw.locate(['extDestId'])).toMatchObject({ line: 2, column: 17 });
  });

  test('Intel vIOMMU needs q35', async () => {
    const { refusals } = await importOne(proxmox, conf('machine: pc,viommu=intel'));
    expect(refusals).toMatchObject([
      {
        by: 'Proxmox VE 9.2',
        level: 'error',
        message: 'to use Intel vIOMMU please set the machine type to q35',
      },
    ]);
  });

  test.each([
    ['cores: 2', true],
    ['kernel: "6.12"\nname: x', false],
    ['name: x\ncpus:\n  - a', false],
    ['[machine]', false],
  ])('%j is recognised: %s', (text, expected) => {
    expect(proxmox.recognises(new TextEncoder().encode(text), 'x')).toBe(expected);
  });

  test('a line that is no setting', async () => {
    await expect(importOne(proxmox, conf('cores: 2', 'what'))).rejects.toThrow(
      'input:2:1: expected "key: value"',
    );
  });
});

describe('what people paste', () => {
  test('qm config with its prompt', async () => {
    const text = 'root@node7:~# qm config 301\nboot: \ncores: 7\nallow-ksm: 0\nsockets: 1\nroot@node7:~# \n';
    expect(proxmox.recognises(new TextEncoder().encode(text), 'x')).toBe(true);
    const { machine, raw } = await importOne(proxmox, text);
    expect(machine.cpus.length).toBe(7);
    expect(machine.notUnderstood).toEqual([]);
    expect(raw.locate(['topology', 'cores'])).toMatchObject({ line: 3 });
  });

  test('qm create and qm set: a machine for each ID', async () => {
    const text =
      'qm create 100 --name a --cores 6 --sockets=2 --net0 virtio,bridge=vmbr0,queues=6 \\\n  --scsihw virtio-scsi-pci\n' +
      'sudo qm set 100 --vcpus 5\nqm create 101 -cores $N\n'.replace('-cores $N', '--cores 3 --name $NAME');
    expect(proxmox.recognises(new TextEncoder().encode(text), 'x.sh')).toBe(true);
    const [a, b] = await importAll(proxmox, text);
    expect(a.machine.cpus.filter(({ state }) => state === 'online').length).toBe(5);
    expect(a.machine.devices.find(({ name }) => name === 'net0')).toMatchObject({ queues: 6 });
    expect(b.machine.cpus.length).toBe(3);
    expect(b.machine.notUnderstood).toMatchObject([{ part: '--name $NAME' }]);
  });

  test('keys, models and adapters that are not known are named', async () => {
    const { machine } = await importOne(
      proxmox,
      conf('cores: 2', 'gpu0: shared', 'scsihw: nvme', 'net0: virtio2=AA', 'bios: ovmf', 'cpu: custom-mine'),
    );
    expect(machine.notUnderstood.map(({ part }) => part)).toEqual([
      'gpu0:',
      'the CPU model custom-mine of /etc/pve/virtual-guest/cpu-models.conf',
      'scsihw: nvme',
      'the model "virtio2" of net0',
    ]);
  });

  test.each([
    ['win11', 'Windows'],
    ['w2k8', 'Windows'],
    ['solaris', 'Solaris'],
    ['l26', null],
    ['other', null],
  ])('ostype %s: %s', async (ostype, name) => {
    const { machine } = await importOne(proxmox, conf('cores: 2', `ostype: ${ostype}`));
    expect(machine.guestOs).toBe(name);
    expect(machine.x2apic.supported).toBe(ostype !== 'solaris');
  });

  test('SPICE has a virtio-serial of its own', async () => {
    const { machine } = await importOne(
      proxmox,
      conf('cores: 2', 'vga: qxl2,memory=32', 'agent: 1', 'balloon: 0'),
    );
    expect(machine.devices.map(({ name }) => name)).toEqual(['qga0', 'spice']);
  });
});

describe('CPU counts at their limits', () => {
  const cpusOf = async (...lines: string[]) => (await importOne(proxmox, conf(...lines))).machine.cpus;

  test.each([
    [['sockets: 0'], '0 CPUs'],
    [['cores: 0', 'sockets: 4'], '0 CPUs'],
    [['sockets: 2', 'cores: 16385'], '32,770 CPUs'],
  ])('%j is refused', async (lines, count) => {
    await expect(importOne(proxmox, conf(...lines))).rejects.toThrow(
      `${count}; from 1 to 32,768 are possible`,
    );
  });

  test('one CPU', async () => {
    expect(await cpusOf('sockets: 1', 'cores: 1')).toMatchObject([{ state: 'online' }]);
    expect(await cpusOf('name: a')).toMatchObject([{ state: 'online' }]);
  });

  test('as many as there can be: QEMU refuses them, the reader does not', async () => {
    const { refusals } = await importOne(proxmox, conf('sockets: 2', 'cores: 16384', 'vcpus: 1'));
    expect(refusals[0].message).toContain('Invalid SMP CPUs 32768');
  });

  test('vcpus: at least one is there, and no more than there are', async () => {
    const plugged = async (vcpus: number) =>
      (await cpusOf('cores: 3', `vcpus: ${vcpus}`)).filter(({ state }) => state === 'online').length;
    expect(await Promise.all([0, 1, 3, 4].map(plugged))).toEqual([1, 1, 3, 3]);
  });
});

test('more vcpus than there are slots: QEMU refuses, with and without hotplug', async () => {
  const [smp] = (await importOne(proxmox, 'cores: 2\nvcpus: 8\n')).refusals;
  expect(smp.message).toMatch(/^Invalid CPU topology: maxcpus must be .*== maxcpus \(2\) < smp_cpus \(8\)$/);
  const [plug] = (await importOne(proxmox, 'cores: 2\nvcpus: 8\nhotplug: cpu\n')).refusals;
  expect(plug.message).toContain('Invalid CPU socket-id: 1 must be in range 0:0');
});

test('lines may end as on Windows', async () => {
  const text = 'cores: 4\r\nsockets: 2\r\n';
  expect(proxmox.recognises(new TextEncoder().encode(text), 'x')).toBe(true);
  expect((await importOne(proxmox, text)).raw.value).toEqual(
    (await importOne(proxmox, text.replaceAll('\r', ''))).raw.value,
  );
});
