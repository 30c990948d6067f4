/** Proofs with CPUs that may come, and of what is not about CPUs that go, against everything tried one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proved } from '../../../src/linux/proof/answer.ts';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { plugEvents, plugsOf } from '../../../src/linux/proof/plugs.ts';
import { candidatesOf, type ProveOptions, prove } from '../../../src/linux/proof/prove.ts';
import { type Subject, subjectOf } from '../../../src/linux/proof/subject.ts';
import { InputError } from '../../../src/machine/locate.ts';
import type { Machine, MachineEvent } from '../../../src/machine/machine.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { varied } from '../../../src/machine/vary.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { checkOrders } from './every-order.ts';
import { breaks, type Seen } from './judged.ts';
import { smallMachines } from './small-machines.ts';

const OPTIONS: ProveOptions = { offlineAtMost: null, among: null, keep: null, plug: true, budget: 1e9 };

const ASKED = [
  'offline-accepted',
  'no-queue-stops',
  'every-device-works',
  'no-io-hangs',
  'vectors-left 150',
].map((text) => parseProperty(text) as AskedProperty);

async function machineOf(description: object): Promise<Machine | null> {
  try {
    return await readText(JSON.stringify(description));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Something that changes nothing: what hangs is noted only where something happens. */
const NOTHING: MachineEvent = { kind: 'fire', interrupt: { irq: 65_535 }, path: [] };

function after(machine: Machine, events: readonly MachineEvent[]): Seen {
  const { facts, stage } = bringToLife(varied(machine, { events: [...machine.events, ...events, NOTHING] }));
  return { facts, nodeOf: stage?.system.nodeOf ?? new Int32Array(), from: machine.events.length };
}

interface Move {
  readonly goes: number;
  readonly key: string;
  readonly events: (numbered: number) => readonly MachineEvent[];
  readonly numbers: number;
}

function movesOf({ state }: Subject, cpus: readonly number[]): Move[] {
  if (state === null) return [];
  const coming = plugsOf(state.stage).map(
    (plug): Move => ({
      goes: 0,
      key: `slot ${plug.cpu}`,
      numbers: plug.inTurn ? 1 : 0,
      events: (numbered) => plugEvents(state.stage, plug, numbered),
    }),
  );
  const going = cpus.map(
    (cpu): Move => ({
      goes: 1,
      key: `cpu ${cpu}`,
      numbers: 0,
      events: () => [{ kind: 'offline', cpus: [cpu], path: [] }],
    }),
  );
  return [...coming, ...going];
}

/** All orders of all choices of the moves. */
function* orders(moves: readonly Move[]): Generator<readonly Move[]> {
  yield [];
  for (const move of moves) {
    for (const rest of orders(moves.filter(({ key }) => key !== move.key))) yield [move, ...rest];
  }
}

function fewestOf(machine: Machine, moves: readonly Move[]): number[] {
  const fewest = ASKED.map(() => Number.POSITIVE_INFINITY);
  const before = after(machine, []);
  for (const order of orders(moves)) {
    const goes = order.reduce((sum, move) => sum + move.goes, 0);
    if (fewest.every((size) => size <= goes)) continue;
    let numbered = 0;
    const events = order.flatMap(({ events: made, numbers }) => {
      const list = made(numbered);
      numbered += numbers;
      return list;
    });
    const seen = after(machine, events);
    for (const [index, asked] of ASKED.entries()) {
      if (goes < fewest[index] && breaks(asked, before, seen)) fewest[index] = goes;
    }
  }
  return fewest;
}

test('with CPUs that come, proofs say what all orders say', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallMachines(4), async (described) => {
      const machine = await machineOf({ ...described, events: [] });
      if (machine === null) return;
      const subject = subjectOf(machine);
      const cpus = candidatesOf(subject, OPTIONS).toArray();
      const moves = movesOf(subject, cpus);
      if (moves.length > 5) return;
      const fewest = fewestOf(machine, moves);
      for (const [index, asked] of ASKED.entries()) {
        const { answer, counterexample } = proved(prove(subject, asked, OPTIONS));
        const said = `${asked.text}: ${JSON.stringify(counterexample)}`;
        const size = counterexample?.events.flatMap((e) => (e.kind === 'offline' ? e.cpus : [])).length;
        expect(size ?? Number.POSITIVE_INFINITY, said).toBe(fewest[index]);
        expect(answer, said).toBe(fewest[index] <= 1 ? 'fails' : 'holds');
      }
    }),
    { numRuns: runs(12) },
  );
});

test('suspend, orders of probing and single CPUs that come', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallMachines(5), async (described) => {
      const machine = await machineOf({ ...described, events: [] });
      if (machine === null) return;
      const subject = subjectOf(machine);
      const answerOf = (text: string) =>
        proved(prove(subject, parseProperty(text) as AskedProperty, OPTIONS)).answer;
      await checkOrders({ ...described, events: [] });

      const asleep = after(machine, [{ kind: 'suspend', path: [] }]).facts.run.events[0].result;
      if (asleep !== 'ok') expect(answerOf('suspend-works')).toBe('fails');

      const { state } = subject;
      if (state === null) return;
      const lost = plugsOf(state.stage).some((plug) => {
        const { facts } = after(machine, plugEvents(state.stage, plug));
        const cpu = facts.enumeration.cpus.findIndex(({ apicId }) => apicId === plug.apicId);
        return !facts.run.online.test(cpu) || facts.domains[0].unreachable.test(cpu);
      });
      expect(answerOf('reachable-after-plug')).toBe(lost ? 'fails' : 'holds');
    }),
    { numRuns: runs(20) },
  );
});
