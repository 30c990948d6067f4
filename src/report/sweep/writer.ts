/** What a format of a sweep is: a writer that gets the points one by one. */
import type { Axis } from '../../questions/whatif/axis.ts';
import type { Field } from './field.ts';
import type { SweepRow } from './row.ts';

export interface SweepOptions {
  readonly axes: readonly Axis[];
  readonly fields: readonly Field[];
  readonly version: string;
  /** File name of the input, "-" for standard input. */
  readonly source: string;
  /** Columns to fit in. */
  readonly width: number;
  readonly colour: 0 | 1 | 2 | 3;
  /** Text and Markdown: only how many points pass and fail. */
  readonly quiet: boolean;
}

/** Text comes out as early as the format allows. */
export interface SweepWriter {
  readonly add: (row: SweepRow) => string;
  readonly end: () => string;
}

export type BeginSweep = (options: SweepOptions) => SweepWriter;
