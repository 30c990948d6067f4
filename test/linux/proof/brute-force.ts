/** Every proof against every set of CPUs in every order, each simulated whole and judged by what reports show. */
import { expect } from 'vitest';
import { type Answer, proved } from '../../../src/linux/proof/answer.ts';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { candidatesOf, type ProveOptions, prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import { InputError } from '../../../src/machine/locate.ts';
import type { Machine, MachineEvent } from '../../../src/machine/machine.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { varied } from '../../../src/machine/vary.ts';
import { eventAsWritten } from '../../../src/report/wording/event-text.ts';
import { readText } from '../../helpers.ts';
import { breaks, JUDGED, type Seen } from './judged.ts';

const OPTIONS: ProveOptions = { offlineAtMost: null, among: null, keep: null, plug: false, budget: 1e9 };

const ASKED = [...JUDGED, 'every-device-works 2', 'vectors-left 150'].map(
  (text) => parseProperty(text) as AskedProperty,
);

/** All sequences of up to so many of the CPUs. */
function sequences(cpus: readonly number[], most: number): number[][] {
  if (most === 0) return [[]];
  const longer = cpus.flatMap((cpu) =>
    sequences(
      cpus.filter((other) => other !== cpu),
      most - 1,
    ).map((rest) => [cpu, ...rest]),
  );
  return [[], ...longer];
}

/** An event that changes nothing: what hangs is noted only where something happens. */
const NOTHING: MachineEvent = { kind: 'fire', interrupt: { irq: 65_535 }, path: [] };

function after(machine: Machine, cpus: readonly number[]): Seen {
  const gone = cpus.map((cpu) => ({ kind: 'offline', cpus: [cpu], path: [] }) as const);
  const events = [...gone, NOTHING];
  const { facts, stage } = bringToLife(varied(machine, { events: [...machine.events, ...events] }));
  return { facts, nodeOf: stage?.system.nodeOf ?? new Int32Array(), from: machine.events.length };
}

/** The fewest CPUs that break each property; Infinity: none do. */
function fewestOf(machine: Machine, cpus: readonly number[]): number[] {
  const fewest = ASKED.map(() => Number.POSITIVE_INFINITY);
  const before = after(machine, []);
  for (const sequence of sequences(cpus, cpus.length)) {
    const seen = sequence.length === 0 ? before : after(machine, sequence);
    for (const [index, asked] of ASKED.entries()) {
      if (sequence.length < fewest[index] && breaks(asked, before, seen)) fewest[index] = sequence.length;
    }
  }
  return fewest;
}

/** The counterexample, written into the description, shows what it says. */
async function replays(
  description: object,
  machine: Machine,
  { asked, counterexample }: Answer,
): Promise<void> {
  if (!counterexample) return;
  const events = [
    ...((description as { events?: object[] }).events ?? []),
    ...counterexample.events.map((event) => eventAsWritten(event)),
    { fire: { irq: 65_535 } },
  ];
  const played = await readText(JSON.stringify({ ...description, events }));
  const { facts, stage } = bringToLife(played);
  const seen = { facts, nodeOf: stage?.system.nodeOf ?? new Int32Array(), from: machine.events.length };
  expect(breaks(asked, after(machine, []), seen), `${asked.text}: ${JSON.stringify(events)}`).toBe(true);
}

/** Proofs of each property against every set in every order; false: the description is none. */
export async function checkProofs(description: object): Promise<boolean> {
  let machine: Machine;
  try {
    machine = await readText(JSON.stringify(description));
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
  const subject = subjectOf(machine);
  const cpus = candidatesOf(subject, OPTIONS).toArray();
  const fewest = fewestOf(machine, cpus);
  for (const [index, asked] of ASKED.entries()) {
    const smallest = fewest[index];
    for (const without of [[], ['closed-form'], ['closed-form', 'symmetry']] as const) {
      const largest = proved(prove(subject, asked, { ...OPTIONS, without }));
      const said = `${asked.text} ${without.join()}: ${JSON.stringify(largest, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`;
      expect(largest.answer, said).toBe(smallest <= 1 ? 'fails' : 'holds');
      const size = largest.counterexample?.events.flatMap((e) => ('cpus' in e ? e.cpus : [])).length;
      expect(size ?? Number.POSITIVE_INFINITY, said).toBe(smallest);
      if (smallest > 0) expect(largest.largest, said).toBe(Math.min(smallest - 1, cpus.length));
      await replays(description, machine, largest);
    }
    for (const most of [1, 2]) {
      const answer = proved(prove(subject, asked, { ...OPTIONS, offlineAtMost: most }));
      expect(answer.answer, asked.text).toBe(smallest <= most ? 'fails' : 'holds');
    }
  }
  return true;
}
