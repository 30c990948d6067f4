/**
 * Every sequence of CPUs that go, up to a size, on the machine itself: for what no closed form decides. CPUs that are
 * alike stand for each other.
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import { refusesOffline } from '../sim/events/hotplug.ts';
import type { Progress, Proving } from './answer.ts';
import type { Property, State } from './property.ts';
import { alikeCpus } from './symmetry.ts';
import { placeOfNow, type Step, stepOffline } from './walk.ts';

/** Offlines that a search may still make. */
export interface Budget {
  left: number;
  /** Somebody has stopped it: nothing is left. */
  stopped?: true;
}

/** Why a search was cut, as the end of a sentence. */
export const whyCut = ({ stopped }: Budget): string => (stopped ? 'it was stopped' : 'the budget is used up');

/** So many interrupts that an offline may change cost as much as the offline. */
const TOUCHED = 16;

/** What is searched for. */
export interface Wanted {
  readonly property: Property;
  readonly amount: number;
  readonly candidates: CpuMask;
  readonly budget: Budget;
  /** CPUs that are alike stand for each other. Default true. */
  readonly symmetric?: boolean;
}

/** What was found among the sequences of one size. */
export interface Found {
  /** The CPUs in the order they go; null: none breaks the property. */
  readonly sequence: readonly number[] | null;
  /** All sequences of the size were tried, or one like each. */
  readonly complete: boolean;
  /** Some CPU stood for others. */
  readonly merged: boolean;
}

/** One search of sequences of a size. */
interface Search extends Wanted {
  readonly state: State;
  readonly size: number;
  readonly path: number[];
  readonly progress: { readonly property: string; readonly size: number; done: number; of: number };
  merged: boolean;
  cut: boolean;
}

/** Tries the sequences of `size` CPUs; none of a smaller size breaks the property. The state is as it was, after. */
export function* searchSize(state: State, wanted: Wanted, size: number): Proving<Found> {
  const progress = { property: wanted.property.name, size, done: 0, of: wanted.candidates.weight() };
  const search: Search = { ...wanted, state, size, path: [], progress, merged: false, cut: false };
  const sequence = yield* below(search, wanted.symmetric !== false);
  return { sequence, complete: !search.cut, merged: search.merged };
}

/** The sequences that go on from the state as it is. `alike`: look for CPUs that are alike. */
function* below(search: Search, alike: boolean): Generator<Progress, readonly number[] | null, void> {
  const { state, candidates, path, size, property } = search;
  const { stage } = state;
  const place = placeOfNow(stage);
  const groups = alike ? alikeCpus(state, candidates) : onlineOf(state, candidates);
  const merges = groups.some(({ length }) => length > 1);
  search.merged ||= merges;
  for (const [cpu] of groups) {
    if (search.budget.left <= 0) {
      search.cut = true;
      return null;
    }
    if (path.length === 0) {
      search.progress.done++;
      yield { ...search.progress };
    }
    if (property.byRefusal && path.length + 1 === size && stage.frozen === null) {
      // Of the last CPU only the answer matters.
      search.budget.left--;
      if (refusesOffline(stage, cpu)) return [...path, cpu];
      continue;
    }
    const step = stepOffline(stage, place, [[cpu]]);
    search.budget.left -= 1 + step.touched.length / TOUCHED;
    path.push(cpu);
    const broken = breaks(search, step);
    const found =
      broken || path.length === size || step.outcomes[0].refused
        ? null
        : yield* below(search, alike && merges);
    step.undo();
    if (broken) return [...path];
    if (found !== null) return found;
    path.pop();
  }
  return null;
}

function onlineOf({ stage: { system } }: State, candidates: CpuMask): number[][] {
  return candidates.toArray().flatMap((cpu) => (system.online.test(cpu) ? [[cpu]] : []));
}

/** A kernel that crashes has no property left. */
function breaks(
  { property, state, amount, path, size }: Search,
  { outcomes: [outcome], touched }: Step,
): boolean {
  if (outcome.refused) return outcome.crashed || property.byRefusal === true;
  return path.length === size && property.fault(state, amount, touched) !== null;
}
