/** The Proxmox VE reader. */
import { describe, expect, test } from 'vitest';
import { proxmox } from '../../src/formats/proxmox/reader.ts';
import { importOne } from './qemu-import.ts';

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
      ['virtioscsi0', 'virtio-scsi', 3, 6],
      ['virtioscsi1', 'virtio-scsi', 3, 6],
      ['virtio0', 'virtio-blk', 3, 4],
      ['net0', 'virtio-net', 4, 10],
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
