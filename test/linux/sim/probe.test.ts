/** What a driver gets where vectors run out, and what it gives back. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

const booted = async (cpus: number, devices: string, more = '') => {
  const { run } = simulate(
    await readText(`kernel: "6.12"\nhpet: off\ntopology: { cores: ${cpus} }\n${more}devices:\n${devices}`),
  );
  return run;
};

describe('a managed vector on every CPU of the mask', () => {
  test('the CPU of the timer is full first; the devices behind have no interrupt', async () => {
    const { devices, vectors } = await booted(
      2,
      '  - { name: disk, driver: generic, managed: true, vectors: 1, count: 202 }\n',
    );
    // 201 vectors a CPU, one of them the timer's.
    expect(devices.filter(({ vectorsGranted }) => vectorsGranted === 1)).toHaveLength(200);
    expect(devices[199]).toMatchObject({ errno: 0, fullCpu: null, fallback: null, health: 'healthy' });
    for (const device of devices.slice(200))
      expect(device).toMatchObject({
        vectorsGranted: 0,
        errno: 28,
        fullCpu: 0,
        health: 'dead',
        fallback: 'no interrupt vector: the probe fails with error -28',
        queues: [{ state: 'not-allocated', irq: null, vectorIndex: null, managed: false, health: 'dead' }],
      });
    expect(vectors.perCpu.map(({ managed }) => managed)).toEqual([200, 200]);
  });

  test('too few for all queues: the driver tries again with those that it could have', async () => {
    const devices = (count: number) =>
      `  - { name: full, driver: generic, managed: true, vectors: 1, count: ${count} }\n  - { name: disk, driver: nvme, queues: 4 }\n`;
    const disk = async (count: number) => (await booted(4, devices(count))).devices[count];
    expect(await disk(199)).toMatchObject({ vectorsGranted: 5, errno: 0, fullCpu: null, fallback: null });
    const short = await disk(200);
    expect(short).toMatchObject({
      vectorsAsked: 5,
      vectorsGranted: 1,
      errno: 28,
      fullCpu: 0,
      fallback: '1 vector could be had: 1 of 4 queues',
      health: 'dead',
    });
    expect(short.queues.map(({ vectorIndex, health }) => [vectorIndex, health])).toEqual([
      [0, 'degraded'],
      [null, 'dead'],
      [null, 'dead'],
      [null, 'dead'],
    ]);
  });
});

test('vectors that are missed when they are requested: the device gives all back, numbers too', async () => {
  const { devices, vectors } = await booted(
    1,
    '  - { name: many, driver: generic, managed: false, vectors: 250 }\n  - { name: few, driver: generic, managed: false, vectors: 2 }\n',
  );
  expect(devices[0]).toMatchObject({ vectorsAsked: 250, vectorsGranted: 0, errno: 28, fullCpu: null });
  expect(devices[1].queues.map(({ irq, state }) => [irq, state])).toEqual([
    [24, 'started'],
    [25, 'started'],
  ]);
  // The timer's, and the two.
  expect(vectors.totalAllocated).toBe(3);
  expect(vectors.globalReserved).toBe(14);
});

test('the vectors that a table holds: a driver that wants all or two shares one, or takes the line', async () => {
  const { devices } = await booted(
    4,
    [
      '  - { name: full, driver: virtio-blk, queues: 4 }\n',
      '  - { name: small, driver: virtio-blk, queues: 4, vectors: 3 }\n',
      '  - { name: none, driver: virtio-blk, queues: 4, vectors: 1 }\n',
      '  - { name: some, driver: nvme, queues: 4, vectors: 3 }\n',
      '  - { name: one, driver: nvme, queues: 4, vectors: 1 }\n',
    ].join(''),
  );
  expect(
    devices.map(({ vectorsGranted, fallback, queues, errno }) => [
      vectorsGranted,
      queues.map(({ vectorIndex }) => vectorIndex),
      queues[0]?.health,
      fallback,
      errno,
    ]),
  ).toEqual([
    [5, [1, 2, 3, 4], 'healthy', null, 0],
    [2, [1, 1, 1, 1], 'degraded', '2 vectors, one of them shared by all queues', 0],
    [1, [0, 0, 0, 0], 'degraded', 'the MSI-X table is too small: one line interrupt serves everything', 0],
    [3, [1, 2], 'healthy', null, 0],
    [1, [0], 'degraded', null, 0],
  ]);
});

describe('one line', () => {
  const LINE = 'cmdline: pci=nomsi\n';

  test('for several queues is shared, for one it is not', async () => {
    const { devices } = await booted(
      2,
      '  - { name: disk, driver: nvme, queues: 2 }\n  - { name: card, driver: generic, vectors: 1 }\n  - { name: uart, driver: generic, interrupts: line }\n',
      LINE,
    );
    const without = 'no message interrupts on this machine: one line interrupt serves everything';
    expect(
      devices.map(({ vectorsGranted, errno, fallback, queues }) => [
        vectorsGranted,
        errno,
        fallback,
        queues.map(({ irq, health }) => `${irq} ${health}`),
      ]),
    ).toEqual([
      [1, 0, without, ['24 degraded', '24 degraded']],
      [1, 0, without, ['25 healthy']],
      [1, 0, null, ['26 healthy']],
    ]);
  });

  test('is all that a machine without APIC has', async () => {
    const { devices } = await booted(
      1,
      '  - { name: disk, driver: nvme, queues: 2 }\n',
      'cmdline: nolapic\n',
    );
    expect(devices[0]).toMatchObject({ vectorsGranted: 1, errno: 0, queues: [{ irq: 16, managed: false }] });
  });
});
