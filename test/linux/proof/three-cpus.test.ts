/** Proofs of machines of three CPUs against every set in every order: small enough for many kinds of machines. */
import fc from 'fast-check';
import { test } from 'vitest';
import { checkProofs } from './brute-force.ts';
import { smallMachines } from './small-machines.ts';

const MACHINES = fc.sample(smallMachines(3), { numRuns: 24, seed: 20201008 });

test.each(MACHINES.map((machine) => [JSON.stringify(machine), machine] as const))(
  '%s',
  async (_, machine) => {
    await checkProofs(machine);
  },
);
