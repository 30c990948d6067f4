/** HPET channels as timers of CPUs, against what booted kernels show (5.10 to 7.3). */
import { expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

/** QEMU with hpet.msi=on and CPUs without ARAT; 200 possible CPUs, eight plugged, four of them apart. */
const guest = (kernel: string, channels: number, more = '') => `
kernel: "${kernel}"
platform: kvm
extDestId: on
hpet: { msi: on, channels: ${channels} }
timers: { arat: off }
cpus:
  - { apicId: "0-3,161,252,256,316" }
  - { count: 192, state: absent }
firmware: { fadt: "6.2", onlineCapable: off }
devices:
  - { name: nvme, driver: nvme, queues: 8, vectors: 9 }
${more}`;

async function timers(text: string): Promise<string[]> {
  const { run } = await analyzeText(text);
  return run.hpet.map(
    ({ channel, irq, cpu, affinity, effective }) =>
      `hpet${channel} irq ${irq} ${cpu === null ? 'free' : `CPU ${cpu} ${affinity} ${effective}`}`,
  );
}

test('16 channels: 13 get interrupts, one for each CPU that runs; devices are numbered behind them', async () => {
  const { run } = await analyzeText(guest('6.18.15', 16));
  expect(run.messages).toContain('hpet: 16 channels of 13 reserved for per-cpu timers');
  expect(run.hpet.map(({ irq }) => irq)).toEqual(Array.from({ length: 13 }, (_, index) => 24 + index));
  expect(run.hpet.map(({ cpu }) => cpu)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, null, null, null, null, null]);
  expect(run.hpet.slice(0, 8).map(({ affinity }) => affinity?.toString())).toEqual([...'01234567']);
  expect(run.hpet[8]).toEqual({
    channel: 11,
    irq: 32,
    cpu: null,
    affinity: null,
    effective: null,
    vector: null,
  });
  expect(run.devices[0].interrupts[0].irq).toBe(37);
});

test('as many as there are possible CPUs at most', async () => {
  const { run } = await analyzeText(
    guest('6.12', 8).replace(/cpus:.*?firmware/s, 'cpus:\n  - { apicId: "0-3" }\nfirmware'),
  );
  expect(run.messages).toContain('hpet: 8 channels of 4 reserved for per-cpu timers');
  expect(run.devices[0].interrupts[0].irq).toBe(28);
});

test('a free channel holds a reservation, one in use a vector', async () => {
  const { run } = await analyzeText(guest('6.12', 16).replace(/devices:.*/s, ''));
  const without = await analyzeText(guest('6.12', 3).replace(/devices:.*/s, ''));
  expect(run.vectors.globalReserved - without.run.vectors.globalReserved).toBe(5);
  expect(run.vectors.totalAllocated - without.run.vectors.totalAllocated).toBe(8);
  expect(without.run.hpet).toEqual([]);
  expect(without.run.messages).toContain('hpet: 3 channels of 0 reserved for per-cpu timers');
});

test.each([
  ['ARAT', 'timers: { arat: off }', 'timers: { arat: on }'],
  ['no messages', 'msi: on', 'msi: off'],
  ['hpet=disable', 'platform: kvm', 'platform: kvm\ncmdline: hpet=disable'],
  ['no ACPI table', 'platform: kvm', 'platform: kvm\ncmdline: acpi=off'],
  ['no interrupt domain under x2APIC remapping in a guest', 'extDestId: on', 'remapping: on'],
])('none: %s', async (_why, text, instead) => {
  const { run } = await analyzeText(guest('6.12', 16).replace(text, instead));
  expect(run.hpet).toEqual([]);
  expect(run.messages.join()).not.toContain('reserved for per-cpu timers');
  expect(run.devices[0].interrupts[0].irq).toBe(24);
});

test('a CPU that goes frees its channel; the first free one goes to the next CPU that comes', async () => {
  const events = (list: string) => guest('6.12', 10, `events: [${list}]`);
  expect(await timers(events('{ offline: 2 }'))).toEqual([
    'hpet3 irq 24 CPU 0 0 0',
    'hpet4 irq 25 CPU 1 1 1',
    'hpet5 irq 26 free',
    'hpet6 irq 27 CPU 3 3 3',
    'hpet7 irq 28 CPU 4 4 4',
    'hpet8 irq 29 CPU 5 5 5',
    'hpet9 irq 30 CPU 6 6 6',
  ]);
  const later = await timers(events('{ offline: 2 }, { offline: 7 }, { online: 7 }, { online: 2 }'));
  expect(later[2]).toBe('hpet5 irq 26 CPU 7 7 7');
  expect(later).not.toContain('free');
  expect(later.join()).not.toContain('CPU 2');
});

test('suspend and resume: every CPU has a timer again', async () => {
  const events = 'events: [{ suspend: on }, { resume: on }]';
  expect(await timers(guest('7.3', 16, events))).toEqual(await timers(guest('7.3', 16)));
});

test.each([
  ['6.1', 5],
  ['6.12', 1],
])('%s: users cannot move the timer of a CPU', async (kernel, errno) => {
  const text = guest(kernel, 16, 'events: [{ setAffinity: { irq: 26, cpus: "1" } }]');
  const { run } = await analyzeText(text);
  expect(run.events[0]).toMatchObject({ result: 'refused', errno });
  expect(run.events[0].reason).toContain('the timer of one CPU');
});

test('a limited domain (P8a) gives no channel to a CPU above APIC ID 255', async () => {
  const { run } = await analyzeText(guest('6.12', 16, 'policy: hpet-limited'));
  expect(run.hpet.map(({ cpu }) => cpu).filter((cpu) => cpu !== null)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a timer has a vector of its own on its CPU; beyond what the description states it is lost', async () => {
  const text = `kernel: "6.12"
platform: kvm
hpet: { msi: on, channels: 8 }
timers: { arat: off }
topology: { cores: 4 }
domains: { hpet-msi: { reach: { unreachable: "3" } } }
`;
  const { run } = await analyzeText(text);
  expect(run.hpet.map(({ cpu, vector, lost }) => [cpu, vector, lost])).toEqual([
    [0, 32, undefined],
    [1, 33, undefined],
    [2, 33, undefined],
    [3, 33, 'cpu-unreachable'],
  ]);
  expect('lost' in run.hpet[0]).toBe(false);
});
