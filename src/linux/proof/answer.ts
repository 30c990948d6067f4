/** What comes of a proof. */
import type { MachineEvent } from '../../machine/machine.ts';
import type { AskedProperty } from '../../machine/property-names.ts';

/** closed-form: for all sets at once; symmetry: one set stood for its like; exhaustive: each was tried. */
export type Method = 'closed-form' | 'symmetry' | 'exhaustive';

export interface Counterexample {
  /** To be played behind the events of the description. */
  readonly events: readonly MachineEvent[];
  /** The order in which the devices are probed; null: that of the description. */
  readonly probeOrder: readonly string[] | null;
  /** What is wrong then, as a sentence without its end. */
  readonly shows: string;
  /** No smaller one exists: proved. */
  readonly smallest: boolean;
}

export interface Answer {
  readonly asked: AskedProperty;
  readonly answer: 'holds' | 'fails' | 'unknown';
  /** Null: nothing was covered. */
  readonly method: Method | null;
  /** So many CPUs that go are what the answer is about; null: it is not about CPUs that go. */
  readonly offlineAtMost: number | null;
  /** Where the largest number was asked for: it. */
  readonly largest: number | null;
  /** Sets of CPUs, orders or CPUs that are covered. */
  readonly sets: bigint;
  readonly counterexample: Counterexample | null;
  /** One sentence each. */
  readonly because: readonly string[];
}

/** How far a search is; yielded from time to time. */
export interface Progress {
  readonly property: string;
  /** Sets of so many CPUs are tried now. */
  readonly size: number;
  readonly done: number;
  readonly of: number;
}

/** A proof under way: yields where it is, and ends with the answer. */
export type Proving<T> = Generator<Progress, T, void>;

/** Runs a proof to its end. */
export function proved<T>(proving: Proving<T>): T {
  for (;;) {
    const next = proving.next();
    if (next.done) return next.value;
  }
}

/** How many sets of `from` to `to` of `n` CPUs there are. */
export function countSets(n: number, from: number, to: number): bigint {
  let sum = 0n;
  let sets = 1n;
  for (let k = 0; k <= Math.min(to, n); k++) {
    if (k > 0) sets = (sets * BigInt(n - k + 1)) / BigInt(k);
    if (k >= from) sum += sets;
  }
  return sum;
}
