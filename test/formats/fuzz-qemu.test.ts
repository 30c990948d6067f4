/** Anything at all → a description or an InputError, soon: QEMU, libvirt and Proxmox readers. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { libvirt } from '../../src/formats/libvirt/reader.ts';
import { proxmox } from '../../src/formats/proxmox/reader.ts';
import { qemu } from '../../src/formats/qemu/reader.ts';
import type { Reader } from '../../src/formats/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import { cpuClock, runs } from '../budget.ts';
import { importAll } from './qemu-import.ts';

const RUNS = runs(80);

async function survives(reader: Reader, text: string): Promise<void> {
  reader.recognises(new TextEncoder().encode(text), 'input');
  const cpuSeconds = cpuClock();
  try {
    const machines = await importAll(reader, text);
    expect(machines.length).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
  }
  expect(cpuSeconds()).toBeLessThan(10);
}

const number = fc.constantFrom('0', '1', '2', '3', '8', '255', '288', '4096', '99999999999', '-1', 'x', '');
const onOff = fc.constantFrom('on', 'off', 'auto', 'split', '1', '');
const word = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc
    .tuple(fc.constantFrom('cpus', 'maxcpus', 'sockets', 'dies', 'cores', 'threads', 'modules'), number)
    .map((p) => p.join('=')),
  fc.constantFrom(
    '-smp',
    '-machine',
    '-device',
    '-netdev',
    '-numa',
    '-cpu',
    '-global',
    '-accel',
    '-drive',
    '-name',
  ),
  fc.constantFrom(
    'q35',
    'pc',
    'microvm',
    'pc-q35-4.0',
    'kvm',
    'tcg',
    'node',
    'cpu',
    'host,+x2apic',
    "'",
    '"',
    '\\',
  ),
  fc
    .tuple(fc.constantFrom('intel-iommu', 'amd-iommu', 'virtio-blk-pci', 'nvme', 'x-x86_64-cpu'), number)
    .map(([driver, n]) => `${driver},num-queues=${n},vectors=${n},socket-id=${n},intremap=on`),
  fc.tuple(onOff, onOff).map(([a, b]) => `q35,kernel-irqchip=${a},hpet=${b}`),
  fc.constantFrom(
    'node,cpus=0-3,cpus=2',
    'node,nodeid=7',
    'cpu,node-id=0,socket-id=0',
    '{"driver":"nvme"}',
    '{"a',
  ),
);
const commandLine = fc.array(word, { maxLength: 14 }).map((words) => `kvm ${words.join(' ')}`);
const readconfig = fc
  .array(
    fc.tuple(
      fc.constantFrom('[smp-opts]', '[device "d"]', '[numa]', 'cpus = "3"', 'driver = "nvme"', 'x'),
      fc.string(),
    ),
  )
  .map((lines) => `[machine]\n${lines.map((parts) => parts.join('')).join('\n')}`);

const element = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      '4',
      '288',
      '',
      '&amp;',
      '<vcpu>8</vcpu>',
      "<iommu model='intel'/>",
      '<!-- c -->',
      '&x;',
      ']]>',
    ),
    fc
      .tuple(
        fc.constantFrom(
          'vcpu',
          'vcpus',
          'cpu',
          'numa',
          'cell',
          'topology',
          'devices',
          'disk',
          'interface',
          'driver',
        ),
        fc.constantFrom('id', 'cpus', 'sockets', 'queues', 'model', 'current', 'type'),
        fc.oneof(number, fc.string({ maxLength: 5 })),
        fc.array(tie('node'), { maxLength: 4 }),
      )
      .map(([name, key, value, children]) => `<${name} ${key}='${value}'>${children.join('')}</${name}>`),
  ),
}));
const domain = fc
  .array(element.node, { maxLength: 6 })
  .map((parts) => `<domain type='kvm'>${parts.join('')}</domain>`);

const setting = fc.tuple(
  fc.constantFrom(
    'cores',
    'sockets',
    'vcpus',
    'numa',
    'numa0',
    'hotplug',
    'machine',
    'net0',
    'scsi0',
    'scsihw',
    'args',
  ),
  fc.oneof(
    number,
    fc.string({ maxLength: 20 }),
    fc.constantFrom('virtio=a,queues=4', 'q35,viommu=intel', 'cpu'),
  ),
);
const conf = fc.array(setting).map((lines) => lines.map(([key, value]) => `${key}: ${value}`).join('\n'));

describe('nothing crashes', () => {
  test.each<[string, Reader, fc.Arbitrary<string>]>([
    ['command lines', qemu, commandLine],
    ['-readconfig', qemu, readconfig],
    ['domains', libvirt, domain],
    ['Proxmox settings', proxmox, conf],
    ['text for QEMU', qemu, fc.string({ maxLength: 300 })],
    ['text for libvirt', libvirt, fc.string({ maxLength: 300 })],
    ['text for Proxmox', proxmox, fc.string({ maxLength: 300 })],
  ])('%s', async (_name, reader, texts) => {
    await fc.assert(
      fc.asyncProperty(texts, (text) => survives(reader, text)),
      { numRuns: RUNS },
    );
  });
});

describe('what is large is refused at once', () => {
  const many = (text: string) => text.repeat(Math.floor((8 * 1024 * 1024) / text.length));
  test.each<[string, Reader, string]>([
    ['elements', libvirt, `<domain type='kvm'>${many('<a/>')}</domain>`],
    ['nested elements', libvirt, `<domain type='kvm'>${many('<a>')}`],
    ['attributes', libvirt, `<domain ${many("a='1' ")}/>`],
    ['text with entities', libvirt, `<domain type='kvm'><name>${many('&amp;')}</name></domain>`],
    ['comments', libvirt, `${many('<!---->')}x`],
    ['entities', libvirt, `<!DOCTYPE d [<!ENTITY a "aaaa">]><domain type='kvm'>&a;</domain>`],
    ['devices', qemu, `kvm ${many('-device nvme ')}`],
    ['one word', qemu, `kvm -device ${many('a,,')}`],
    ['properties', qemu, `kvm -device ${many('a=1,')}`],
    ['words', qemu, `kvm ${many('a ')}`],
    ['NUMA nodes', qemu, `kvm -smp 4096 -M q35 ${'-numa node,nodeid=0,cpus=0-4095 '.repeat(19_000)}`],
    [
      'NUMA places',
      qemu,
      `kvm -smp 4096 -M q35 -numa node ${'-numa cpu,node-id=0,core-id=1 '.repeat(16_000)}`,
    ],
    ['blank lines', qemu, many('\n')],
    ['blanks', proxmox, `cores: 1\nname: a${many(' ')}b`],
    ['sections', qemu, `[machine]\n${many('[device "a"]\n')}`],
  ])('%s', async (_name, reader, text) => {
    await survives(reader, text);
  });
});
