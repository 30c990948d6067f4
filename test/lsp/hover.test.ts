import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../built.ts';
import { askAbout, atCursor } from './ask.ts';

/** What is told at the cursor; null for nothing. */
async function told(marked: string, file?: string, markdown = true): Promise<string | null> {
  const { text, position } = atCursor(marked);
  const hover = await askAbout(text, { about: 'hover', position, markdown }, file);
  const contents = hover?.contents;
  return contents === undefined ? null : (contents as { value: string }).value;
}

/** A text with the cursor at the end of the first part that is named. */
const at = (text: string, part: string): string => text.replace(part, `${part}▮`);

const NATIVE = readFileSync(join(ROOT, 'scenarios/384-of-512-vcpus.yaml'), 'utf8');
const KUBEVIRT = readFileSync(join(ROOT, 'scenarios/imported/kubevirt-64-vcpus.yaml'), 'utf8');
const SCRIPT = `#!/bin/sh
qemu-system-x86_64 -accel kvm -M q35 \\
  -smp 300 \\
  -device virtio-blk-pci,drive=d0,num-queues=8 \\
  -device virtio-net-pci,netdev=n0 \\
  -kernel /boot/vmlinuz
`;
const DOMAIN = `<domain type='kvm'>
  <name>x</name>
  <vcpu>4</vcpu>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' queues='2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <controller type='scsi' model='virtio-scsi'/>
    <graphics type='vnc'/>
  </devices>
</domain>
`;

describe('of a device: its queues and why', () => {
  test.each([
    [
      'guest.yaml',
      at(NATIVE, 'queues: 16'),
      '## device disk has 16 queues: 5 dead (11-15), 11 at-risk (0-10)',
    ],
    ['guest.xml', at(DOMAIN, "dev='vda"), '## device vda '],
    ['guest.xml', at(DOMAIN, '<disk'), '## device vda '],
    ['guest.xml', at(DOMAIN, "model='virtio"), '## device scsi0 '],
    ['vm.yaml', at(KUBEVIRT, 'name: root'), '## device root '],
    ['vm.yaml', at(KUBEVIRT, 'name: data\n              disk: { bus'), '## device data '],
    ['run.sh', at(SCRIPT, 'num-queues'), ' has 8 queues'],
    ['run.sh', at(SCRIPT, 'netdev=n'), '## device '],
  ])('%s', async (file, marked, says) => {
    expect(await told(marked, file)).toContain(says);
  });

  test('an entry that stands for several tells of the worst', async () => {
    const said = await told('topology: { cores: 4 }\ndevices:\n  - { name: n▮ic, driver: nvme, count: 3 }\n');
    expect(said).toContain('3 devices of this entry: `nic0` to `nic2`');
  });
});

test.each([
  ['guest.yaml', at(NATIVE, 'sockets: 51')],
  ['guest.yaml', at(NATIVE, 'extDest')],
  ['guest.xml', at(DOMAIN, '<vcpu>4')],
  ['vm.yaml', at(KUBEVIRT, 'sockets: 6')],
  ['run.sh', at(SCRIPT, '-smp 30')],
])('of CPUs and of what the mode follows from, in %s: the sets', async (file, marked) => {
  const said = await told(marked, file);
  expect(said).toContain('- possible: 0-');
  expect(said).toContain('- unreachable: ');
});

test('of an entry of cpus: the CPU', async () => {
  const said = await told('kernel: "6.1"\ncpus:\n  - apicId: 0\n  - apicId: 3▮00\n');
  expect(said).toContain('## CPU 1 ');
});

test('of a key: what the schema says; of a marked line: what the rule means', async () => {
  const said = await told(at(NATIVE, 'extDestI'));
  expect(said).toMatch(
    /^### `extDestId`\n\nThe 15-bit extended destination ID; on means offered and honoured\./,
  );
  expect(said).toContain('Default: off.');
  expect(said).toContain('`irqsim explain apic-id-above-limit` says more.');
});

test.each([
  ['guest.xml', at(DOMAIN, '<graphics')],
  ['guest.xml', at(DOMAIN, '<name')],
  ['vm.yaml', at(KUBEVIRT, 'claimName')],
  ['guest.yaml', at(NATIVE, '# sched-ext/scx')],
])('nothing is told of what is about nothing, in %s', async (file, marked) => {
  const said = await told(marked, file);
  expect(said ?? '').not.toMatch(/^## /m);
});

test('a client without Markdown gets plain text', async () => {
  const said = await told(at(NATIVE, 'queues: 16'), 'guest.yaml', false);
  expect(said).toMatch(/^because +16 masks hold unreachable CPUs$/m);
});
