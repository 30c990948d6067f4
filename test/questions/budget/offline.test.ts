/** How many CPUs may go offline, against taking every set in every order offline. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { offlineCandidates } from '../../../src/linux/proof/offline-room.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { letGo, offlineAnswer } from '../../../src/questions/budget/offline.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { tightMachines } from './tight-machines.ts';

function* orders<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) yield [...items];
  for (const [n, first] of items.entries())
    for (const rest of orders([...items.slice(0, n), ...items.slice(n + 1)])) yield [first, ...rest];
}

/** The fewest CPUs of which the last is refused, in any order, less one; all of them if none ever is. */
function bruteForce(machine: Machine, candidates: readonly number[]): number {
  let most = candidates.length;
  for (const order of orders(candidates)) {
    const { refused } = letGo(machine, order);
    if (refused) most = Math.min(most, order.indexOf(refused.cpu));
  }
  return most;
}

test('any so many CPUs go offline, and one more does not where the answer is exact', async () => {
  const tally = { exact: 0, bounds: 0, tight: 0 };
  await fc.assert(
    fc.asyncProperty(tightMachines, async (description) => {
      const machine = await readText(JSON.stringify(description), [], 'test.json');
      const { facts, stage } = bringToLife(machine);
      if (!stage) return;
      const answer = offlineAnswer(machine, facts, stage.system);
      const most = bruteForce(machine, offlineCandidates(facts).toArray());
      expect(answer.confirmed?.refused ?? null).toBeNull();
      expect(answer.atMost).toBeLessThanOrEqual(most);
      if (!answer.exact) tally.bounds++;
      else {
        tally.exact++;
        if (most < answer.mayLeave) tally.tight++;
        expect(answer.atMost).toBe(most);
      }
    }),
    { numRuns: runs(40) },
  );
  expect(tally.exact).toBeGreaterThan(25);
  expect(tally.bounds).toBe(0);
  expect(tally.tight).toBeGreaterThan(4);
});
