/** What a report on a difference is given: two machines, or one without partner, and where they come from. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Difference } from '../../questions/whatif/difference.ts';

/** Where one side comes from. */
export interface Side {
  /** The input, and the machine in it where it holds several. */
  readonly title: string;
  /** Options that changed it, as typed: "--set extDestId=true". */
  readonly changes: readonly string[];
}

/** Two machines that are compared. */
export interface ComparedPair {
  readonly before: Side;
  readonly after: Side;
  readonly difference: Difference;
}

/** A machine that only one of the inputs holds. */
export interface LoneMachine {
  readonly only: 'before' | 'after';
  readonly side: Side;
  readonly analysis: Analysis;
}

export type Pair = ComparedPair | LoneMachine;
