/**
 * Whether every order of probing gives every device what it asks for (docs/model/proofs.md#orders-of-probing): for all
 * orders at once where vectors abound, else each order is simulated, devices that are alike standing for each other.
 */
import type { DeviceSpec } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';
import { varied } from '../../machine/vary.ts';
import { simulate } from '../sim/simulate.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Answer, Proving } from './answer.ts';
import type { Budget } from './search.ts';
import type { Subject } from './subject.ts';

/** What a simulation takes from the budget, in offlines. */
const SIMULATION = 20;

/** The first device that gets less than it asks for, as a sentence; null: none. */
function shortOf({ run }: Simulation): string | null {
  const short = run.devices.find(
    ({ fallback, vectorsGranted, behind }) =>
      behind === undefined && (fallback !== null || vectorsGranted === 0),
  );
  return short ? `${short.name} gets less than it asks for: ${short.fallback ?? 'no interrupt'}` : null;
}

/** All that decides what a device gets, but for its name. */
function kindOf({ name: _name, path: _path, ...rest }: DeviceSpec): string {
  return JSON.stringify(rest);
}

/** The orders in which devices that are alike keep theirs. */
export function* orders(devices: readonly DeviceSpec[]): Generator<readonly DeviceSpec[], void, void> {
  if (devices.length === 0) {
    yield [];
    return;
  }
  const firsts = new Map<string, DeviceSpec>();
  for (const device of devices) {
    const kind = kindOf(device);
    if (!firsts.has(kind)) firsts.set(kind, device);
  }
  for (const first of firsts.values()) {
    for (const rest of orders(devices.filter((device) => device !== first))) yield [first, ...rest];
  }
}

function factorial(n: number): bigint {
  let product = 1n;
  for (let k = 2; k <= n; k++) product *= BigInt(k);
  return product;
}

/** Every CPU has room for all vectors of all devices at once, beside what is on it already. */
function abounds({ run, enumeration }: Simulation): boolean {
  const asked = run.devices.reduce((sum, { vectorsGranted }) => sum + vectorsGranted, 0);
  const { perCpu, perCpuCapacity } = run.vectors;
  return enumeration.possible
    .toArray()
    .every((cpu) => perCpuCapacity - perCpu[cpu].allocated - perCpu[cpu].managed >= asked);
}

/** The devices are probed anew in each order; events of the description do not happen. */
export function* proveProbeOrder(
  { machine, state }: Subject,
  asked: AskedProperty,
  budget: Budget,
): Proving<Answer> {
  const common = { asked, offlineAtMost: null, largest: null } as const;
  const all = factorial(machine.devices.length);
  let tried = 0n;
  let merged = false;
  for (const order of orders(machine.devices)) {
    if (budget.left < SIMULATION) {
      const why = `the budget is used up after ${tried} orders of ${all}`;
      return {
        ...common,
        answer: 'unknown',
        method: null,
        sets: tried,
        counterexample: null,
        because: [why],
      };
    }
    budget.left -= SIMULATION;
    const facts = simulate(varied(machine, { devices: order, events: [] }));
    tried++;
    const shows = state === null ? 'the kernel panics at boot' : shortOf(facts);
    if (shows !== null) {
      const probeOrder = order.map(({ name }) => name);
      const counterexample = { events: [], probeOrder, shows, smallest: true };
      return {
        ...common,
        answer: 'fails',
        method: 'exhaustive',
        sets: tried,
        counterexample,
        because: ['orders were tried until one failed'],
      };
    }
    if (tried === 1n && abounds(facts)) {
      const because = ['every CPU has room for the vectors of all devices at once'];
      return { ...common, answer: 'holds', method: 'closed-form', sets: all, counterexample: null, because };
    }
    yield { property: asked.name, size: machine.devices.length, done: Number(tried), of: Number(all) };
  }
  merged = tried < all;
  const because = [merged ? 'every order was tried, of devices that are alike one' : 'every order was tried'];
  return {
    ...common,
    answer: 'holds',
    method: merged ? 'symmetry' : 'exhaustive',
    sets: all,
    counterexample: null,
    because,
  };
}
