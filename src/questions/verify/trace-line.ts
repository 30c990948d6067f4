/** Lines of the kernel's trace of vector events, and the totals of the vector matrix that some of them report. */

/** One line, cut into its fields. */
export interface TraceLine {
  /** Process number of whoever did it; "" if the trace has none. */
  readonly task: string;
  /** CPU that it happened on. */
  readonly cpu: string;
  readonly time: string;
  /** Name of the event. */
  readonly name: string;
  readonly rest: string;
}

/** Totals of the matrix. */
export interface Totals {
  readonly available: number;
  readonly reserved: number;
  readonly allocated: number;
}

const TOTALS = /global_avl=(\d+),? global_rsvd=(\d+),? total_alloc=(\d+)/;

/** Null for a line without. */
export function totalsOf({ rest }: TraceLine): Totals | null {
  const match = TOTALS.exec(rest);
  return match
    ? { available: Number(match[1]), reserved: Number(match[2]), allocated: Number(match[3]) }
    : null;
}

/** Events that are told before the matrix takes the step. */
export const ANNOUNCES: ReadonlySet<string> = new Set(['vector_free_moved', 'vector_clear']);
