/** Numbers as a description writes them: one number, "0-3,8", or a list of either. */

import { parseCpuList } from '../lib/cpumask.ts';
import { MAX_APIC_ID } from './apic-ids.ts';
import type { Path, Problems } from './locate.ts';
import { pathText } from './locate.ts';
import type { NumberListInput } from './schema.ts';

/** Inclusive. */
export type NumberRange = readonly [first: number, last: number];

/** The kernel's list form of a written list; not checked yet. */
export function listText(input: NumberListInput): string {
  return Array.isArray(input) ? input.join(',') : String(input);
}

/** The ranges of a list, in the order written; undefined, and a problem noted, if it is malformed or beyond any APIC ID. */
export function parseRanges(
  input: NumberListInput,
  path: Path,
  problems: Problems,
): NumberRange[] | undefined {
  try {
    const ranges = parseCpuList(listText(input));
    // Also keeps every number exact, so that counting up through a range ends.
    const tooLarge = ranges.find(([, last]) => last > MAX_APIC_ID);
    if (!tooLarge) return ranges;
    problems.add(
      path,
      `${pathText(path)}: ${tooLarge[1]} is too large, the highest number is ${MAX_APIC_ID}`,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.add(path, `${pathText(path)}: ${error.message}`);
    return undefined;
  }
}

/** How many numbers the ranges hold. */
export function rangeSize(ranges: readonly NumberRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
