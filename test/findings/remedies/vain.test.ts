/** What is called vain without a simulation is vain in one: the bound of managed devices never promises too much. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { perCpuCapacity } from '../../../src/linux/sim/capacity.ts';
import { managedDevices } from '../../../src/linux/sim/managed-demand.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';

const RULE = 'vector-reservation-failed';

async function machine(kernel: string, driver: string, count: number, more: string) {
  const text = `
kernel: "${kernel}"
platform: kvm
topology: { cores: 2, max: 2 }
devices: [{ name: dev, driver: ${driver}, count: ${count}${more} }]
`;
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'machine.yaml' });
  return machineOf(source, []);
}

describe.each(['4.19', '5.4', '5.10', '6.12', '7.2'])('on %s', (kernel) => {
  test.each([
    ['nvme', ', queues: 1'],
    ['nvme', ', queues: 2'],
    ['nvme', ', vectors: 1'],
    ['nvme', ', vectors: 2'],
    ['virtio-blk', ', queues: 1'],
    ['virtio-blk', ', queues: 4, vectors: 2'],
    ['virtio-scsi', ', queues: 2'],
    ['virtio-net', ', queues: 2'],
    ['mpi3mr', ', queues: 2'],
    ['megaraid_sas', ', queues: 2'],
    ['generic', ', vectors: 2, managed: true'],
  ])('%s%s', async (driver, more) => {
    const fits = await machine(kernel, driver, 1, more);
    const capacity = perCpuCapacity(fits);
    for (const count of [capacity, capacity + 1]) {
      const many = await machine(kernel, driver, count, more);
      // The facts of a machine that boots alike are enough.
      const isVain = managedDevices(many, simulate(fits)) > capacity;
      const rules = analyze(many).findings.map(({ rule }) => rule);
      if (isVain) expect(rules).toContain(RULE);
      if (driver === 'nvme' && more === ', queues: 2') expect(isVain).toBe(count > capacity);
    }
  });
});
