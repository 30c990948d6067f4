/** All combinations of the values of several axes. */
import { grouped } from '../../machine/limits.ts';
import { type Axis, type AxisValue, MAX_POINTS } from './axis.ts';

export interface Grid {
  readonly axes: readonly Axis[];
  /** Number of points. */
  readonly size: number;
}

/** One value for each axis, in their order. */
export type Point = readonly AxisValue[];

/** Two names of one key: `kernel` and `kernel+` change the same value. */
const keyOf = ({ key }: Axis): string => key.replace(/\s*\+$/, '');

/** Throws RangeError past the limit of points, and for a key that is varied twice. */
export function createGrid(axes: readonly Axis[]): Grid {
  const keys = axes.map(keyOf);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw new RangeError(`${twice} is varied twice; give all its values in one place`);
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > MAX_POINTS) {
    throw new RangeError(`the grid has ${grouped(size)} points; the limit is ${grouped(MAX_POINTS)}`);
  }
  return { axes, size };
}

/** Point number `index`: the first axis varies slowest. */
export function pointAt({ axes }: Grid, index: number): Point {
  let rest = index;
  const point: AxisValue[] = [];
  for (const { values } of [...axes].reverse()) {
    point.push(values[rest % values.length]);
    rest = Math.floor(rest / values.length);
  }
  return point.reverse();
}
