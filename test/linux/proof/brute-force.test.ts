/** Every proof against every set of CPUs in every order, each simulated whole and judged by what reports show. */
import fc from 'fast-check';
import { test } from 'vitest';
import { runs } from '../../budget.ts';
import { checkProofs } from './brute-force.ts';
import { smallMachines } from './small-machines.ts';
import { strangeMachines } from './strange-machines.ts';

test.each([
  ['as most are', smallMachines(7), 12],
  ['with what few have', strangeMachines, 20],
] as const)(
  'proofs of machines %s say what all sets in all orders say',
  { timeout: 3_600_000 },
  async (_, machines, count) => {
    await fc.assert(
      fc.asyncProperty(machines as fc.Arbitrary<object>, async (description) => {
        await checkProofs(description);
      }),
      { numRuns: runs(count) },
    );
  },
);
