/** Sequences of events as real kernels went through them: where the queues were after each. */
import { expect, test } from 'vitest';
import type { QueueRow } from '../../../src/linux/sim/run.ts';
import { analyzeText } from '../../helpers.ts';

type Stage = readonly [
  events: readonly string[],
  effective: string,
  stopped?: Readonly<Record<number, string>>,
];

/** Plays the stages one after the other; `effective` lists the CPU of each managed queue of the device. */
async function follows(text: string, device: string, stages: readonly Stage[]): Promise<void> {
  const events: string[] = [];
  for (const [more, effective, stopped] of stages) {
    events.push(...more.map((event) => `--event ${event}`));
    const { run } = await analyzeText(text, events);
    const queues: readonly QueueRow[] = run.devices.find(({ name }) => name === device)?.queues ?? [];
    expect(queues.map((queue) => queue.effective).join(' '), events.join(' ')).toBe(effective);
    for (const [queue, how] of Object.entries(stopped ?? {})) expect(queues[Number(queue)].stopped).toBe(how);
  }
}

test('6.1.176: CPUs with the APIC IDs 13, 8 and 9 are plugged, and the first is removed again', async () => {
  const guest = `
kernel: "6.1.176"
platform: kvm
topology: { sockets: 2, cores: 4, threads: 2, present: 8, nodes: 2 }
devices:
  - { name: nvme0, driver: nvme, queues: 16 }
`;
  await follows(guest, 'nvme0', [
    [[], '0 1 2 3 4 5 6 7 0 0 0 0 0 0 0 0', { 12: 'never-started' }],
    [['plug=13@1', 'online=8'], '0 1 2 3 4 5 6 7 0 0 0 0 8 0 0 0'],
    [['plug=8@1', 'plug=9@1', 'online=9-10'], '0 1 2 3 4 5 6 7 9 0 0 0 8 10 0 0'],
    // The table entry of queue 12 read all zero, that of queue 11 vector 0xef on CPU 0.
    [['unplug=8'], '0 1 2 3 4 5 6 7 9 0 0 0 0 10 0 0', { 11: 'never-started', 12: 'shut-down' }],
  ]);
});

test('6.12.117: queues of two CPUs through offline, online, and down to one CPU', async () => {
  const guest = `
kernel: "6.12.117"
platform: tcg
topology: { cores: 8 }
devices:
  - { name: net, driver: virtio-net, queues: 1, vectors: 3 }
  - { name: nvme0, driver: nvme, queues: 4, vectors: 5 }
`;
  await follows(guest, 'nvme0', [
    [[], '1 3 5 7'],
    [['offline=2-3'], '1 0 5 7', { 1: 'shut-down' }],
    [['online=2-3'], '1 2 5 7'],
    [['set-affinity=nvme0:v0=5-6', 'set-affinity=nvme0:0=6', 'offline=7'], '1 2 5 6'],
    [['offline=1-6'], '0 0 0 0'],
    [['online=1-7'], '0 2 4 6'],
  ]);
});

test('6.12.117: SMT off leaves the first thread of every core', async () => {
  const { run } = await analyzeText(
    'kernel: "6.12.117"\nplatform: tcg\ntopology: { sockets: 4, cores: 4, threads: 2, nodes: 2 }\n',
    ['--event smt=off'],
  );
  expect(run.online.toString()).toBe('0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30');
});
