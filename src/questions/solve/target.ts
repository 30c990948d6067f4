/** What is to be made as large or as small as it can be: a path of the description and the numbers it may take. */
import { parseAxis } from '../whatif/axis.ts';

export type Want = 'most' | 'least';

/** The path that stands for the number of CPUs that go offline. */
export const OFFLINE = 'offline';

export interface Target {
  /** As `--set` takes it, or {@link OFFLINE}. */
  readonly path: string;
  readonly want: Want;
  /** Numbers to choose from, ascending; null: from 1 on, as far as it goes. */
  readonly numbers: readonly number[] | null;
}

/** Reads PATH or PATH=A..B (also A..B..STEP, or numbers with commas). Throws RangeError that says what is wrong. */
export function parseTarget(text: string, want: Want): Target {
  if (!text.includes('=')) {
    if (!/^[\w.-]+$/.test(text)) throw new RangeError('expected PATH or PATH=A..B');
    return { path: text, want, numbers: null };
  }
  const { key, values } = parseAxis(text);
  if (key.endsWith('+')) throw new RangeError('a number is set, nothing is added');
  const numbers = values.map((value) => Number(value.text));
  if (numbers.some((n) => !Number.isSafeInteger(n) || n < 0))
    throw new RangeError('whole numbers are expected, as 1..64 or 8,16,32');
  return { path: key, want, numbers: [...new Set(numbers)].sort((a, b) => a - b) };
}

/**
 * Paths in which more is never better, if all else stays: a further device takes vectors and gives none. Of all others
 * (topology above all: APIC IDs have holes) a larger number may be whole again.
 */
export const isMonotone = (path: string): boolean => /^devices\.[^.]+\.count$/.test(path);
