/** Intents written into KubeVirt, Proxmox VE and Cloud Hypervisor configurations. */
import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../../src/formats/formats.ts';
import { editorOf, whyNotEdited } from '../../../src/formats/index.ts';
import type { Intent, TopologyIntent } from '../../../src/formats/intent.ts';
import { changedLines, edit, machineIn } from './editing.ts';

const counts = (some: Partial<TopologyIntent>): Intent => ({
  kind: 'topology',
  topology: { sockets: 1, dies: 1, modules: 1, cores: 1, threads: 1, max: 1, present: 1, ...some },
});
const queues = (device: number, name: string, count: number): Intent => ({
  kind: 'queues',
  device: ['devices', device],
  name,
  queues: count,
});

describe('KubeVirt', () => {
  const guest = (name: string) => `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: ${name} }
spec:
  template:
    spec:
      domain:
        cpu:
          sockets: 64   # one a core
        devices:
          interfaces: []
          disks:
            - name: root
              disk: { bus: virtio }
`;
  const TEXT = `${guest('a')}---\n# the second\n${guest('b')}`;

  test('fewer slots, in the second guest only', async () => {
    const after = await edit(TEXT, counts({ sockets: 64, max: 64, present: 64 }), { index: 1 });
    expect(changedLines(TEXT, after)).toEqual(['+          maxSockets: 64']);
    expect((await machineIn(after ?? '', { index: 1 })).cpus).toHaveLength(64);
    expect((await machineIn(after ?? '')).cpus).toHaveLength(256);
  });

  test('no HPET, ACPI tables, and a KVM that shows itself', async () => {
    const text = guest('a').replace(
      '        devices:',
      '        features:\n          acpi: { enabled: false }\n          kvm: { hidden: true }\n        devices:',
    );
    expect(changedLines(text, await edit(text, { kind: 'hpet', present: false }))).toEqual([
      '+        clock: { timer: { hpet: { present: false } } }',
    ]);
    expect(changedLines(text, await edit(text, { kind: 'acpi' }))).toEqual([
      '-          acpi: { enabled: false }',
      '+          acpi: { enabled: true }',
    ]);
    expect(changedLines(text, await edit(text, { kind: 'kvm-signature' }))).toEqual([
      '-          kvm: { hidden: true }',
      '+          kvm: { hidden: false }',
    ]);
  });

  test('cores in place of sockets', async () => {
    const text = guest('a').replace('sockets: 64   # one a core', 'sockets: 4');
    const after = await edit(text, counts({ sockets: 4, cores: 2, threads: 2, max: 16, present: 4 }));
    expect(changedLines(text, after)).toEqual([
      '-          sockets: 4',
      '+          sockets: 1',
      '+          cores: 2',
      '+          threads: 2',
    ]);
  });

  test('counts that its fields cannot say', async () => {
    expect(await edit(TEXT, counts({ sockets: 2, cores: 4, max: 8, present: 2 }))).toBeNull();
    expect(await edit(TEXT, counts({ sockets: 2, dies: 2, max: 4, present: 4 }))).toBeNull();
    expect(await edit(TEXT, counts({ sockets: 4, max: 3, present: 3 }))).toBeNull();
  });

  test('a queue a vCPU is a switch, any other number nothing', async () => {
    expect(changedLines(TEXT, await edit(TEXT, queues(0, 'root', 64)))).toEqual([
      '+          blockMultiQueue: true',
    ]);
    expect(await edit(TEXT, queues(0, 'root', 8))).toBeNull();
    const two = TEXT.replace(
      '- name: root',
      '- { name: other, disk: { bus: virtio } }\n            - name: root',
    );
    expect(await edit(two, queues(1, 'root', 64))).toBeNull();
  });

  test('parameters of a kernel in the domain; IOMMU and interrupt chip are not its own', async () => {
    const text = TEXT.replace(
      '        cpu:',
      '        firmware: { kernelBoot: { kernelArgs: quiet } }\n        cpu:',
    );
    const add: Intent = { kind: 'parameters', add: ['nr_cpus=4'], remove: [] };
    expect(await edit(text, add)).toBe(text.replace('quiet', 'quiet nr_cpus=4'));
    expect(await edit(TEXT, add)).toBeNull();
    const small = TEXT.replace('sockets: 64', 'sockets: 2');
    expect(await edit(small, { kind: 'ext-dest-id' })).toBeNull();
    expect(await edit(small, { kind: 'remapping', vendor: 'intel' })).toBeNull();
  });
});

describe('Proxmox VE', () => {
  const CONF = `#a guest
cores: 4
machine: q35
net0: virtio=AA:BB:CC:00:00:01,bridge=vmbr0
net1: virtio=AA:BB:CC:00:00:02,queues=2,bridge=vmbr1
scsi0: local:100/disk.qcow2,size=32G
scsihw: virtio-scsi-single
sockets: 2

[before]
cores: 1
machine: q35
`;

  const CASES: readonly (readonly [string, Intent, readonly string[]])[] = [
    ['remapping', { kind: 'remapping', vendor: 'intel' }, ['-machine: q35', '+machine: q35,viommu=intel']],
    ['remapping by AMD', { kind: 'remapping', vendor: 'amd' }, ['null']],
    ['ext-dest-id', { kind: 'ext-dest-id' }, ['+args: -machine kernel-irqchip=split']],
    ['no HPET', { kind: 'hpet', present: false }, ['+args: -machine hpet=off']],
    ['slots', counts({ sockets: 2, cores: 4, max: 8, present: 6 }), ['+vcpus: 6']],
    ['cores', counts({ sockets: 2, cores: 6, max: 12, present: 12 }), ['-cores: 4', '+cores: 6']],
    ['threads', counts({ sockets: 2, cores: 2, threads: 2, max: 8, present: 8 }), ['null']],
    [
      'queues of a network card',
      queues(1, 'net0', 4),
      [
        '-net0: virtio=AA:BB:CC:00:00:01,bridge=vmbr0',
        '+net0: virtio=AA:BB:CC:00:00:01,bridge=vmbr0,queues=4',
      ],
    ],
    [
      'more queues of a network card',
      queues(2, 'net1', 4),
      [
        '-net1: virtio=AA:BB:CC:00:00:02,queues=2,bridge=vmbr1',
        '+net1: virtio=AA:BB:CC:00:00:02,queues=4,bridge=vmbr1',
      ],
    ],
    [
      'queues of a disk',
      queues(3, 'virtioscsi0', 4),
      ['-scsi0: local:100/disk.qcow2,size=32G', '+scsi0: local:100/disk.qcow2,size=32G,queues=4'],
    ],
  ];

  test.each(CASES)('%s', async (_, intent, changed) => {
    expect(changedLines(CONF, await edit(CONF, intent))).toEqual(changed);
  });

  test('another IOMMU, or another machine type, stays', async () => {
    const remapping: Intent = { kind: 'remapping', vendor: 'intel' };
    expect(await edit(CONF.replace('q35', 'q35,viommu=virtio'), remapping)).toBeNull();
    expect(await edit(CONF.replace('machine: q35\n', ''), remapping)).toBeNull();
    expect(await edit(CONF.replace('q35', 'pc'), remapping)).toBeNull();
  });
});

describe('Cloud Hypervisor', () => {
  const JSON_TEXT = `{
  "cpus": { "boot_vcpus": 4, "max_vcpus": 8 },
  "payload": { "kernel": "/k", "cmdline": "ro quiet" },
  "disks": [{ "path": "/a" }, { "path": "/b" }],
  "net": [{ "tap": "t0" }]
}
`;
  const COMMAND = `cloud-hypervisor --kernel /k --cmdline "ro quiet" \\
  --cpus boot=4,max=8 \\
  --disk path=/a path=/b,num_queues=2 --net tap=t0
`;

  const CASES: readonly (readonly [string, Intent, string | null, string | null])[] = [
    [
      'fewer slots',
      counts({ cores: 4, max: 4, present: 4 }),
      JSON_TEXT.replace('"max_vcpus": 8', '"max_vcpus": 4'),
      COMMAND.replace('max=8', 'max=4'),
    ],
    [
      'a topology',
      counts({ sockets: 2, cores: 2, threads: 2, max: 8, present: 4 }),
      JSON_TEXT.replace(
        '"max_vcpus": 8',
        '"max_vcpus": 8, "topology": { "threads_per_core": 2, "cores_per_die": 2, "dies_per_package": 1, "packages": 2 }',
      ),
      COMMAND.replace('max=8', 'max=8,topology=2:2:1:2'),
    ],
    [
      'queues of the second disk',
      queues(1, 'disk1', 3),
      JSON_TEXT.replace('"/b"', '"/b", "num_queues": 3'),
      COMMAND.replace('num_queues=2', 'num_queues=3'),
    ],
    [
      'queues of a network card, which count twice',
      queues(2, 'net0', 3),
      JSON_TEXT.replace('"t0"', '"t0", "num_queues": 6'),
      COMMAND.replace('tap=t0', 'tap=t0,num_queues=6'),
    ],
    [
      'parameters',
      { kind: 'parameters', add: ['nr_cpus=4'], remove: ['ro'] },
      JSON_TEXT.replace('ro quiet', 'nr_cpus=4 quiet'),
      COMMAND.replace('ro quiet', 'nr_cpus=4 quiet'),
    ],
    ['more queues than CPUs, which it refuses', queues(1, 'disk1', 5), null, null],
    ['modules', counts({ modules: 2, cores: 4, max: 8, present: 8 }), null, null],
    ['remapping', { kind: 'remapping', vendor: 'intel' }, null, null],
  ];

  test.each(CASES)('%s', async (_, intent, json, command) => {
    expect(await edit(JSON_TEXT, intent)).toBe(json);
    expect(await edit(COMMAND, intent)).toBe(command);
  });

  test('the extended destination ID is there, so nothing is to be done', async () => {
    expect(await edit(JSON_TEXT, { kind: 'ext-dest-id' })).toBe(JSON_TEXT);
    expect(await edit(COMMAND, { kind: 'ext-dest-id' }, { stack: { 'cloud-hypervisor': '47' } })).toBeNull();
  });
});

describe('editors', () => {
  test('are found by the name of a format', () => {
    expect(editorOf('libvirt')?.format).toBe('libvirt');
    expect(editorOf('acpi')).toBeUndefined();
    expect(editorOf('machine')).toBeUndefined();
    expect(whyNotEdited('libvirt')).toBeUndefined();
  });

  test.each(FORMAT_NAMES)('%s has one, or the reason why it has none is a clause', (name) => {
    const editor = editorOf(name);
    if (editor) expect([editor.format, whyNotEdited(name)]).toEqual([name, undefined]);
    else expect(whyNotEdited(name)).toMatch(/^[a-z]\S* .*[^.]$|^Xen /);
  });
});
