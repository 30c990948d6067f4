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
import { strangeMachines } from './strange-machines.ts';

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
    fc.asyncProperty(fc.oneof(smallMachines(4), strangeMachines), async (described) => {
      const machine = await machineOf(described);
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
    fc.asyncProperty(fc.oneof(smallMachines(5), strangeMachines), async (described) => {
      const machine = await machineOf(described);
      if (machine === null) return;
      const subject = subjectOf(machine);
      const answerOf = (text: string) =>
        proved(prove(subject, parseProperty(text) as AskedProperty, OPTIONS)).answer;
      await checkOrders(described);

      const asleep = after(machine, [{ kind: 'suspend', path: [] }]).facts.run.events.at(-2)?.result;
      if (asleep !== 'ok') expect(answerOf('suspend-works')).toBe('fails');

      const { state } = subject;
      if (state === null) return;
      const lost = plugsOf(state.stage).some((plug) => {
        const { facts } = after(machine, plugEvents(state.stage, plug));
        const cpu = facts.enumeration.cpus.findIndex(({ apicId }) => apicId === plug.apicId);
        const used = new Set(facts.run.devices.map(({ domain }) => domain));
        const misses = facts.domains.some(
          ({ name, unreachable }, at) =>
            (at === 0 || [...used].some((one) => one === name)) && unreachable.test(cpu),
        );
        return !facts.run.online.test(cpu) || misses;
      });
      const reachable = answerOf('reachable-after-plug');
      if (reachable !== 'unknown') expect(reachable).toBe(lost ? 'fails' : 'holds');
    }),
    { numRuns: runs(20) },
  );
});

test.each([
  // The second thread of a core, and SMT is off for good.
  [
    'cpus: [{ apicId: 0 }, { apicId: 1, state: absent }]\nsmt: 2\ncmdline: nosmt=force',
    'is the second thread of a core',
  ],
  // The stub's mask for lines was made at boot.
  [
    'kernel: "5.10.100"\nplatform: hyperv\nextDestId: on\ncpus: [{ apicId: 0 }, { apicId: 2 }, { apicId: 1, state: absent }]\ncmdline: pci=nomsi',
    'ioapic cannot address',
  ],
  ['cpus: [{ apicId: 0 }, { apicId: 1, state: absent }]\nevents: [{ suspend: true }]', 'sleeps'],
])('no CPU that may come is said to be reached: %s', async (machine, why) => {
  const text = `${machine}\ndevices: [{ name: disk, driver: nvme, queues: 2 }]\n`;
  const asked = parseProperty('reachable-after-plug') as AskedProperty;
  const { answer, counterexample } = proved(prove(subjectOf(await readText(text)), asked, OPTIONS));
  expect(answer).toBe('fails');
  expect(counterexample?.shows).toContain(why);
});
