/** The closed form of accepted offlines against every set of CPUs in every order, event by event. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { offlineAtMost, offlineCandidates } from '../../../src/linux/proof/offline-room.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { InputError } from '../../../src/machine/locate.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { varied } from '../../../src/machine/vary.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { smallMachines } from './small-machines.ts';

/** All orders of the CPUs, as lists that are no start of another. */
function orders(cpus: readonly number[]): number[][] {
  if (cpus.length === 0) return [[]];
  return cpus.flatMap((cpu) => orders(cpus.filter((other) => other !== cpu)).map((rest) => [cpu, ...rest]));
}

/** Fewest CPUs of a sequence of which the last is refused; null: there is none. */
function fewestRefused(machine: Machine, cpus: readonly number[]): number | null {
  let fewest: number | null = null;
  for (const order of orders(cpus)) {
    const events = order.map((cpu) => ({ kind: 'offline', cpus: [cpu], path: [] }) as const);
    const { run } = simulate(varied(machine, { events: [...machine.events, ...events] }));
    const happened = run.events.slice(machine.events.length);
    const at = happened.findIndex(({ result }) => result !== 'ok');
    if (at >= 0 && (fewest === null || at + 1 < fewest)) fewest = at + 1;
  }
  return fewest;
}

/** Every interrupt that is not managed finds a place, and none is on two CPUs at once. */
function leavesNoneBehind({ kernel, policy, events }: Machine): boolean {
  const tried = kernel.has('migrate-retries-any-online') && kernel.has('unplug-check-skips-managed');
  return tried && policy !== 'max-affinity' && events.length === 0;
}

test('no fewer CPUs than it says are ever refused, and where none is left behind just so many are', {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(smallMachines(5), async (description) => {
      let machine: Machine;
      try {
        machine = await readText(JSON.stringify(description));
      } catch (error) {
        if (error instanceof InputError) return;
        throw error;
      }
      const facts = simulate(machine);
      const candidates = offlineCandidates(facts).toArray();
      const { accepted, refused } = offlineAtMost(facts);
      const fewest = fewestRefused(machine, candidates);
      if (fewest === null) expect(refused === null || accepted < refused.length).toBe(true);
      else expect(accepted).toBeLessThan(fewest);
      if (leavesNoneBehind(machine)) expect(accepted).toBe(fewest === null ? candidates.length : fewest - 1);
    }),
    { numRuns: runs(40) },
  );
});
