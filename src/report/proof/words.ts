/** What proofs say in words. */

import { shellWord } from '../../lib/shell-word.ts';
import type { Answer, Counterexample, Method } from '../../linux/proof/answer.ts';
import { eventText } from '../../machine/event-text.ts';
import { grouped } from '../../machine/limits.ts';
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import { eventOption } from './events.ts';

const METHODS: Readonly<Record<Method, string>> = {
  'closed-form': 'closed form',
  symmetry: 'symmetry',
  exhaustive: 'exhaustive',
};

/** Events that are told one by one, and what a command to paste may be long; JSON has all of them. */
const EVENTS_SHOWN = 6;
const NAMES_SHOWN = 6;
const COMMAND_MAX = 1000;

/** Above this many digits a number is told by its size. */
const DIGITS = 15;

/** "130,816", "about 10^1232". */
export function countText(count: bigint): string {
  const digits = String(count);
  return digits.length <= DIGITS ? grouped(Number(count)) : `about 10^${digits.length - 1}`;
}

const cpusText = (n: number): string => `${grouped(n)} CPU${n === 1 ? '' : 's'}`;

/** What an answer is about: "any 2 of 511 CPUs", "1 CPU is enough". */
export function scopeText(
  { answer, offlineAtMost, counterexample, asked }: Answer,
  candidates: number,
): string {
  if (offlineAtMost === null) return SCOPES[asked.name] ?? '';
  if (answer === 'fails' && counterexample !== null) {
    const gone = counterexample.events.flatMap((event) =>
      event.kind === 'offline' ? event.cpus : [],
    ).length;
    if (counterexample.events.length === 0) return 'as it is';
    return gone === 0 ? 'no CPU has to go' : `${cpusText(gone)} ${gone === 1 ? 'is' : 'are'} enough`;
  }
  if (candidates === 0) return 'no CPU can go';
  if (answer === 'holds' && offlineAtMost >= candidates) return `any of ${cpusText(candidates)}`;
  return `any ${grouped(offlineAtMost)} of ${cpusText(candidates)}`;
}

/** Of properties that are not about CPUs that go. */
const SCOPES: Partial<Readonly<Record<Answer['asked']['name'], string>>> = {
  'suspend-works': 'suspend and resume',
  'reachable-after-plug': 'each CPU that may come',
  'probe-order-free': 'every order',
};

/** "closed form: 130,816 sets". */
export function methodText({ method, sets, asked }: Answer): string {
  if (method === null) return '-';
  const noun =
    asked.name === 'probe-order-free' ? 'order' : asked.name === 'reachable-after-plug' ? 'CPU' : 'set';
  return `${METHODS[method]}: ${countText(sets)} ${noun}${sets === 1n ? '' : 's'}`;
}

/** The devices to name so that all are probed in this order: those behind them are, as they are listed. */
function namedFirst(order: readonly string[], devices: readonly DeviceSpec[]): readonly string[] {
  const listed = new Map(devices.map(({ name }, place) => [name, place]));
  let behind = order.length;
  const place = (at: number): number => listed.get(order[at]) ?? -1;
  while (behind > 0 && (behind === order.length || place(behind - 1) < place(behind))) behind--;
  return order.slice(0, behind);
}

function orderText(order: readonly string[], devices: readonly DeviceSpec[]): string {
  const first = namedFirst(order, devices);
  if (first.length === 0) return 'probed as listed';
  const names =
    first.length > NAMES_SHOWN ? `${first.slice(0, NAMES_SHOWN).join(', ')} ...` : first.join(', ');
  return `probed first ${names}`;
}

/** "offline CPUs 3,7: nvme queue 2 stops: no CPU of 3,7 is online". `devices`: of the machine. */
export function exampleText(
  { events, probeOrder, shows, smallest }: Counterexample,
  devices: readonly DeviceSpec[],
): string {
  const before = [
    ...(probeOrder === null ? [] : [orderText(probeOrder, devices)]),
    ...events.slice(0, EVENTS_SHOWN).map(eventText),
    ...(events.length > EVENTS_SHOWN ? [`${events.length - EVENTS_SHOWN} more events`] : []),
    ...(smallest ? [] : ['not known to be the smallest']),
  ];
  return before.length === 0 ? shows : `${before.join(', ')}: ${shows}`;
}

/** The command that plays a counterexample; null: there is nothing to play. */
export function replayCommand(
  { events, probeOrder }: Counterexample,
  { source, devices }: Pick<Machine, 'source' | 'devices'>,
  policy: string | null,
): string | null {
  if (events.length === 0 && probeOrder === null) return null;
  const first = probeOrder === null ? [] : namedFirst(probeOrder, devices);
  const words = [
    ...(first.length === 0 ? [] : [`--set ${shellWord(`probeOrder=${JSON.stringify(first)}`)}`]),
    ...events.map((event) => `--event ${eventOption(event)}`),
  ];
  const under = policy === null ? [] : [`--policy ${policy}`];
  const command = ['irqsim replay', ...under, ...words, shellWord(source)].join(' ');
  return command.length > COMMAND_MAX ? null : command;
}
