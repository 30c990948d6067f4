/** KubeVirt: from vCPU counts to possible CPUs, libvirt's refusal above 255, devices, several guests. */
import { describe, expect, test } from 'vitest';
import { readerNamed, recognise } from '../../src/formats/index.ts';
import { kubevirt as kubevirtReader } from '../../src/formats/kubevirt/reader.ts';
import { corpusText, failureOf, hasCorpus, importAll, imported, importOne } from './importers.ts';

/** A VirtualMachineInstance with this domain, in flow style. */
const vmi = (domain: string) =>
  `apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: one }\nspec:\n  domain: ${domain}\n`;

const EIM =
  'unsupported configuration: more than 255 vCPUs require extended interrupt mode enabled on the iommu device';

describe('the famous guest of 64 vCPUs', () => {
  const text = vmi('{ cpu: { sockets: 64 }, devices: { disks: [{ name: d, disk: { bus: virtio } }] } }');

  test('KubeVirt 1.4: 256 possible vCPUs, which libvirt 10.5 refuses', async () => {
    const { result, machine } = await importOne(text, { kubevirt: '1.4' });
    expect(machine.cpus.length).toBe(256);
    expect(machine.cpus.filter(({ state }) => state === 'online').length).toBe(64);
    expect(result.refusals.map(({ by, level, message }) => [by, level, message])).toEqual([
      ['libvirt 10.5', 'error', EIM],
    ]);
    expect(result.refusals[0].location).toEqual({ file: 'input', line: 5, column: 29 });
    expect(result.assumptions.map((one) => one.text)).toContainEqual(
      expect.stringContaining('64 of 256 are plugged, 256 vCPUs are possible'),
    );
    expect(machine.devices[0]).toMatchObject({ driver: 'virtio-blk', queues: 1, vectors: 2 });
  });

  test.each([[{}], [{ kubevirt: '1.8' }], [{ libvirt: '11.0' }], [{ libvirt: '12.2', qemu: '10.0' }]])(
    '%j: libvirt adds an IOMMU with EIM',
    async (stack) => {
      const { result, machine } = await importOne(text, stack);
      expect(result.refusals).toEqual([]);
      expect(machine.remapping).toMatchObject({ enabled: true, eim: true, vendor: 'intel' });
      expect(machine.extDestId).toBe(true);
    },
  );

  test('maxSockets keeps it below', async () => {
    const { result, machine } = await importOne(vmi('{ cpu: { sockets: 64, maxSockets: 64 } }'));
    expect(result.refusals).toEqual([]);
    expect(machine.cpus.length).toBe(64);
    expect(machine.remapping.enabled).toBe(false);
    expect(machine.extDestId).toBe(false);
  });

  test('a machine type that is not q35 cannot have them', async () => {
    const { result } = await importOne(vmi('{ cpu: { sockets: 64 }, machine: { type: pc-i440fx-9.0 } }'), {
      libvirt: '11.0',
    });
    expect(result.refusals[0]).toMatchObject({
      by: 'libvirt 11.0',
      message: 'unsupported configuration: more than 255 vCPUs are only supported on q35-based machine types',
    });
  });
});

test.each([
  ['{}', 1, 4],
  ['{ cpu: { cores: 2 } }', 2, 8],
  ['{ cpu: { sockets: 2, cores: 3, threads: 2 } }', 12, 48],
  ['{ cpu: { cores: 4, maxSockets: 2 } }', 4, 8],
  ['{ resources: { limits: { cpu: 6 }, requests: { cpu: 2 } } }', 6, 24],
  ['{ resources: { requests: { cpu: "1500m" } } }', 2, 8],
  ['{ cpu: { cores: 1 }, resources: { limits: { cpu: 6 } } }', 1, 4],
  ['{ cpu: { sockets: 200 } }', 200, 512],
  ['{ cpu: { sockets: 3, cores: 200 } }', 600, 600],
])('%s: %i vCPUs of %i', async (domain, present, possible) => {
  const { machine } = await importOne(vmi(domain), { libvirt: '12.0' });
  expect(machine.cpus.length).toBe(possible);
  expect(machine.cpus.filter(({ state }) => state === 'online').length).toBe(present);
});

test('queues: one a vCPU of the first socket, all requested vCPUs with multi-queue', async () => {
  const devices = (multi: boolean) =>
    vmi(`{ cpu: { sockets: 4, cores: 2 }, devices: {
      blockMultiQueue: ${multi}, networkInterfaceMultiqueue: ${multi},
      disks: [{ name: a, disk: { bus: virtio } }, { name: s, disk: { bus: scsi } }, { name: c, cdrom: { bus: sata } }],
      interfaces: [{ name: n, masquerade: {} }, { name: v, sriov: {} }, { name: e, model: e1000e }] } }`);
  const of = async (multi: boolean) =>
    (await importOne(devices(multi))).machine.devices.map(({ name, queues, vectors }) => [
      name,
      queues,
      vectors,
    ]);
  expect(await of(false)).toEqual([
    ['a', 2, 3],
    ['scsi0', 2, 5],
    ['n', 1, 4],
    ['e', undefined, 5],
  ]);
  expect((await of(true)).slice(0, 3)).toEqual([
    ['a', 8, 9],
    ['scsi0', 2, 5],
    ['n', 8, 18],
  ]);
});

test('HPET, ACPI, CPU flags and kernel parameters', async () => {
  expect(
    await imported(
      vmi(`{ clock: { timer: { hpet: { present: false } } }, features: { kvm: { hidden: true } },
        cpu: { features: [{ name: x2apic, policy: disable }] },
        firmware: { kernelBoot: { kernelArgs: "nosmt" } } }`),
    ),
  ).toMatchObject({ name: 'one', hpet: { present: false }, x2apic: 'unsupported', cmdline: 'nosmt' });
});

test('several guests, a list, and an instancetype in one file', async () => {
  const text = `apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineInstancetype
metadata: { name: big }
spec: { cpu: { guest: 8 } }
---
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachinePreference
metadata: { name: wide }
spec: { cpu: { preferredCPUTopology: preferCores }, devices: { preferredDiskBus: virtio } }
---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: a }
spec:
  instancetype: { name: big }
  preference: { name: wide }
  template: { spec: { domain: { devices: { disks: [{ name: d, disk: {} }] } } } }
---
apiVersion: v1
kind: List
items:
- { apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: { name: b }, spec: { domain: {} } }
`;
  const [a, b, ...more] = await importAll(text);
  expect(more).toEqual([]);
  expect([a.machine.name, b.machine.name]).toEqual(['a', 'b']);
  expect(a.machine.shape).toBe('4 x 8 x 1');
  expect(a.machine.devices[0]).toMatchObject({ name: 'd', queues: 8 });
  expect(b.machine.locate(['name'])).toMatchObject({ line: 22 });
});

test.each([
  ['apiVersion: kubevirt.io/v1\nkind: KubeVirt\n', 'no VirtualMachine or VirtualMachineInstance is found'],
  ['apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n', 'spec.template.spec.domain is missing'],
  [
    vmi('{ cpu: { cores: many } }'),
    '5:27: spec.domain.cpu.cores: a whole number from 0 to 32768 is expected',
  ],
  [vmi('{ cpu: { cores: 30000, sockets: 2 } }'), 'the limit is 32768 CPUs'],
  [vmi('{ devices: { disks: x } }'), 'spec.domain.devices.disks: a list is expected'],
  [vmi('{ resources: { limits: { cpu: lots } } }'), 'a number of CPUs such as 2 or 500m'],
  [vmi('{ cpu: [').replace('{ name: one }', 'x'), 'input:6:1: '],
])('%j is an error', async (text, message) => {
  expect(await failureOf(text)).toContain(message);
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  test('vmi-fedora-isolated.yaml', async () => {
    const { machine, result } = await importOne(corpusText('kubevirt/vmi-fedora-isolated.yaml'));
    expect(machine.cpus.map(({ apicId, state }) => [apicId, state])).toEqual([
      [0, 'online'],
      [1, 'absent'],
      [2, 'absent'],
      [3, 'absent'],
    ]);
    expect(machine.remapping.enabled).toBe(false);
    expect(machine.extDestId).toBe(false);
    expect(machine.hpet).toEqual({ present: true, msi: false, channels: 3 });
    expect(result.refusals).toEqual([]);
    const disks = machine.devices.filter(({ driver }) => driver === 'virtio-blk');
    expect(disks.map(({ queues }) => queues)).toEqual([1, 1]);
  });

  test('the instancetype is asked for, and found in one file', async () => {
    const guest = corpusText('kubevirt/vm-cirros-clarge-virtio.yaml');
    expect(await failureOf(guest)).toContain('the vCPUs are in the instancetype clarge');
    const { machine } = await importOne(corpusText('kubevirt/clarge.yaml') + guest);
    expect(machine.cpus.length).toBe(16);
  });

  test.each([
    ['vmi-fedora.yaml', 4, true],
    ['vmi-windows.yaml', 8, false],
  ])('%s', async (name, possible, hpet) => {
    const { machine } = await importOne(corpusText(`kubevirt/${name}`));
    expect(machine.cpus.length).toBe(possible);
    expect(machine.hpet.present).toBe(hpet);
  });

  test.each([
    ['vm-ephemeral.yml', 'kubevirt/vm-ephemeral.yml'],
    ['the file of every field', 'kubevirt/kubevirt.io.v1.VirtualMachineInstance.yaml'],
  ])('%s is an error with a place', async (_, name) => {
    expect(await failureOf(corpusText(name))).toMatch(/^input:\d+:\d+: /);
  });
});

describe('objects inside other text', () => {
  const vm = (name: string, cores: number, namespace = '') =>
    JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: namespace ? { name, namespace } : { name },
      spec: { template: { spec: { domain: { cpu: { cores }, devices: {} } } } },
    });
  const present = async (text: string) =>
    (await importAll(text)).map(({ machine }) => [
      machine.name,
      machine.cpus.filter(({ state }) => state === 'online').length,
    ]);

  test.each([
    ['one a line', `${vm('a', 3)}\n${vm('b', 4)}\n`],
    ['a list on one line', `{"apiVersion":"v1","items":[${vm('a', 3)},${vm('b', 4)}],"kind":"List"}`],
    [
      'a list of machines',
      `{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineList","items":[${vm('a', 3)},${vm('b', 4)}]}`,
    ],
    [
      'here-documents',
      `set -e\ncat <<EOF | kubectl apply -f -\n${vm('a', 3)}\nEOF\nkubectl apply -f - <<-'END'\n\t${vm('b', 4)}\n\tEND\n`,
    ],
    ['Markdown', `# Two\n\n\`\`\`yaml\n${vm('a', 3)}\n\`\`\`\n\nand\n\n\`\`\`json\n${vm('b', 4)}\n\`\`\`\n`],
    [
      'what helm prints',
      `NAME: x\nSTATUS: deployed\nMANIFEST:\n---\n# Source: a.yaml\n${vm('a', 3)}\n---\n${vm('b', 4)}\n\nNOTES:\nSee {it}: run.\n`,
    ],
  ])('%s', async (_, text) => {
    expect(await present(text)).toEqual([
      ['a', 3],
      ['b', 4],
    ]);
  });

  test('a template with parameters that have values', async () => {
    const text = `apiVersion: template.openshift.io/v1
kind: Template
objects:
- apiVersion: kubevirt.io/v1
  kind: VirtualMachine
  metadata: {name: "\${NAME}", namespace: dev}
  spec: {template: {spec: {domain: {cpu: {cores: "\${{CORES}}"}, devices: {}}}}}
parameters:
- {name: NAME, value: box}
- {name: CORES, value: "6"}
`;
    expect(await present(text)).toEqual([['dev/box', 6]]);
  });

  test('a template of a virtual machine', async () => {
    const text = `{"apiVersion":"template.kubevirt.io/v1alpha1","kind":"VirtualMachineTemplate","spec":{"virtualMachine":${vm('t', 9)}}}`;
    expect(await present(text)).toEqual([['t', 9]]);
  });

  test('a parameter without a value in place of a number is an error, with its place', async () => {
    const text = `cat <<EOF\n${vm('a', 3).replace('"cores":3', '"cores":"$CORES"')}\nEOF\n`;
    expect(await failureOf(text)).toContain('input:2:');
  });

  test('a template of Helm is named as that', async () => {
    const text = 'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nspec: {{ .Values.spec | toYaml }}\n';
    expect(await failureOf(text)).toContain('helm template');
  });

  test('names carry the namespace', async () => {
    expect(await present(vm('web', 2, 'team-x'))).toEqual([['team-x/web', 2]]);
  });
});

describe('parts that are not known', () => {
  test('are named, with what they may hold', async () => {
    const { machine } = await importOne(
      vmi(
        '{ cpu: { cores: 2, hyperThreads: 2 }, devices: { nvme: [], disks: [{ name: d, disk: { bus: pmem } }] }, chipset: x }',
      ),
    );
    expect(machine.notUnderstood.map(({ part, mayHold }) => [part, mayHold])).toEqual([
      ['the bus pmem of a disk', ['devices']],
      ['domain.chipset', ['CPUs', 'devices', 'the machine type', 'the irqchip']],
      ['domain.cpu.hyperThreads', ['CPUs']],
      ['domain.devices.nvme', ['devices']],
    ]);
  });

  test('Windows is a system that is not modelled', async () => {
    const { machine } = await importOne(
      vmi('{ features: { hyperv: { relaxed: {} } }, clock: { timer: { hyperv: {} } } }'),
    );
    expect(machine.guestOs).toBe('Windows');
    expect((await importOne(vmi('{ features: { acpi: {} } }'))).machine.guestOs).toBeNull();
  });
});

test("a preference's timers, random numbers and machine type count where the machine says nothing", async () => {
  const preference = (spec: string) =>
    `apiVersion: instancetype.kubevirt.io/v1beta1\nkind: VirtualMachinePreference\nmetadata: { name: p }\nspec: ${spec}\n---\n` +
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: a }\nspec: { preference: { name: p }, template: { spec: { domain: { cpu: { cores: 2 }, devices: {} } } } }\n';
  const [{ machine }] = await importAll(
    preference(
      '{ clock: { preferredTimer: { hpet: { present: false } } }, devices: { preferredRng: {} }, machine: { preferredMachineType: pc-q35-9.2 } }',
    ),
  );
  expect(machine.hpet.present).toBe(false);
  expect(machine.devices.map(({ name }) => name)).toContain('rng0');
  expect(machine.notUnderstood).toEqual([]);
  const [{ machine: other }] = await importAll(
    preference('{ cpu: { preferredCPUFeatures: [] }, stranger: 7 }'),
  );
  expect(other.notUnderstood.map(({ part }) => part)).toEqual([
    'preference.spec.stranger',
    'preference.spec.cpu.preferredCPUFeatures',
  ]);
});

test('a manifest in the script that a guest runs is not the one that is read', async () => {
  const online = async (text: string) =>
    (await importAll(text)).map(
      ({ machine }) => machine.cpus.filter(({ state }) => state === 'online').length,
    );
  const script = `cat <<EOF\n${vmi('{ cpu: { sockets: 2 } }')}EOF\n`;
  expect(await online(`#!/bin/sh\n${script}`)).toEqual([2]);
  const volumes = `  volumes:\n    - cloudInitNoCloud:\n        userData: |\n${script.replace(/^(?=.)/gm, '          ')}`;
  const manifest = vmi('{ cpu: { sockets: 3 } }') + volumes;
  const [apiVersion, kind] = manifest.split('\n');
  for (const text of [
    manifest,
    `# a comment\n---\n${manifest}`,
    manifest.replace(`${apiVersion}\n${kind}`, `${kind}\n${apiVersion}`),
    manifest.replace(/^(?=.)/gm, ' '),
  ])
    expect(await online(text)).toEqual([3]);
});

test('what stands in the place of a part is not taken for a part that is not there', async () => {
  expect(await failureOf(vmi('{ cpu: 64 }'))).toContain('spec.domain.cpu: a mapping is expected');
  expect(await failureOf(vmi('{ cpu: [{ sockets: 64 }] }'))).toContain(
    'spec.domain.cpu: a mapping is expected',
  );
  expect(await failureOf(vmi('{ resources: { limits: 64 } }'))).toContain('limits: a mapping is expected');
});

test.each(['{ inferFromVolume: root }', 'u1.large'])(
  'an instancetype without its name has vCPUs that nobody knows: %s',
  async (instancetype) => {
    const text = `apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nspec: { instancetype: ${instancetype}, template: { spec: { domain: {} } } }\n`;
    expect(await failureOf(text)).toContain('input:3:23: instancetype: a name is expected');
  },
);

test('hooks may change the domain', async () => {
  const hooked = (annotation: string) =>
    vmi('{ cpu: { cores: 2 } }').replace('name: one', `name: one, annotations: { ${annotation}: "[]" }`);
  const { machine } = await importOne(hooked('hooks.kubevirt.io/hookSidecars'));
  expect(machine.notUnderstood.map(({ part }) => part)).toEqual([
    'the annotation hooks.kubevirt.io/hookSidecars',
  ]);
  expect((await importOne(hooked('example.com/note'))).machine.notUnderstood).toEqual([]);
});

test('here-documents without end take no time that grows with their square', async () => {
  const text = `apiVersion: kubevirt.io/v1\n${'<<A\n'.repeat(40_000)}${'<<A'.repeat(40_000)}`;
  expect(recognise(new TextEncoder().encode(text), 'input').name).toBe('kubevirt');
  expect(await readerNamed('kubevirt').comments?.(`# irqsim: a note\n${text}`)).toHaveLength(1);
});

describe('what the cluster and a preference decide', () => {
  const VM = 'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: a}\n';
  const cluster = (configuration: string) =>
    `apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata: {name: k}\nspec: {configuration: {${configuration}}}\n---\n` +
    `${VM}spec: {template: {spec: {domain: {cpu: {sockets: 4}, devices: {}}}}}\n`;
  const topology = async (text: string) => {
    const [{ raw, refusals }] = await kubevirtReader.read({
      bytes: new TextEncoder().encode(text),
      file: 'input',
      stack: {},
    });
    const { topology: found } = raw.value as { topology: Record<string, number> };
    return { found, errors: refusals.map(({ message }) => message), cpus: found.max };
  };

  test.each([
    ['vmRolloutStrategy: Stage', 4],
    ['liveUpdateConfiguration: {maxHotplugRatio: 8}', 32],
    ['liveUpdateConfiguration: {maxCpuSockets: 6, maxHotplugRatio: 8}', 6],
    ['liveUpdateConfiguration: {}', 16],
  ])('the KubeVirt object in the same file: %s', async (configuration, cpus) => {
    expect(await topology(cluster(configuration))).toMatchObject({ cpus, errors: [] });
  });

  test('more sockets than the cluster allows', async () => {
    const { errors } = await topology(cluster('liveUpdateConfiguration: {maxCpuSockets: 2}'));
    expect(errors).toEqual(['Number of sockets in CPU topology is greater than the maximum sockets allowed']);
  });

  test.each([
    ['{}', { sockets: 12, cores: 2, threads: 1 }],
    ['{ratio: 3}', { sockets: 8, cores: 3, threads: 1 }],
    ['{across: CoresThreads}', { sockets: 1, cores: 12, threads: 2 }],
    ['{across: SocketsCoresThreads, ratio: 4}', { sockets: 3, cores: 4, threads: 2 }],
  ])('a preference spreads 24 vCPUs: %s', async (options, expected) => {
    const api = 'apiVersion: instancetype.kubevirt.io/v1beta1\n';
    const { found, errors } = await topology(
      `${VM}spec: {instancetype: {name: i}, preference: {name: p}, template: {spec: {domain: {devices: {}}}}}\n---\n` +
        `${api}kind: VirtualMachineClusterInstancetype\nmetadata: {name: i}\nspec: {cpu: {guest: 24, maxSockets: 12}}\n---\n` +
        `${api}kind: VirtualMachineClusterPreference\nmetadata: {name: p}\n` +
        `spec: {cpu: {preferredCPUTopology: spread, spreadOptions: ${options}}}\n`,
    );
    expect(errors).toEqual([]);
    expect(found).toMatchObject({ ...expected, sockets: Math.max(expected.sockets, 12) });
  });

  test('YAML as kubectl reads it: merge keys, also where an error is found in one, and 010 for 8', async () => {
    const text = (sockets: string) =>
      `x-cpu: &cpu\n  sockets: ${sockets}\n  cores: 2\n${VM}spec:\n  template:\n    spec:\n      domain:\n` +
      '        cpu:\n          <<: [*cpu]\n          cores: 010\n          maxSockets: 3\n        devices: {}\n';
    expect((await topology(text('3'))).found).toMatchObject({ sockets: 3, cores: 8 });
    await expect(topology(text('many'))).rejects.toThrow(/^input:2:12: .*cpu.sockets/);
  });
});
