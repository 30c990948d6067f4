/** What the parts of the reader look at, and how they ask it. */

import { LIMITS } from '../../machine/limits.ts';
import type { Location } from '../../machine/locate.ts';
import type { KernelLog } from './log.ts';

export interface LogEvidence {
  readonly log: KernelLog;
  /** The command line, as the log shows it; "" if it does not. */
  readonly cmdline: string;
  /** The place of a line, from 1. */
  readonly at: (line: number) => Location;
}

/** A line that says something, with the groups of its pattern. */
export interface Said {
  readonly line: number;
  readonly groups: readonly string[];
}

/** Lines that a pattern fits, in order. */
export function saidBy({ log }: Pick<LogEvidence, 'log'>, pattern: RegExp): Said[] {
  return log.lines.flatMap(({ line, text }): Said[] => {
    const match = pattern.exec(text);
    return match ? [{ line, groups: match.slice(1).map((group) => group ?? '') }] : [];
  });
}

/** A number that a log may hold; numbers past the limit of CPUs are nonsense. */
export function smallNumber(text: string | undefined, most: number = LIMITS.cpus): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}
