/** What a comparison found: how much agreed, what did not, and what could not be compared. */

export const KINDS = [
  'possible CPUs',
  'present CPUs',
  'online CPUs',
  'APIC IDs',
  'APIC mode',
  'APIC limit',
  'interrupt remapping',
  'vectors granted',
  'interrupt numbers',
  'managed',
  'affinity masks',
  'effective CPUs',
  'vectors',
  'destinations',
  'refusals',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Mismatch {
  readonly stage: string;
  readonly kind: Kind;
  /** What it is about: "irq 26 (nvme0 vector 1)". */
  readonly subject: string;
  readonly predicted: string;
  readonly shown: string;
}

export interface NotCompared {
  readonly stage: string;
  readonly kind: Kind;
  readonly count: number;
  readonly why: string;
}

export interface Tally {
  /** By kind: values compared, and those that agreed. */
  readonly counts: ReadonlyMap<Kind, { readonly compared: number; readonly matched: number }>;
  readonly mismatches: readonly Mismatch[];
  readonly notCompared: readonly NotCompared[];
  /** What had to be guessed: whatever agrees, it is no match. */
  readonly unknown: readonly string[];
}

/** A tally under way. */
export interface Counter {
  /** Counts one value; differing texts are a mismatch. */
  compare(stage: string, kind: Kind, subject: string, predicted: string, shown: string): void;
  skip(stage: string, kind: Kind, why: string): void;
  /** Names a guess that decides what is compared. */
  unknown(what: string): void;
  tally(): Tally;
}

/** An empty tally. */
export function counter(): Counter {
  const counts = new Map<Kind, { compared: number; matched: number }>();
  const mismatches: Mismatch[] = [];
  const guesses = new Set<string>();
  const skipped = new Map<string, { stage: string; kind: Kind; count: number; why: string }>();
  return {
    compare(stage, kind, subject, predicted, shown) {
      const count = counts.get(kind) ?? { compared: 0, matched: 0 };
      counts.set(kind, count);
      count.compared++;
      if (predicted === shown) count.matched++;
      else mismatches.push({ stage, kind, subject, predicted, shown });
    },
    skip(stage, kind, why) {
      const key = JSON.stringify([stage, kind, why]);
      const known = skipped.get(key) ?? { stage, kind, count: 0, why };
      known.count++;
      skipped.set(key, known);
    },
    unknown: (what) => void guesses.add(what),
    tally: () => ({ counts, mismatches, notCompared: [...skipped.values()], unknown: [...guesses] }),
  };
}
