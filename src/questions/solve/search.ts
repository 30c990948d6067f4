/** The largest or smallest number that is whole, found with as few trials as honesty allows. Pure. */
import type { Verdict } from '../../findings/analyze.ts';
import type { Stop } from './demand.ts';
import type { Want } from './target.ts';

/** What came of one number. */
export interface Trial {
  readonly value: number;
  /** Of the analysis; null: the description would be none. */
  readonly verdict: Verdict | null;
  /** Null: all that is demanded is kept. */
  readonly stop: Stop | null;
}

export interface Found {
  readonly want: Want;
  /** Null: no number is whole. */
  readonly best: Trial | null;
  /** The next number beyond the best, which is not; null: the best is the last. */
  readonly next: Trial | null;
  /** Whether all numbers up to the best are whole and all beyond it are not; null: not all of them were tried. */
  readonly monotone: boolean | null;
  /** All that were tried, ascending. */
  readonly trials: readonly Trial[];
}

/** Numbers of which all are tried; of more, these many lie between those that are. */
export const TRIED_AT_MOST = 2048;
/** The same where nobody named the numbers: then large ones are large machines, a second each. */
export const TRIED_UNASKED = 64;
/** Numbers tried beside those of the bisection, to find out where more is better after all. */
const PROBES = 16;

const isWhole = ({ stop }: Trial): boolean => stop === null;

/** So many of the numbers, evenly, the first and last among them. */
function spread(numbers: readonly number[], count: number): number[] {
  if (numbers.length <= count) return [...numbers];
  const last = numbers.length - 1;
  return Array.from({ length: count }, (_, n) => numbers[Math.round((n * last) / (count - 1))]);
}

/** Tries each number once. */
function remembering(attempt: (value: number) => Trial): {
  tryOnce: (value: number) => Trial;
  all: () => Trial[];
} {
  const trials = new Map<number, Trial>();
  return {
    tryOnce(value) {
      const known = trials.get(value) ?? attempt(value);
      trials.set(value, known);
      return known;
    },
    all: () => [...trials.values()].sort((one, other) => one.value - other.value),
  };
}

/** The last whole number where numbers are whole from the near end on; -1: not even the first is. By index. */
function bisect(numbers: readonly number[], whole: (value: number) => boolean): number {
  let good = -1;
  let bad = numbers.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (whole(numbers[middle])) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whole first, then not: in the order of the near end. */
function isInOrder(trials: readonly Trial[]): boolean {
  const firstBad = trials.findIndex((trial) => !isWhole(trial));
  return firstBad < 0 || trials.slice(firstBad).every((trial) => !isWhole(trial));
}

/**
 * Searches ascending numbers. `monotone`: more is known never to be better, so that bisection is enough, unless a probe
 * says otherwise; else all are tried, or of very many (more than {@link TRIED_AT_MOST}) `atMost`, and those at the border.
 */
export function search(
  numbers: readonly number[],
  want: Want,
  monotone: boolean,
  attempt: (value: number) => Trial,
  atMost = TRIED_AT_MOST,
): Found {
  const { tryOnce, all } = remembering(attempt);
  // From the end at which little is asked for: few for most, many for least.
  const away = want === 'most' ? [...numbers] : [...numbers].reverse();
  const ordered = (): Trial[] => (want === 'most' ? all() : all().reverse());
  let complete = false;
  if (monotone) {
    const at = bisect(away, (value) => isWhole(tryOnce(value)));
    for (const value of spread(away, PROBES)) tryOnce(value);
    for (const neighbour of [at, at + 1]) if (away[neighbour] !== undefined) tryOnce(away[neighbour]);
    complete = isInOrder(ordered());
  }
  const many = numbers.length > TRIED_AT_MOST;
  if (!complete) for (const value of spread(away, many ? atMost : TRIED_AT_MOST)) tryOnce(value);
  let tried = ordered();
  let best = tried.findLastIndex(isWhole);
  // Among numbers with gaps the border is found all the same.
  if (best >= 0 && best < tried.length - 1 && !complete && many) {
    const between = away.slice(away.indexOf(tried[best].value), away.indexOf(tried[best + 1].value));
    const at = bisect(between, (value) => isWhole(tryOnce(value)));
    if (at >= 0) {
      tried = ordered();
      best = tried.findLastIndex(isWhole);
    }
  }
  const everyOne = complete || tried.length === numbers.length;
  return {
    want,
    best: tried[best] ?? null,
    next: tried[best + 1] ?? null,
    monotone: isInOrder(tried) ? (everyOne ? true : null) : false,
    trials: all(),
  };
}
