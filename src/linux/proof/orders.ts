/** Properties for every order in which the devices may be probed: each is a machine of its own. */
import { groupBy } from '../../lib/group-by.ts';
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import type { AskedProperty, PropertyName } from '../../machine/property-names.ts';
import { varied } from '../../machine/vary.ts';
import type { Answer, Proving } from './answer.ts';
import { simulationCost } from './cost.ts';
import { countOrders, orders } from './probe-order.ts';
import { fitsInAnyOrder } from './probe-room.ts';
import { isShort, kindOf } from './probe-search.ts';
import { propertyOf } from './properties/index.ts';
import { type ProveOptions, prove } from './prove.ts';
import type { Budget } from './search.ts';
import { type Subject, subjectOf } from './subject.ts';

/** Properties that look at every order themselves, or at none. */
const WITHOUT_ORDERS: readonly PropertyName[] = ['probe-order-free', 'reachable-after-plug'];

/** Proves a property for every order of probing; the first order that breaks it is in the counterexample. */
export function* proveInOrders(
  machine: Machine,
  asked: AskedProperty,
  options: ProveOptions,
  stopped: () => boolean,
): Proving<Answer> {
  const budget: Budget = { left: options.budget };
  const all = countKept(machine.devices);
  let worst: Answer | null = null;
  let sets = 0n;
  let tried = 0;
  for (const order of orders(machine.devices)) {
    if (worst !== null && (budget.left <= 0 || stopped())) return cut(worst, tried, all);
    const subject = subjectOf(varied(machine, { devices: order }));
    budget.left -= simulationCost(subject);
    const proof = yield* prove(subject, asked, options, stopped, budget);
    if (WITHOUT_ORDERS.includes(asked.name)) return proof;
    const answer = withOrder(proof, order);
    if (tried === 0 && isSame(subject, answer)) return inAnyOrder(answer, machine);
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

/** The closed form of one order is that of all. Events name interrupts by numbers, which depend on the order. */
function isSame({ machine, state }: Subject, { asked, answer, method }: Answer): boolean {
  return (
    state !== null &&
    answer === 'holds' &&
    method === 'closed-form' &&
    machine.events.length === 0 &&
    propertyOf(asked.name)?.sameInAnyOrder?.(state) === true &&
    !state.stage.system.devices.some(isShort) &&
    fitsInAnyOrder(state.stage)
  );
}

function inAnyOrder(answer: Answer, { devices }: Machine): Answer {
  const why =
    'whatever the order of probing, each device gets all it asks for, and as much room is left on each CPU';
  return {
    ...answer,
    sets: answer.sets * countOrders(devices.length),
    because: [...answer.because, why],
  };
}

/** Orders of devices of which those that are alike keep theirs. */
function countKept(devices: readonly DeviceSpec[]): bigint {
  let count = countOrders(devices.length);
  for (const alike of groupBy(devices, kindOf).values()) count /= countOrders(alike.length);
  return count;
}

function withOrder(answer: Answer, order: readonly DeviceSpec[]): Answer {
  const { counterexample } = answer;
  const probeOrder = order.map(({ name }) => name);
  return counterexample === null ? answer : { ...answer, counterexample: { ...counterexample, probeOrder } };
}

/** Than one that holds. */
function isWorse({ answer, largest }: Answer, other: Answer): boolean {
  return answer !== 'holds' || (largest ?? 0) < (other.largest ?? 0);
}

function cut(worst: Answer, tried: number, all: bigint): Answer {
  const orders = tried === 1 ? 'order' : 'orders';
  const because = [`only ${tried} ${orders} of probing ${tried === 1 ? 'was' : 'were'} tried, of ${all}`];
  return {
    ...worst,
    answer: 'unknown',
    method: null,
    largest: null,
    sets: 0n,
    counterexample: null,
    because,
  };
}
