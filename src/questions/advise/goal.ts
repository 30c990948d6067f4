/** What is to be reached: no finding of a level is left. */
import type { Analysis } from '../../findings/analyze.ts';
import { isAboutWriting } from '../../findings/rules/about-writing.ts';
import type { Finding, Level } from '../../findings/rules/rule.ts';
import { atLeast } from '../whatif/findings.ts';

/** Findings at or above the level, without those that no change to the machine concerns. */
export function inTheWay({ findings }: Analysis, level: Level): readonly Finding[] {
  return findings.filter((finding) => atLeast(finding.level, level) && !isAboutWriting(finding.rule));
}

/** Findings at or above the level that are about what was written, not about the machine. */
export function aboutWriting({ findings }: Analysis, level: Level): readonly Finding[] {
  return findings.filter((finding) => atLeast(finding.level, level) && isAboutWriting(finding.rule));
}
