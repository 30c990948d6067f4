/** Judges a machine at every point of a grid of changes. */
import type { Analysis } from '../../findings/analyze.ts';
import { type JudgeSettings, judge } from '../../findings/triage/judge.ts';
import { workOfVariants } from '../../machine/event-work.ts';
import { EVENT_PREFIX, InputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import { type MachineSource, originOf } from '../source.ts';
import { type Grid, type Point, pointAt } from './grid.ts';
import { createSharing } from './shared/parts.ts';
import { PATIENCE } from './shared/patience.ts';
import { createSharedSteps } from './shared/steps.ts';

/** What came of one point: an analysis, or why its description is not valid. */
export type SweptPoint = { readonly point: Point } & (
  | { readonly analysis: Analysis; readonly invalid: null }
  | { readonly analysis: null; readonly invalid: InputError }
);

/** CPUs, devices and events of so many different descriptions are kept. */
const PARTS_KEPT = 16;

/** Machines kept for the value of an outer axis to come round again, at most: it may change every one of them. */
const MOST_WAITING = 64;

/** How many points lie between two that differ in the first axis only: what the second needs may be of the first. */
function pointsToReturn({ axes }: Grid): number {
  const inner = axes.slice(1).reduce((product, { values }) => product * values.length, 1);
  return Math.max(PATIENCE, Math.min(inner, MOST_WAITING));
}

/**
 * The points of the grid one by one, in order. `changes` count at every point; assignments among them are made
 * before those of the point, events happen after all. What the description expects, it expects of the values that
 * it was written with: it does not count. What points have in common is worked out once; every analysis is what
 * an analysis of that point alone would be. Throws InputError if the changes themselves cannot be made,
 * and past the budget for the events of all points.
 */
export function* sweep(
  source: MachineSource,
  grid: Grid,
  changes: readonly string[] = [],
  settings?: JudgeSettings,
): Generator<SweptPoint, void> {
  const isEvent = (change: string) => change.startsWith(EVENT_PREFIX);
  const events = changes.filter(isEvent);
  const origin = originOf(
    source,
    changes.filter((change) => !isEvent(change)),
  );
  const share = createSharing(PARTS_KEPT);
  const steps = createSharedSteps(pointsToReturn(grid));
  const count = workOfVariants(grid.size);
  const judgeAt = (point: Point): SweptPoint => {
    const sets = point.flatMap(({ change }) => change ?? []);
    let machine: Machine;
    try {
      machine = varied(origin, [...sets, ...events], share);
    } catch (error) {
      if (error instanceof InputError) return { point, analysis: null, invalid: error };
      throw error;
    }
    count(machine);
    return { point, analysis: judge(machine, settings, steps), invalid: null };
  };
  for (let index = 0; index < grid.size; index++) yield judgeAt(pointAt(grid, index));
}
