/** How many more devices fit, against describing them and analysing again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { fitOf, kindsOf } from '../../../src/questions/budget/fits.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { tightMachines } from './tight-machines.ts';

test('so many more devices get all they ask for, and the next does not', async () => {
  let [tried, full] = [0, 0];
  await fc.assert(
    fc.asyncProperty(tightMachines, async (description) => {
      const machine = await readText(JSON.stringify({ ...description, events: [] }), [], 'test.json');
      for (const kind of kindsOf(machine.devices).slice(0, 2)) {
        const fit = fitOf(machine, kind);
        if (fit === null || fit.more > 300) continue;
        const added = Array.from({ length: fit.more + 1 }, (_, n) => ({ ...kind.spec, name: `added${n}` }));
        const { devices } = simulate({ ...machine, devices: [...machine.devices, ...added] }).run;
        const news = devices.slice(machine.devices.length);
        const gotAll = news.map(({ errno, vectorsGranted }) => errno === 0 && vectorsGranted > 0);
        expect(gotAll).toEqual(added.map((_, n) => n < fit.more));
        if (fit.each !== null && fit.each > 0 && kind.spec.driver === 'generic') {
          const sized = (vectors: number) =>
            simulate({
              ...machine,
              devices: machine.devices.map((one) =>
                kind.members.has(one.name) ? { ...one, vectors, queues: undefined } : one,
              ),
            }).run.devices.every(({ errno, vectorsGranted }) => errno === 0 && vectorsGranted > 0);
          expect(sized(fit.each)).toBe(true);
          if (fit.each < 2048 && !kind.spec.managed) expect(sized(fit.each + 1)).toBe(false);
          full++;
        }
        tried++;
      }
    }),
    { numRuns: runs(25) },
  );
  expect(tried).toBeGreaterThan(8);
  expect(full).toBeGreaterThan(2);
});
