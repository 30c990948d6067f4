/** What is to be reached: no finding of a level is left, and nothing is lost on the way without a word. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Change } from '../../findings/remedies/remedy.ts';
import type { Finding, Level } from '../../findings/rules/rule.ts';
import { suppressionExpired, suppressionUnused } from '../../findings/rules/suppression.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { atLeast } from '../whatif/findings.ts';

/** Rules on what was written about findings: no change to a machine is an answer to them. */
const ABOUT_WRITING: readonly string[] = ['expectation', suppressionExpired.name, suppressionUnused.name];

/** Findings at or above the level, without those that no change to the machine concerns. */
export function inTheWay({ findings }: Analysis, level: Level): readonly Finding[] {
  return findings.filter((finding) => atLeast(finding.level, level) && !ABOUT_WRITING.includes(finding.rule));
}

/** Findings at or above the level that are about what was written, not about the machine. */
export function aboutWriting({ findings }: Analysis, level: Level): readonly Finding[] {
  return findings.filter((finding) => atLeast(finding.level, level) && ABOUT_WRITING.includes(finding.rule));
}

/** CPUs that run and can be interrupted. */
function usableCpus({ apic, run, domains }: Analysis): number {
  return apic.fatal ? 0 : CpuMask.and(run.online, domains[0].reachable).weight();
}

/** True if fewer CPUs work than before although no change gives anything up. */
export function losesSilently(before: Analysis, after: Analysis, changes: readonly Change[]): boolean {
  return changes.every(({ givesUp }) => givesUp === null) && usableCpus(after) < usableCpus(before);
}
