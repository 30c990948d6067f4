/** What a proof says, in a few lines of text. */
import { type Answer, proved } from '../../../src/linux/proof/answer.ts';
import { proveInOrders } from '../../../src/linux/proof/orders.ts';
import { type ProveOptions, prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import type { Machine, MachineEvent } from '../../../src/machine/machine.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';

export type Options = Partial<ProveOptions>;

const ALL: ProveOptions = { offlineAtMost: null, among: null, keep: null, plug: true, budget: 2000 };

function eventText(event: MachineEvent): string {
  if (event.kind === 'offline' || event.kind === 'online') return `${event.kind} ${event.cpus.join()}`;
  return event.kind === 'plug' ? `plug ${event.apicId}` : event.kind;
}

/** "holds by closed-form, 1 of 1 CPUs, 3" and the counterexample: "offline 2,3: what is wrong". */
export function textOf({ answer, method, offlineAtMost, largest, sets, counterexample }: Answer): string[] {
  const covers = offlineAtMost === null ? '' : `, ${offlineAtMost} of ${largest} CPUs`;
  const text = `${answer} by ${method}${covers}, ${sets}`;
  if (counterexample === null) return [text];
  const { events, shows, smallest, probeOrder } = counterexample;
  const order = probeOrder === null ? '' : `${probeOrder.join()}; `;
  return [
    text,
    `${order}${events.map(eventText).join(', ')}: ${shows}${smallest ? '' : ' (perhaps not the smallest)'}`,
  ];
}

export function ask(machine: Machine, property: string, options: Options = {}): string[] {
  const asked = parseProperty(property) as AskedProperty;
  return textOf(proved(prove(subjectOf(machine), asked, { ...ALL, ...options })));
}

/** The same with what it is because of. */
export function askWhy(machine: Machine, property: string, options: Options = {}): string[] {
  const asked = parseProperty(property) as AskedProperty;
  const answer = proved(prove(subjectOf(machine), asked, { ...ALL, ...options }));
  return [...textOf(answer), ...answer.because];
}

export function askInOrders(
  machine: Machine,
  property: string,
  options: Options = {},
  stopped: () => boolean = () => false,
): string[] {
  const asked = parseProperty(property) as AskedProperty;
  const answer = proved(proveInOrders(machine, asked, { ...ALL, ...options }, stopped));
  return [...textOf(answer), ...answer.because];
}
