import { expect, test } from 'vitest';
import { formatList } from '../../src/lib/cpumask.ts';
import { NEWEST_KERNEL } from '../../src/machine/kernel.ts';
import { errors, machine } from './helpers.ts';

const TWO = 'cpus: [{ apicId: 0-1 }]\n';

test('defaults', async () => {
  const m = await machine(TWO);
  expect(m).toMatchObject({
    name: '',
    source: 'm.yaml',
    platform: 'bare-metal',
    policy: 'mainline',
    kernelConfig: { nrCpus: 8192, x2apic: true, irqRemap: true, ia32: true, bhyveGuest: false },
    bootIndex: 0,
    smtShift: 0,
    shape: null,
    x2apic: { supported: true, firmware: false, locked: false, setting: 'auto' },
    remapping: { enabled: false, eim: false, optOut: false, vendor: 'intel', ioapics: true, mixedXt: false },
    extDestId: false,
    hpet: { present: true, msi: false },
    timers: { kvmclock: false, tscDeadline: true, knownFrequency: false, arat: true },
    legacyIrqs: true,
    firmware: { fadt: 605, onlineCapable: true },
    devices: [],
    events: [],
    expect: undefined,
  });
  expect(m.kernel.text).toBe(NEWEST_KERNEL);
});

test('the topology of the contract', async () => {
  const m = await machine(
    'kernel: 6.10\nplatform: kvm\ntopology: { sockets: 4, dies: 1, modules: 1, cores: 48, threads: 2, present: 200, nodes: 4 }\n',
  );
  expect(m.kernel).toMatchObject({ text: '6.10', major: 6, minor: 10 });
  expect(m.cpus).toHaveLength(384);
  expect(m.shape).toBe('4 x 48 x 2');
  expect(m.smtShift).toBe(1);
  expect(m.cpus[96]).toEqual({ apicId: 128, node: 1, state: 'online' });
  expect(m.cpus[200].state).toBe('absent');
  expect(m.x2apic.firmware).toBe(true);
  expect(m.timers).toEqual({ kvmclock: true, tscDeadline: true, knownFrequency: true, arat: true });
});

test('present as a list, max below the product', async () => {
  const m = await machine('topology: { cores: 8, max: 6, present: "1-2,5" }');
  expect(m.cpus.map(({ state }) => state[0]).join('')).toBe('aooaao');
  expect(m.bootIndex).toBe(1);
});

test('the CPU list of the contract', async () => {
  const m = await machine(`
cpus:
  - { apicId: "0-63,256-319", node: 0 }
  - { apicId: "0x200-575", node: 1, state: offline }
  - { apicId: 0x258, node: 1, state: absent }
  - { count: 8, node: 1, state: absent }
smt: 2
`);
  expect(m.cpus).toHaveLength(128 + 64 + 1 + 8);
  expect(formatList(m.cpus.flatMap(({ apicId }) => apicId ?? []))).toBe('0-63,256-319,512-575,600');
  expect(m.cpus.at(-1)).toEqual({ apicId: null, node: 1, state: 'absent' });
  expect(m.smtShift).toBe(1);
});

test('the boot CPU', async () => {
  const listed = await machine('cpus: [{apicId: 0-3}, {apicId: 7, boot: on}]');
  expect(listed.bootIndex).toBe(4);
  const first = await machine('cpus: [{apicId: 0-3, state: offline}, {apicId: 7}]');
  expect(first.bootIndex).toBe(4);
});

test.each([
  ['on', true],
  ['off', false],
  ['true', true],
  ['false', false],
  ['"on"', true],
  ['"off"', false],
  ['"true"', true],
  ['"false"', false],
])('a switch written %s', async (written, on) => {
  const m = await machine(
    `${TWO}extDestId: ${written}\nhpet: ${written}\nremapping: ${written}\nlegacyIrqs: ${written}\nkernelConfig: {ia32: ${written}}\n`,
  );
  expect(m.extDestId).toBe(on);
  expect(m.hpet).toEqual({ present: on, msi: false, channels: 32 });
  expect(m.remapping).toEqual({
    enabled: on,
    eim: on,
    optOut: false,
    vendor: 'intel',
    ioapics: true,
    mixedXt: false,
  });
  expect(m.legacyIrqs).toBe(on);
  expect(m.kernelConfig.ia32).toBe(on);
});

test('remapping, hpet, x2apic and firmware in full', async () => {
  const m = await machine(
    `${TWO}remapping: {eim: off, optOut: on, vendor: amd}\nhpet: {msi: on}\nx2apic: locked\nfirmware: {fadt: 6.10, onlineCapable: off}\n`,
  );
  expect(m.remapping).toEqual({
    enabled: true,
    eim: false,
    optOut: true,
    vendor: 'amd',
    ioapics: true,
    mixedXt: false,
  });
  expect(m.hpet).toEqual({ present: true, msi: true, channels: 32 });
  expect(m.x2apic).toEqual({ supported: true, firmware: true, locked: true, setting: 'locked' });
  expect(m.firmware).toEqual({ fadt: 610, onlineCapable: false });
});

test('x2apic auto follows the highest listed APIC ID, present or not', async () => {
  const firmware = async (text: string) => (await machine(text)).x2apic.firmware;
  expect(await firmware('cpus: [{apicId: 0-254}]')).toBe(false);
  expect(await firmware('cpus: [{apicId: 0-255}]')).toBe(true);
  expect(await firmware('cpus: [{apicId: 0}, {apicId: 255, state: absent}]')).toBe(true);
  expect(await firmware('cpus: [{apicId: 0-255}]\nx2apic: supported')).toBe(false);
});

test('device names', async () => {
  const names = async (device: string) =>
    (await machine(`${TWO}devices: [${device}]`)).devices.map(({ name }) => name).join();
  expect(await names('{name: nvme, driver: nvme}')).toBe('nvme');
  expect(await names('{name: nvme, driver: nvme, count: 1}')).toBe('nvme0');
  expect(await names('{name: nvme, driver: nvme, count: 4}')).toBe('nvme0,nvme1,nvme2,nvme3');
});

test('a device as the contract writes it', async () => {
  const m = await machine(
    `${TWO}devices: [{ name: hba, driver: generic, managed: true, vectors: 33, preVectors: 1, postVectors: 0 }]`,
  );
  expect(m.devices).toEqual([
    {
      name: 'hba',
      driver: 'generic',
      queues: undefined,
      vectors: 33,
      node: undefined,
      managed: true,
      preVectors: 1,
      postVectors: 0,
      interrupts: 'msi-x',
      remapped: true,
      behind: null,
      path: ['devices', 0],
    },
  ]);
  expect(m.locate(['devices', 0, 'vectors'])).toEqual({ file: 'm.yaml', line: 2, column: 65 });
  expect(m.locate(['policy'])).toBeUndefined();
});

test('events', async () => {
  const m = await machine(
    `${TWO}events: [{offline: 1}, {online: "0-1"}, {unplug: [1]}, {plug: {apicId: "0x12c", node: 0}}, {online: 2}]`,
  );
  expect(m.events.map(({ path: _, ...event }) => event)).toEqual([
    { kind: 'offline', cpus: [1] },
    { kind: 'online', cpus: [0, 1] },
    { kind: 'unplug', cpus: [1] },
    { kind: 'plug', apicId: 300, node: 0 },
    { kind: 'online', cpus: [2] },
  ]);
});

test('an absent CPU may be plugged, an unplugged one plugged again', async () => {
  await machine('cpus: [{apicId: 0}, {apicId: 5, state: absent}]\nevents: [{plug: {apicId: 5}}]');
  await machine('cpus: [{apicId: 0-5}]\nevents: [{unplug: 5}, {plug: {apicId: 5}}]');
});

test.each([
  ['name: x', 'm.yaml:1:1: the machine has no CPUs: give either topology or cpus'],
  [`${TWO}topology: {cores: 2}`, 'm.yaml:1:1: topology and cpus are both given; keep one of them'],
  ['topology: {cores: 2}\nsmt: 2', 'm.yaml:2:1: smt goes with cpus; with a topology write topology.threads'],
  ['topology: {cores: 2, max: 3}', 'm.yaml:1:27: topology.max is 3, but the topology has only 2 CPUs'],
  ['topology: {cores: 2, present: 3}', 'm.yaml:1:31: topology.present is 3, but only 2 CPUs are possible'],
  [
    'topology: {cores: 2, present: 1-2}',
    'm.yaml:1:31: topology.present names CPU index 2, but the last one is 1',
  ],
  ['topology: {cores: 2, present: 0}', 'm.yaml:1:31: topology.present is 0: no CPU could boot'],
  [
    'topology: {cores: 2, nodes: 2}',
    'm.yaml:1:29: topology.nodes is 2, but topology.sockets only 1: a node takes whole sockets',
  ],
  ['topology: {sockets: 20000, cores: 2}', 'm.yaml:1:21: 40,000 CPUs; the limit is 32,768 CPUs'],
  ['cpus: [{apicId: 0-32768}]', 'm.yaml:1:7: 32,769 CPUs; the limit is 32,768 CPUs'],
  ['cpus: [{apicId: 0-4294967294}]', 'm.yaml:1:7: 4,294,967,295 CPUs; the limit is 32,768 CPUs'],
  [
    'cpus: [{apicId: 0}, {count: 1000000000, state: absent}]',
    'm.yaml:1:7: 1,000,000,001 CPUs; the limit is 32,768 CPUs',
  ],
  [
    'cpus: [{apicId: 0}, {count: 2, state: absent, l2: 4}]',
    'm.yaml:1:47: cpus[1]: l2 goes with an apicId: nobody knows that of these slots',
  ],
  [
    'cpus: [{apicId: 0}, {count: 1, state: absent, duplicate: on}]',
    'm.yaml:1:47: cpus[1]: duplicate goes with an apicId: nobody knows that of this slot',
  ],
  [
    'cpus: [{apicId: 0}, {count: 1, state: absent, entry: x2apic}]',
    'm.yaml:1:47: cpus[1]: entry goes with an apicId: nobody knows that of this slot',
  ],
  [
    'cpus: [{apicId: 4294967295}]',
    'm.yaml:1:17: cpus[0].apicId: 4294967295 is too large, the highest number is 4294967294',
  ],
  [
    'cpus: [{apicId: 0-3}, {apicId: 2}]',
    'm.yaml:1:32: cpus[1]: APIC ID 2 is listed twice, first in cpus[0] (m.yaml:1:17)',
  ],
  [
    'cpus: [{apicId: 0-3}, {apicId: 2-5, duplicate: on}]',
    'm.yaml:1:48: cpus[1].duplicate: APIC ID 4 is not listed before, so it is not listed a second time',
  ],
  ['cpus: [{apicId: ""}]', 'm.yaml:1:17: cpus[0]: the list of APIC IDs is empty'],
  ['cpus: [{apicId: 0, state: offline}]', 'm.yaml:1:7: no CPU is online: the machine could not boot'],
  [
    'cpus: [{apicId: 0}, {count: 2}]',
    'm.yaml:1:21: cpus[1]: CPUs without an apicId can only be hot-plug slots: add "state: absent"',
  ],
  [
    'cpus: [{apicId: 0-1, boot: on}]',
    'm.yaml:1:28: cpus[0]: the boot CPU must be one APIC ID that is online',
  ],
  [
    'cpus: [{apicId: 0, boot: on}, {apicId: 1, boot: on}]',
    'm.yaml:1:49: cpus[1]: cpus[0] is the boot CPU already',
  ],
  [
    'cpus: [{apicId: 0, node: 1024}]',
    'm.yaml:1:26: cpus[0].node: expected a whole number from 0 to 1023, found 1024',
  ],
  [`${TWO}kernel: "3.10"`, 'm.yaml:2:9: kernel 3.10 is older than the oldest modelled release, 4.19'],
  [
    `${TWO}kernel: "9.1"`,
    `m.yaml:2:9: kernel 9.1 is newer than the newest modelled release, ${NEWEST_KERNEL}`,
  ],
  [
    `${TWO}kernelConfig: {nrCpus: 32769}`,
    'm.yaml:2:24: kernelConfig.nrCpus: expected a whole number from 1 to 32768, found 32769',
  ],
  [`${TWO}policy: mainlin`, 'm.yaml:2:9: unknown policy "mainlin", did you mean "mainline"?'],
  [
    `${TWO}platform: kmv`,
    'm.yaml:2:11: platform: expected one of bare-metal, kvm, hyperv, xen-hvm, xen-pvh, vmware, bhyve, acrn, jailhouse, tcg, other, found "kmv", did you mean "kvm"?',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvm}]`,
    'm.yaml:2:29: devices[0]: unknown driver "nvm", did you mean "nvme"?',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, queues: 0}]`,
    'm.yaml:2:43: devices[0].queues: expected a whole number from 1 to 65535, found 0',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, queues: 1000000000}]`,
    'm.yaml:2:43: devices[0].queues: expected a whole number from 1 to 65535, found 1000000000',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, count: 1000000000}]`,
    'm.yaml:2:10: 1,000,000,000 devices; the limit is 4,096 devices',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, count: 4096, vectors: 257}]`,
    'm.yaml:2:10: the devices have 1,052,672 vectors; the limit is 1,048,576 vectors in all',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, managed: on}]`,
    'm.yaml:2:35: devices[0]: managed is only for driver generic',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, node: 1}]`,
    'm.yaml:2:41: devices[0]: node 1 does not exist, the highest node with CPUs or memory is 0',
  ],
  [
    `${TWO}devices: [{name: a, driver: nvme, count: 2}, {name: a1, driver: nvme}]`,
    'm.yaml:2:53: devices[1]: the name "a1" is taken by devices[0]',
  ],
  [`${TWO}events: [{offline: 2}]`, 'm.yaml:2:20: events[0].offline: CPU 2 does not exist, the highest is 1'],
  [
    `${TWO}events: [{offline: 1, online: 1}]`,
    'm.yaml:2:10: events[0]: an event is one of online, offline, unplug, plug, suspend, resume, smt, setAffinity, fire, reprobe; it has online and offline',
  ],
  [
    `${TWO}events: [{}]`,
    'm.yaml:2:10: events[0]: an event is one of online, offline, unplug, plug, suspend, resume, smt, setAffinity, fire, reprobe; it has none',
  ],
  [`${TWO}expect: {reachable: 3-1}`, 'm.yaml:2:21: expect.reachable: the range 3-1 runs backwards'],
  [
    `${TWO}expect: {findings: [dead-queues]}`,
    'm.yaml:2:21: unknown rule "dead-queues", did you mean "dead-queue"?',
  ],
])('refuses %j', async (text, message) => {
  expect(await errors(text)).toEqual([message]);
});

test('100,001 events are one error, 100,000 are fine', async () => {
  const text = (count: number) =>
    JSON.stringify({ cpus: [{ apicId: 0 }], events: Array.from({ length: count }, () => ({ online: 0 })) });
  expect(await errors(text(100_001))).toEqual(['m.yaml:1:33: 100,001 events; the limit is 100,000']);
  expect((await machine(text(100_000))).events).toHaveLength(100_000);
});

test('everything wrong is reported at once, in the order of the text', async () => {
  const found = await errors(`
kernel: "2.6.32"
cpus: [{ apicId: 0 }]
devices:
  - { name: a, driver: nvm }
  - { name: b, driver: nvme, node: 7 }
events: [{ offline: 9 }]
`);
  expect(found.map((line) => line.split(' ')[0])).toEqual([
    'm.yaml:2:9:',
    'm.yaml:5:24:',
    'm.yaml:6:36:',
    'm.yaml:7:21:',
  ]);
});

test('after 20 problems the rest are counted', async () => {
  const found = await errors(`${TWO}devices: [${'{}, '.repeat(30)}]`);
  expect(found).toHaveLength(21);
  expect(found[20]).toBe('and 40 more problems');
});

test('the example of the contract, as one machine', async () => {
  const m = await machine(`
name: kvm-guest-384
kernel: "6.12"
kernelConfig: { nrCpus: 8192, x2apic: true, irqRemap: true, ia32: true, bhyveGuest: false }
platform: kvm
cmdline: "nr_cpus=400 hpet=disable"
cpus:
  - { apicId: "0-63,256-319", node: 0 }
  - { apicId: "512-575", node: 1, state: offline }
  - { apicId: 600, node: 1, state: absent }
  - { count: 8, node: 1, state: absent }
smt: 2
x2apic: auto
remapping: off
extDestId: false
hpet: on
timers: { kvmclock: true, tscDeadline: true, knownFrequency: true }
legacyIrqs: true
firmware: { fadt: "6.5", onlineCapable: true }
devices:
  - { name: nvme, driver: nvme, count: 4, queues: 64, vectors: 65, node: 0 }
  - { name: nic, driver: generic, managed: false, vectors: 17 }
  - { name: hba, driver: generic, managed: true, vectors: 33, preVectors: 1, postVectors: 0 }
policy: mainline
events:
  - { offline: 3 }
  - { plug: { apicId: 300, node: 1 } }
  - { unplug: 5 }
expect:
  reachable: "0-255"
  unreachable: "256-383"
  unknown: ""
  queues: { healthy: 64, dead: 0 }
  findings: [apic-id-above-limit]
`);
  // The plug names an ID that is present already: for the machine to refuse, not for the reader.
  expect(m.events).toHaveLength(3);
  expect(m.devices.map((device) => device.name)).toEqual(['nvme0', 'nvme1', 'nvme2', 'nvme3', 'nic', 'hba']);
});

test('a crash kernel inherits the command line; kdump adds to it', async () => {
  expect((await machine(TWO)).kdump).toBeNull();
  const usual = await machine(`${TWO}cmdline: "crashkernel=1G x2apic_phys"`);
  expect(usual.kdump).toMatchObject({ x2apicPhys: true, nrCpus: 1, intremapOff: false });
  const own = await machine(`${TWO}kdump: "nr_cpus=4 intremap=off"`);
  expect(own.kdump).toMatchObject({ nrCpus: 4, intremapOff: true });
});
