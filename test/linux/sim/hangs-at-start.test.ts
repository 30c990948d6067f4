/** I/O that hangs from the set-up of a device on: under mainline too, where the device is outside of what covers others. */
import { expect, test } from 'vitest';
import { hangingCpus } from '../../../src/findings/rules/facts/hanging-io.ts';
import { analyzeText } from '../../helpers.ts';

const machine = (device: string): string => `kernel: "6.12"
remapping: on
hpet: off
cpus: [{ apicId: "0-3" }, { apicId: "0x100-0x103" }]
devices: [{ name: nvme, driver: nvme, queues: 8${device} }]
`;

test('a device outside the IOMMU: CPUs that its messages do not reach', async () => {
  const { run, summary } = await analyzeText(machine(', remapped: false'));
  expect(hangingCpus(run).toString()).toBe('4-7');
  expect(run.hangs).toMatchObject([4, 5, 6, 7].map((queue) => ({ queue, from: 0, until: null })));
  expect(summary.verdict).toBe('fail');
});

test('a device behind it: none', async () => {
  expect((await analyzeText(machine(''))).run.hangs).toEqual([]);
});
