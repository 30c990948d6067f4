/** `probeOrder`: devices that are probed before others, and names that are none. */
import { expect, test } from 'vitest';
import { readText } from '../helpers.ts';

const DEVICES = `topology: { cores: 2 }
devices:
  - { name: disk, driver: nvme, queues: 1, count: 2 }
  - { name: nic, driver: virtio-net }
  - { name: gpu, driver: generic }
`;
const orderOf = async (order: string) =>
  (await readText(`${DEVICES}probeOrder: ${order}\n`)).devices.map(({ name }) => name);

test('those that are named come first, of an entry with count all, and the others as they are listed', async () => {
  expect(await orderOf('[gpu]')).toEqual(['gpu', 'disk0', 'disk1', 'nic']);
  expect(await orderOf('[nic, disk]')).toEqual(['nic', 'disk0', 'disk1', 'gpu']);
  expect(await orderOf('[disk1, gpu, disk0]')).toEqual(['disk1', 'gpu', 'disk0', 'nic']);
  expect(await orderOf('[]')).toEqual(['disk0', 'disk1', 'nic', 'gpu']);
});

test.each([
  ['[nik]', 'probeOrder[0]: there is no device "nik", did you mean "nic"?'],
  ['[nic, disk, disk1]', 'probeOrder[2]: "disk1" is there twice'],
  ['nic', 'probeOrder'],
])('%s is refused', async (order, message) => {
  await expect(orderOf(order)).rejects.toThrow(message);
});
