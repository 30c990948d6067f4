/**
 * Proves a property of all states that offlines lead to: by its closed form where the preconditions hold, else by
 * trying every sequence (docs/model/proofs.md). What is not covered is unknown.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import type { MachineEvent } from '../../machine/machine.ts';
import { type Answer, type Counterexample, countSets, type Method, type Proving } from './answer.ts';
import { searchWithPlugs } from './plug-search.ts';
import type { Bound, State, Threat } from './property.ts';
import type { OfflineQuestion } from './question.ts';
import { searchSize, whyCut } from './search.ts';
import { faultAfter, isGone, type Subject } from './subject.ts';
import { offlines } from './usable-cpus.ts';

/** An answer under way: what is proved so far. */
interface Ground {
  readonly subject: Subject;
  readonly question: OfflineQuestion;
  readonly state: State;
  /** Sets of fewer CPUs do not break it. */
  readonly fewest: number;
  readonly method: Method;
  readonly because: readonly string[];
}

/** The state of the subject is as it was, after. */
export function* proveOfflines(subject: Subject, question: OfflineQuestion): Proving<Answer> {
  const { property, threat, asked } = question;
  const { state } = subject;
  const gone = isGone(state?.stage ?? null);
  if (state === null || gone !== null) return failsAtOnce(question, gone ?? '');
  const fault = property.fault(state, asked.amount);
  if (fault !== null) return failsAtOnce(question, fault);
  const closed = question.without?.includes('closed-form')
    ? null
    : property.bound?.(state, threat, asked.amount);
  const bound = withCrash(state, threat, closed ?? null);
  const most = mostOf(question);
  const because = bound?.because ?? ['no closed form applies here'];
  const ground: Ground = {
    subject,
    question,
    state,
    fewest: bound?.fewest ?? (threat.plugs.length > 0 ? 0 : 1),
    method: 'closed-form',
    because,
  };
  if (bound && bound.fewest > most) return holds({ ...ground, fewest: most + 1 });
  // A larger try leaves sets between the bound and itself open: they are searched first.
  const [least, larger] = bound ? bySize(bound) : [[], []];
  const broken = bound && confirmed(ground, least, true);
  if (broken) return fails({ ...ground, fewest: bound.fewest }, broken, bound.fewest);
  const answer = threat.plugs.length > 0 ? yield* withPlugs(ground, most) : yield* searched(ground, most);
  if (answer.answer !== 'unknown' || question.most === null) return answer;
  const within = larger.filter((events) => sizeOf(events) <= most);
  const example = confirmed(ground, within, false);
  return example === null ? answer : fails(ground, example, sizeOf(example.events));
}

const sizeOf = (events: readonly MachineEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === 'offline' ? event.cpus.length : 0), 0);

/** The tries that are as small as the bound, and those that are larger. */
function bySize({ fewest, tries }: Bound): readonly [Bound['tries'], Bound['tries']] {
  return [
    tries.filter((events) => sizeOf(events) <= fewest),
    tries.filter((events) => sizeOf(events) > fewest),
  ];
}

const mostOf = ({ most, threat }: OfflineQuestion): number => {
  const all = threat.candidates.weight();
  return most === null ? all : Math.min(most, all);
};

/** The kernel may crash as the last CPU goes that `isolcpus=` leaves to the scheduler. */
function withCrash({ stage }: State, { candidates }: Threat, bound: Bound | null): Bound | null {
  const { machine, housekeeping, online } = stage.system;
  if (bound === null || !housekeeping.domain || machine.kernel.has('last-housekeeping-cpu-stays'))
    return bound;
  const kept = CpuMask.and(housekeeping.domain, online);
  const size = kept.weight();
  if (size === 0 || !kept.isSubsetOf(candidates) || size > bound.fewest) return bound;
  const others = size === bound.fewest ? bound.tries : [];
  return { ...bound, fewest: size, tries: [offlines(kept.toArray()), ...others] };
}

function* searched(ground: Ground, most: number): Proving<Answer> {
  const { subject, question, state } = ground;
  const { property, asked, threat, budget } = question;
  let merged = false;
  for (let size = ground.fewest; size <= most; size++) {
    const symmetric = question.without?.includes('symmetry') !== true;
    const wanted = { property, amount: asked.amount, candidates: threat.candidates, budget, symmetric };
    const found = yield* searchSize(state, wanted, size);
    merged ||= found.merged;
    const method: Method = merged ? 'symmetry' : 'exhaustive';
    const covered: Ground = { ...ground, fewest: size, method, because: [whatWasTried(merged)] };
    if (found.sequence !== null) {
      const example = exampleOf(subject, question, offlines(found.sequence), true);
      return example === null
        ? unknown(covered, 'a counterexample was not confirmed')
        : fails(covered, example, size);
    }
    // Of the first size nothing is known from trying: smaller sets are what the closed form spoke of.
    if (!found.complete) return unknown(size === ground.fewest ? ground : covered, whyCut(question.budget));
  }
  return holds({
    ...ground,
    fewest: most + 1,
    method: merged ? 'symmetry' : 'exhaustive',
    because: [whatWasTried(merged)],
  });
}

function* withPlugs(ground: Ground, most: number): Proving<Answer> {
  const { subject, question, state } = ground;
  const { events, complete } = yield* searchWithPlugs(subject, state, question, ground.fewest, most);
  const covered: Ground = {
    ...ground,
    method: 'exhaustive',
    because: ['every order of plugs and offlines was tried'],
  };
  if (events !== null) {
    const example = exampleOf(subject, question, events, true);
    const size = events.filter(({ kind }) => kind === 'offline').length;
    return example === null
      ? unknown(ground, 'a counterexample was not confirmed')
      : fails({ ...covered, fewest: size }, example, size);
  }
  if (!complete) return unknown(ground, whyCut(question.budget));
  return holds({ ...covered, fewest: most + 1 });
}

const whatWasTried = (merged: boolean): string =>
  merged ? 'every order was tried, of CPUs that are alike one' : 'every set was tried in every order';

/** The first of the tries that breaks the property. */
function confirmed(
  { subject, question }: Ground,
  tries: Bound['tries'],
  smallest: boolean,
): Counterexample | null {
  for (const events of tries) {
    const example = exampleOf(subject, question, events, smallest);
    if (example !== null) return example;
  }
  return null;
}

/** The events as few as they can be written; null: they break nothing. */
function exampleOf(
  subject: Subject,
  { property, asked }: OfflineQuestion,
  events: readonly MachineEvent[],
  smallest: boolean,
): Counterexample | null {
  for (const written of new Set([joined(ascending(events)), joined(events), events])) {
    const shows = faultAfter(subject, property, asked.amount, written);
    if (shows !== null) return { events: written, probeOrder: null, shows, smallest };
  }
  return null;
}

/** The same offlines in ascending order, where there is nothing else. */
function ascending(events: readonly MachineEvent[]): readonly MachineEvent[] {
  const cpus = events.flatMap((event) => (event.kind === 'offline' ? event.cpus : []));
  return cpus.length === events.length ? offlines(cpus.sort((a, b) => a - b)) : events;
}

/** Offlines that follow each other in ascending order are one event. */
function joined(events: readonly MachineEvent[]): readonly MachineEvent[] {
  const cpus = events.flatMap((event) => (event.kind === 'offline' ? event.cpus : []));
  const before = events.filter(({ kind }) => kind !== 'offline');
  const rising = cpus.every((cpu, at) => at === 0 || cpus[at - 1] < cpu);
  const last = events.slice(before.length).every(({ kind }) => kind === 'offline');
  return cpus.length > 1 && rising && last ? [...before, { kind: 'offline', cpus, path: [] }] : events;
}

function failsAtOnce({ asked, most, threat }: OfflineQuestion, shows: string): Answer {
  return {
    asked,
    answer: 'fails',
    method: 'exhaustive',
    offlineAtMost: most ?? threat.candidates.weight(),
    largest: null,
    sets: 1n,
    counterexample: { events: [], probeOrder: null, shows, smallest: true },
    because: ['it does not hold before anything happens'],
  };
}

function holds({ question, fewest, method, because }: Ground): Answer {
  const { asked, most, threat } = question;
  const n = threat.candidates.weight();
  return {
    asked,
    answer: 'holds',
    method,
    offlineAtMost: most ?? fewest - 1,
    largest: most === null ? fewest - 1 : null,
    sets: countSets(n, 1, fewest - 1),
    counterexample: null,
    because,
  };
}

/** With the largest number asked for it holds as far as it goes; the counterexample says why it goes no further. */
function fails({ question, method, because, fewest }: Ground, example: Counterexample, size: number): Answer {
  const { asked, most, threat } = question;
  const n = threat.candidates.weight();
  const proved = fewest - 1;
  return {
    asked,
    answer: most === null && size > 1 ? 'holds' : 'fails',
    method,
    offlineAtMost: most ?? Math.max(0, proved),
    largest: most === null && proved >= 0 ? proved : null,
    sets: countSets(n, 1, proved) + (most === null && size > 1 ? 0n : 1n),
    counterexample: example,
    because,
  };
}

function unknown({ question, fewest, method, because }: Ground, why: string): Answer {
  const { asked, most, threat } = question;
  const n = threat.candidates.weight();
  const todo = `sets of ${fewest} CPU${fewest === 1 ? '' : 's'} and more are not covered: ${why}`;
  return {
    asked,
    answer: 'unknown',
    method: fewest > 1 ? method : null,
    offlineAtMost: most ?? Math.max(0, fewest - 1),
    largest: null,
    sets: countSets(n, 1, fewest - 1),
    counterexample: null,
    because: [...(fewest > 1 ? because : []), todo],
  };
}
