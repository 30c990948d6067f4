/** Devices that surely reserve a vector on CPU 0: of those described, as many as ask for managed vectors. */
import { expect, test } from 'vitest';
import { managedDevices } from '../../../src/linux/sim/managed-demand.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

test.each<[string, string, number]>([
  ['a disk', '{ driver: nvme, queues: 2 }', 1],
  ['three', '{ driver: nvme, queues: 2, count: 3 }', 3],
  ['one whose only vector is the admin one', '{ driver: nvme, vectors: 1 }', 0],
  ['an admin vector and one for a queue', '{ driver: nvme, vectors: 2 }', 1],
  ['a table that is too small for what the driver needs', '{ driver: virtio-blk, queues: 4, vectors: 2 }', 0],
  ['a table that holds it', '{ driver: virtio-blk, queues: 2, vectors: 3 }', 1],
  ['a driver that spreads nothing', '{ driver: virtio-net, queues: 2 }', 0],
  ['a network card, if its driver says so only', '{ driver: generic, vectors: 2, managed: true }', 0],
])('%s: %s', async (_, device, expected) => {
  const text = `kernel: "6.12"\nhpet: off\ntopology: { cores: 2 }\ndevices: [${device.replace('{', '{ name: dev,')}]\n`;
  const machine = await readText(text);
  const booted = simulate(machine);
  expect(managedDevices(machine, booted)).toBe(expected);
  const { run } = booted;
  if (expected > 0) expect(run.vectors.perCpu[0].managed).toBeGreaterThanOrEqual(expected);
});

test('none without message interrupts, and none behind VMD, whose vectors they share', async () => {
  const behind = await readText(
    'kernel: "6.12"\nhpet: off\ntopology: { cores: 2 }\ndevices: [{ name: vmd, driver: generic, vectors: 4 }, { name: disk, driver: nvme, behind: vmd }]\n',
  );
  expect(managedDevices(behind, simulate(behind))).toBe(0);
  const lines = await readText(
    'kernel: "6.12"\ncmdline: pci=nomsi\nhpet: off\ntopology: { cores: 2 }\ndevices: [{ name: disk, driver: nvme }]\n',
  );
  expect(managedDevices(lines, simulate(lines))).toBe(0);
});
