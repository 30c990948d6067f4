import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { projectSchema } from '../../src/cli/project/project-file.ts';
import { inputSchema } from '../../src/machine/schema.ts';
import { askAbout, atCursor } from './ask.ts';

async function items(marked: string, file?: string) {
  const { text, position } = atCursor(marked);
  return { text, found: await askAbout(text, { about: 'completions', position }, file) };
}

const labels = async (marked: string, file?: string) =>
  (await items(marked, file)).found.map(({ label }) => label);

/** The text once something is chosen. */
async function chosen(marked: string, label: string, file?: string): Promise<string> {
  const { text, found } = await items(marked, file);
  const edit = found.find((one) => one.label === label)?.textEdit;
  if (!edit || !('range' in edit)) throw new Error(`${label} is not offered`);
  return TextDocument.applyEdits(TextDocument.create('', '', 1, text), [edit]);
}

describe('keys', () => {
  test('are those of the schema at the place, without those that are there', async () => {
    const all = await labels('kernel: "6.12"\n▮\n');
    expect(all).toEqual(Object.keys(inputSchema.shape).filter((key) => key !== 'kernel'));
    expect(await labels('devices:\n  - name: a\n    dr▮\n')).toContain('driver');
    expect(await labels('devices:\n  - name: a\n    dr▮\n')).not.toContain('name');
    expect(await labels('topology: { sockets: 2, ▮ }\n')).toContain('cores');
    expect(await labels('remapping:\n  ▮\n')).toContain('eim');
    expect(await labels('kernel: "6.12"\nevents:\n  - setAffinity: { ▮ }\n')).toEqual([
      'device',
      'queue',
      'vector',
      'irq',
      'cpus',
    ]);
    expect(await labels('platform: kvm\nexpect:\n  ▮\n')).toContain('verdict');
    expect(await labels('platform: kvm\nlevels:\n  ▮\n')).toContain('sparse-apic-ids');
  });

  test('are written as their mapping is', async () => {
    expect(await chosen('platform: kvm\nke▮\n', 'kernel')).toBe('platform: kvm\nkernel: \n');
    expect(await chosen('platform: kvm\nto▮\n', 'topology')).toBe('platform: kvm\ntopology:\n');
    expect(await chosen('devices:\n  ▮\n', 'name')).toBe('devices:\n  - name: \n');
    expect(await chosen('devices:\n  - na▮\n', 'name')).toBe('devices:\n  - name: \n');
    expect(await chosen('platform: kvm\nkern▮le: 1\n', 'kernel')).toBe('platform: kvm\nkernel: 1\n');
    expect(await chosen('{ "platform": "kvm", ▮ }\n', 'kernel', 'g.json')).toBe(
      '{ "platform": "kvm", "kernel":  }\n',
    );
    expect(await chosen('{ "platform": "kvm", "ke▮" }\n', 'kernel', 'g.json')).toBe(
      '{ "platform": "kvm", "kernel":  }\n',
    );
  });
});

describe('values', () => {
  test.each([
    ['platform: ▮\n', 'bare-metal', 'platform: bare-metal\n'],
    ['hpet: ▮\nkernel: "6.12"\n', 'off', 'hpet: off\nkernel: "6.12"\n'],
    ['platform: kvm\nkernel: ▮\n', '7.3', 'platform: kvm\nkernel: "7.3"\n'],
    ['platform: kvm\nkernel: "▮"\n', '7.3', 'platform: kvm\nkernel: "7.3"\n'],
    ['platform: kvm\npolicy: m▮\n', 'mainline', 'platform: kvm\npolicy: mainline\n'],
    [
      'devices:\n  - { name: a, driver: ▮ }\n',
      'virtio-blk',
      'devices:\n  - { name: a, driver: virtio-blk }\n',
    ],
    [
      'devices:\n  - { name: a, driver: nv▮me, queues: 1 }\n',
      'nvme',
      'devices:\n  - { name: a, driver: nvme, queues: 1 }\n',
    ],
    [
      'devices:\n  - { name: a, driver: nvme }\nevents:\n  - reprobe: ▮\n',
      'a',
      'devices:\n  - { name: a, driver: nvme }\nevents:\n  - reprobe: a\n',
    ],
    [
      'platform: kvm\nsuppress:\n  - rule: spa▮\n',
      'sparse-apic-ids',
      'platform: kvm\nsuppress:\n  - rule: sparse-apic-ids\n',
    ],
    [
      'platform: kvm\nlevels:\n  sparse-apic-ids: ▮\n',
      'note',
      'platform: kvm\nlevels:\n  sparse-apic-ids: note\n',
    ],
    [
      'platform: kvm\nexpect:\n  findings: [▮]\n',
      'sparse-apic-ids',
      'platform: kvm\nexpect:\n  findings: [sparse-apic-ids]\n',
    ],
    [
      'platform: kvm\nexpect:\n  findings:\n    - ▮\n',
      'sparse-apic-ids',
      'platform: kvm\nexpect:\n  findings:\n    - sparse-apic-ids\n',
    ],
  ])('in %j: %s', async (marked, label, text) => {
    expect(await chosen(marked, label)).toBe(text);
  });

  test('of JSON are in quotes, but for switches', async () => {
    expect(await chosen('{ "platform": ▮ }\n', 'kvm', 'g.json')).toBe('{ "platform": "kvm" }\n');
    expect(await chosen('{ "platform": "kvm", "hpet": ▮ }\n', 'false', 'g.json')).toBe(
      '{ "platform": "kvm", "hpet": false }\n',
    );
    expect(await labels('{ "platform": "kvm", "hpet": ▮ }\n', 'g.json')).not.toContain('off');
  });
});

test('nothing is offered in comments, in other YAML and in other formats', async () => {
  expect(await labels('kernel: "6.12" # ▮\n')).toEqual([]);
  expect(await labels('on: push\n▮\n')).toEqual([]);
  expect(await labels('kernel: "6.12"\n▮\n', 'guest.txt')).toEqual([]);
  expect(await labels('apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n▮\n')).toEqual([]);
  expect(await labels('name: ▮\nkernel: "6.12"\n')).toEqual([]);
  expect(await labels('▮')).toContain('kernel');
});

test('what is offered says what it means', async () => {
  const { found } = await items('devices:\n  - name: a\n    ▮\n');
  expect(found.find(({ label }) => label === 'driver')?.documentation).toEqual({
    kind: 'markdown',
    value: 'Driver profile.\n\nExpected: the name of a driver.',
  });
});

test('project files have keys and values of their own', async () => {
  const file = '.irqsim.yaml';
  expect(await labels('▮', file)).toEqual(Object.keys(projectSchema.shape));
  expect(await chosen('levels:\n  spa▮\n', 'sparse-apic-ids', file)).toBe('levels:\n  sparse-apic-ids: \n');
  expect(await chosen('fail-on: ▮\n', 'warning', file)).toBe('fail-on: warning\n');
});
