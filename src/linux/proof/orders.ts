/** Properties for every order in which the devices may be probed: each is a machine of its own. */
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';
import { varied } from '../../machine/vary.ts';
import type { Answer, Proving } from './answer.ts';
import { orders } from './probe-order.ts';
import { type ProveOptions, prove } from './prove.ts';
import { subjectOf } from './subject.ts';

/** Orders that are tried at most: each is a boot, and a proof. */
const MOST_ORDERS = 5040;

/** Proves a property for every order of probing; the first order that breaks it is in the counterexample. */
export function* proveInOrders(
  machine: Machine,
  asked: AskedProperty,
  options: ProveOptions,
  stopped: () => boolean,
): Proving<Answer> {
  let worst: Answer | null = null;
  let sets = 0n;
  let tried = 0;
  for (const order of orders(machine.devices)) {
    if (tried === MOST_ORDERS || (tried > 0 && stopped())) return cut(worst, tried);
    const subject = subjectOf(varied(machine, { devices: order }));
    const answer: Answer = withOrder(yield* prove(subject, asked, options, stopped), order);
    tried++;
    sets += answer.sets;
    if (worst === null || isWorse(answer, worst)) worst = answer;
    if (worst.answer !== 'holds') return { ...worst, sets };
  }
  if (worst === null) throw new RangeError('a machine has one order of its devices at least');
  const because = [
    ...worst.because,
    `this holds for ${tried === 1 ? 'the one order' : `all ${tried} orders`} of probing`,
  ];
  return { ...worst, sets, because };
}

function withOrder(answer: Answer, order: readonly DeviceSpec[]): Answer {
  const { counterexample } = answer;
  const probeOrder = order.map(({ name }) => name);
  return counterexample === null ? answer : { ...answer, counterexample: { ...counterexample, probeOrder } };
}

const RANKS = { holds: 0, unknown: 1, fails: 2 } as const;

function isWorse(one: Answer, other: Answer): boolean {
  const ranks = RANKS[one.answer] - RANKS[other.answer];
  return ranks !== 0 ? ranks > 0 : (one.largest ?? 0) < (other.largest ?? 0);
}

function cut(worst: Answer | null, tried: number): Answer {
  if (worst === null) throw new RangeError('no order was tried');
  const because = [`only ${tried} orders of probing were tried`];
  return { ...worst, answer: 'unknown', method: null, largest: null, counterexample: null, because };
}
