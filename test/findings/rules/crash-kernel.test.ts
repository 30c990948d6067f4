/** The crash kernel on every CPU that may crash, against the one that is said to be the worst. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crashCpus, crashKernel, crashOn } from '../../../src/findings/rules/facts/crash-kernel.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { machines } from '../random-machines.ts';

const APPENDS = [
  'irqpoll nr_cpus=1 reset_devices',
  'irqpoll nr_cpus=2',
  'reset_devices',
  'nr_cpus=4 intremap=off',
];

test('no crash on another CPU finds fewer devices, and none panics where the worst does not', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(machines, fc.constantFrom(...APPENDS), async (description, kdump) => {
      const facts = simulate(await readText(JSON.stringify({ ...description, kdump }), [], 'test.json'));
      const worst = crashKernel(facts);
      if (!worst) return;
      const granted = (crash: typeof worst) =>
        crash?.run?.devices.map(({ vectorsGranted }) => vectorsGranted) ?? [];
      for (const slot of crashCpus(facts).slice(0, 8)) {
        const crash = crashOn(facts, slot);
        if (crash?.apic.fatal) expect(worst.apic.fatal).not.toBeNull();
        if (!worst.run || !crash?.run) continue;
        seen++;
        for (const [n, had] of granted(crash).entries())
          expect(had).toBeGreaterThanOrEqual(granted(worst)[n]);
      }
    }),
    { numRuns: runs(60) },
  );
  expect(seen).toBeGreaterThan(100);
});
