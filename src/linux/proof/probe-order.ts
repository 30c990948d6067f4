/**
 * Whether every order of probing gives every device what it asks for (docs/model/proofs.md#orders-of-probing): for all
 * orders at once where vectors are left in any case, else orders are tried, of those that are alike one.
 */
import { groupBy } from '../../lib/group-by.ts';
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';
import { varied } from '../../machine/vary.ts';
import { simulate } from '../sim/simulate.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Answer, Method, Proving } from './answer.ts';
import { bringToLife } from './live.ts';
import { fitsInAnyOrder } from './probe-room.ts';
import { kindOf, searchOrders } from './probe-search.ts';
import { type Budget, whyCut } from './search.ts';
import { isGone, type Subject } from './subject.ts';

/** The first device that gets less than it asks for, as a sentence; null: none. */
function shortOf({ run }: Simulation): string | null {
  const short = run.devices.find(
    ({ fallback, errno, vectorsGranted, behind }) =>
      behind === undefined && (fallback !== null || errno !== 0 || vectorsGranted === 0),
  );
  if (short === undefined) return null;
  const { name, fallback, vectorsGranted, vectorsAsked } = short;
  const had = vectorsGranted === 0 ? 'no interrupt' : `${vectorsGranted} of ${vectorsAsked} vectors`;
  return `${name} gets less than it asks for: ${fallback ?? had}`;
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

/** How many orders of `n` devices there are. */
export function countOrders(n: number): bigint {
  let product = 1n;
  for (let k = 2; k <= n; k++) product *= BigInt(k);
  return product;
}

/** The machine with its devices probed in another order, before anything happens. */
const inOrder = (machine: Machine, devices: readonly DeviceSpec[]): Machine =>
  varied(machine, { devices, events: [] });

/** Kinds of devices of which each is tried as the first. */
const FIRSTS = 24;

/** Orders that are likely to leave a device short: one kind first, what takes room wherever it is first, or last. */
function likelyOrders(devices: readonly DeviceSpec[], { run }: Simulation): (readonly DeviceSpec[])[] {
  const vectors = new Map(run.devices.map(({ name, vectorsGranted }) => [name, vectorsGranted]));
  const own = ({ name }: DeviceSpec): number => vectors.get(name) ?? 0;
  const managed = ({ name }: DeviceSpec): number =>
    run.devices.find((device) => device.name === name)?.queues.some((queue) => queue.managed) ? 1 : 0;
  const bySize = devices.toSorted((a, b) => own(b) - own(a));
  const byKind = bySize.toSorted((a, b) => managed(a) - managed(b));
  const firsts = [...groupBy(devices, kindOf).values()].slice(0, FIRSTS);
  return [
    ...firsts.map((first) => [...first, ...devices.filter((device) => !first.includes(device))]),
    bySize,
    bySize.toReversed(),
    byKind,
    byKind.toReversed(),
    devices.toReversed(),
  ];
}

/** The devices are probed anew in each order; events of the description do not happen. */
export function* proveProbeOrder(
  { machine }: Subject,
  asked: AskedProperty,
  budget: Budget,
): Proving<Answer> {
  const { devices } = machine;
  const { facts, stage } = bringToLife(inOrder(machine, devices));
  const gone = isGone(stage);
  if (stage === null || gone !== null) return fails(asked, devices, gone ?? '', 1);
  const atOnce = shortOf(facts);
  if (atOnce !== null) return fails(asked, devices, atOnce, 1);
  if (fitsInAnyOrder(stage))
    return holds(
      asked,
      devices,
      'closed-form',
      'whatever ordinary interrupts take where they may go, each CPU has room for what is reserved on it',
    );
  for (const order of likelyOrders(devices, facts)) {
    const shows = shortOf(simulate(inOrder(machine, order)));
    if (shows !== null) return fails(asked, order, shows, 1);
  }
  const { order, complete, tried, merged } = yield* searchOrders(facts, budget);
  if (order !== null) {
    const whole = [...order, ...devices.filter((device) => !order.includes(device))];
    const shows = shortOf(simulate(inOrder(machine, whole)));
    return shows === null
      ? unknown(asked, 'a counterexample was not confirmed')
      : fails(asked, whole, shows, tried);
  }
  if (!complete)
    return unknown(
      asked,
      `${whyCut(budget)} after ${tried} ${tried === 1 ? 'beginning' : 'beginnings'} of orders`,
    );
  const why = merged
    ? 'every order was tried; those that leave as many vectors on each CPU were continued once'
    : 'every order was tried';
  return holds(asked, devices, merged ? 'symmetry' : 'exhaustive', why);
}

const COMMON = { offlineAtMost: null, largest: null } as const;

function holds(asked: AskedProperty, { length }: readonly DeviceSpec[], method: Method, why: string): Answer {
  const sets = countOrders(length);
  return { ...COMMON, asked, answer: 'holds', method, sets, counterexample: null, because: [why] };
}

/** `order` of the devices breaks it. */
function fails(asked: AskedProperty, order: readonly DeviceSpec[], shows: string, tried: number): Answer {
  const probeOrder = order.map(({ name }) => name);
  return {
    ...COMMON,
    asked,
    answer: 'fails',
    method: 'exhaustive',
    sets: BigInt(tried),
    counterexample: { events: [], probeOrder, shows, smallest: true },
    because: ['orders were tried until one failed'],
  };
}

function unknown(asked: AskedProperty, why: string): Answer {
  return {
    ...COMMON,
    asked,
    answer: 'unknown',
    method: null,
    sets: 0n,
    counterexample: null,
    because: [why],
  };
}
