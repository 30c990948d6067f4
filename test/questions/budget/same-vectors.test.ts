/** The account of each CPU is that of the analysis: its figures add up to the same vectors. */
import { expect, test } from 'vitest';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { budgetOf } from '../../../src/questions/budget/budget.ts';
import { readText } from '../../helpers.ts';

const NET = 'topology: { cores: 16 }\ndevices: [{ name: net, driver: virtio-net, queues: 4, count: 3 }]\n';

test.each([
  ['moves that are over at once', `remapping: on\n${NET}`],
  ['moves that wait for the next interrupt', NET],
  ['no IO-APIC, whose PIC vectors no device has', `cmdline: noapic\n${NET}`],
  ['one CPU', `cmdline: nosmp\n${NET}`],
  ['events', `remapping: on\n${NET}events: [{ offline: 3 }, { online: 3 }]\n`],
])('%s', async (_, text) => {
  const machine = await readText(text);
  const { vectors, online } = simulate(machine).run;
  const { perCpu, capacity } = budgetOf(machine, []);
  expect(capacity).toBe(vectors.perCpuCapacity);
  for (const { cpus, free, managed, other } of perCpu)
    cpus.forEach((cpu) => {
      expect(managed + other + free).toBe(capacity);
      if (online.test(cpu)) expect([cpu, free]).toEqual([cpu, vectors.perCpu[cpu].available]);
    });
});
