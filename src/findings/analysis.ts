/** What an analysis is: the facts of a machine, what the rules found in them, and the numbers of both. */

import type { Health } from '../linux/sim/run.ts';
import type { Simulation } from '../linux/sim/simulation.ts';
import type { Location } from '../machine/machine.ts';
import { type Finding, LEVELS } from './rules/rule.ts';

/** pass: nothing above a note; warn: a warning is the worst finding; fail: an error is. */
export type Verdict = 'pass' | 'warn' | 'fail';

/** The analysis in numbers: findings by level, queues by health. */
export interface Summary {
  readonly verdict: Verdict;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly queues: Readonly<Record<Health, number>>;
  /** Findings that do not count; they are in none of the other numbers. */
  readonly suppressed: number;
}

/** A finding that does not count, and why. */
export interface SuppressedFinding {
  readonly finding: Finding;
  /** What says so: `comment` is one of the input, `level` a level that is off. */
  readonly by: 'description' | 'comment' | 'project' | 'baseline' | 'level';
  readonly reason: string;
  /** The last day of the suppression, as 2027-03-31. */
  readonly until: string | undefined;
  /** Where that is written; the "file" of an option is the option as typed. */
  readonly location: Location;
}

/** All that irqsim knows about one machine. */
export interface Analysis extends Simulation {
  readonly findings: readonly Finding[];
  /** None unless judge() made the analysis. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly summary: Summary;
}

/** The numbers of an analysis with these findings. */
export function summarise(
  findings: readonly Finding[],
  queues: Summary['queues'],
  suppressed: number,
): Summary {
  const of = (level: string) => findings.filter((finding) => finding.level === level).length;
  const errors = of('error');
  const warnings = of('warning');
  return {
    verdict: errors > 0 ? 'fail' : warnings > 0 ? 'warn' : 'pass',
    errors,
    warnings,
    notes: of('note'),
    queues,
    suppressed,
  };
}

/** Orders findings by level; within a level the registry's order stays. */
export function byLevel(findings: readonly Finding[]): Finding[] {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
}
