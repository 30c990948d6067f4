/** The largest machine that is still whole, or the smallest: what-ifs along one path, or two. */
import type { Analysis } from '../../findings/analyze.ts';
import { judge } from '../../findings/triage/judge.ts';
import { proved } from '../../linux/proof/answer.ts';
import { prove } from '../../linux/proof/prove.ts';
import { subjectOf } from '../../linux/proof/subject.ts';
import { EVENT_PREFIX, InputError } from '../../machine/locate.ts';
import { varied } from '../../machine/vary.ts';
import { type MachineSource, originOf } from '../source.ts';
import { createSharing } from '../whatif/shared/parts.ts';
import { createSharedSteps } from '../whatif/shared/steps.ts';
import { type Demand, firstStop, neverMended, type Stop } from './demand.ts';
import { type Found, search, TRIED_AT_MOST, TRIED_UNASKED, type Trial } from './search.ts';
import { isMonotone, OFFLINE, type Target, type Want } from './target.ts';

/** What is to be solved. */
export interface SolveRequest {
  readonly source: MachineSource;
  /** Changes that count throughout, as of `whatif`. */
  readonly changes: readonly string[];
  readonly demands: readonly Demand[];
  /** Properties are demanded of sets of so many CPUs that go offline. */
  readonly offlineAtMost: number;
  /** Events happen: they name interrupts by number, and these shift as devices are added. */
  readonly eventful: boolean;
  /** Called before each trial. */
  readonly trying?: () => void;
}

/** One target, and what was found. */
export interface Solution extends Found {
  readonly target: Target;
}

/** Two targets: for each number of the first the best of the second. */
export interface Frontier {
  readonly targets: readonly [Target, Target];
  readonly points: readonly { readonly value: number; readonly solution: Solution }[];
}

const PARTS_KEPT = 16;
/** Where nobody names an end, numbers double until none is whole; past the last that is, this often. */
const FURTHER_DOUBLINGS = 2;
const LAST_NUMBER = 65_536;
/** Where no number is whole yet: something may be demanded of which small ones have too little. */
const NONE_YET_NUMBER = 256;

type Attempt = (assignments: readonly string[]) => { analysis: Analysis } | { invalid: InputError };

/** Analyses variants of the source; what they have in common is worked out once. */
function attempts({ source, changes }: SolveRequest): Attempt {
  const isEvent = (change: string): boolean => change.startsWith(EVENT_PREFIX);
  const origin = originOf(
    source,
    changes.filter((change) => !isEvent(change)),
  );
  const events = changes.filter(isEvent);
  const share = createSharing(PARTS_KEPT);
  const steps = createSharedSteps();
  return (assignments) => {
    try {
      return { analysis: judge(varied(origin, [...assignments, ...events], share), undefined, steps) };
    } catch (error) {
      if (error instanceof InputError) return { invalid: error };
      throw error;
    }
  };
}

const INVALID = 'no valid machine: ';

const invalidStop = ({ problems }: InputError): Stop => ({
  rule: 'invalid',
  message: `${INVALID}${problems[0]?.message ?? 'the description cannot be read'}`,
});

/** Why no number that was tried makes a machine: the path leads nowhere, or to no number; null: some make one. */
export function nowhere({ trials }: Solution): string | null {
  if (trials.some(({ stop }) => stop?.rule !== 'invalid')) return null;
  return `with ${trials[0]?.value}: ${trials[0]?.stop?.message.slice(INVALID.length)}`;
}

function trialOf(
  attempt: Attempt,
  assignments: readonly string[],
  value: number,
  request: SolveRequest,
): Trial {
  request.trying?.();
  const tried = attempt(assignments);
  if ('invalid' in tried) return { value, verdict: null, stop: invalidStop(tried.invalid) };
  const { analysis } = tried;
  const stop = firstStop(request.demands, analysis, request.offlineAtMost);
  return { value, verdict: analysis.summary.verdict, stop };
}

/**
 * Numbers from 1 on: twice as far as what is no longer whole, for what is larger may be whole again; and where small
 * ones are not whole, some way on, for larger ones may have what is demanded. Of the least none beyond counts.
 */
function numbersUpTo(want: Want, attempt: (value: number) => Trial): number[] {
  let end = 1;
  let works = false;
  let valid = false;
  for (let further = FURTHER_DOUBLINGS; further > 0 && end < LAST_NUMBER; end *= 2) {
    const { stop } = attempt(end);
    const invalid = stop?.rule === 'invalid';
    // What is too large for the description is all the more so twice as large.
    if (invalid && valid) break;
    valid ||= !invalid;
    works ||= stop === null;
    if (works && want === 'least') break;
    if (stop === null) further = FURTHER_DOUBLINGS;
    else if (works) further--;
    if (!works && end >= NONE_YET_NUMBER) break;
  }
  return Array.from({ length: end }, (_, n) => n + 1);
}

/** A path of the description, all else being as `fixed` has it. */
function solvePath(
  target: Target,
  attempt: Attempt,
  fixed: readonly string[],
  request: SolveRequest,
): Solution {
  const trials = new Map<number, Trial>();
  const whole = (value: number): Trial => {
    const known =
      trials.get(value) ?? trialOf(attempt, [...fixed, `${target.path}=${value}`], value, request);
    trials.set(value, known);
    return known;
  };
  const numbers = target.numbers ?? numbersUpTo(target.want, whole);
  const monotone = isMonotone(target.path) && !request.eventful && request.demands.every(neverMended);
  const atMost = target.numbers ? TRIED_AT_MOST : TRIED_UNASKED;
  return { target, ...search(numbers, target.want, monotone, whole, atMost) };
}

/** How many CPUs may go, whichever they are: each property says its largest number, the least counts. */
function solveOffline(
  target: Target,
  attempt: Attempt,
  fixed: readonly string[],
  request: SolveRequest,
): Solution {
  const tried = attempt(fixed);
  if ('invalid' in tried) throw tried.invalid;
  const subject = subjectOf(tried.analysis.machine);
  const options = { offlineAtMost: null, among: null, keep: null, plug: false, budget: 400_000 };
  let best: { largest: number; stop: Stop | null } | null = null;
  for (const demand of request.demands) {
    if (demand.kind !== 'property') throw new RangeError(`${demand.text} is not about CPUs that go`);
    const { asked } = demand;
    const { largest, counterexample, because, answer, offlineAtMost, method } = proved(
      prove(subject, asked, options),
    );
    // What is proved of an answer that is not known.
    const sofar = answer === 'unknown' && method !== null ? (offlineAtMost ?? -1) : -1;
    const at = largest ?? (answer === 'holds' ? 0 : sofar);
    const message = counterexample?.shows ?? `it is not proved: ${because.join('; ')}`;
    const stop = counterexample || answer !== 'holds' ? { rule: asked.name, message } : null;
    if (best === null || at < best.largest) best = { largest: at, stop };
  }
  const { largest, stop } = best ?? { largest: -1, stop: null };
  const whole: Trial = { value: largest, verdict: null, stop: null };
  const next: Trial | null = stop === null ? null : { value: largest + 1, verdict: null, stop };
  const trials = [...(largest >= 0 ? [whole] : []), ...(next ? [next] : [])];
  return { target, want: 'most', best: largest >= 0 ? whole : null, next, monotone: true, trials };
}

function solveOne(
  target: Target,
  attempt: Attempt,
  fixed: readonly string[],
  request: SolveRequest,
): Solution {
  const how = target.path === OFFLINE ? solveOffline : solvePath;
  return how(target, attempt, fixed, request);
}

/** Solves one target. Throws InputError where the changes that count throughout make no machine. */
export function solve(target: Target, request: SolveRequest): Solution {
  return solveOne(target, attempts(request), [], request);
}

/** For each number of the first target (`numbers` are given) the best of the second. Throws as {@link solve} does. */
export function* frontier(
  targets: readonly [Target, Target],
  request: SolveRequest,
): Generator<Frontier['points'][number], void> {
  const attempt = attempts(request);
  const [outer, inner] = targets;
  for (const value of outer.numbers ?? []) {
    yield { value, solution: solveOne(inner, attempt, [`${outer.path}=${value}`], request) };
  }
}
