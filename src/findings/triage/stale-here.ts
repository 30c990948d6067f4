/** Suppressions of a description that have ended or that nothing matches, as findings of their own rules. */

import type { Machine, Suppression } from '../../machine/machine.ts';
import { toFinding } from '../analyze.ts';
import { count, type Finding, type RawFinding } from '../rules/rule.ts';
import { suppressionExpired, suppressionUnused } from '../rules/suppression.ts';
import { hasEnded, hasRun, matches } from './match.ts';
import type { JudgeSettings } from './settings.ts';
import { subjectText } from './subject.ts';

function expired(one: Suppression, found: number): RawFinding {
  const rest = found === 0 ? 'nothing matches it' : `it no longer holds back ${count(found, 'finding')}`;
  return {
    message: `the suppression of ${subjectText(one)} ended on ${one.until}; ${rest}`,
    cause: [`its reason was: ${one.reason}`],
    fix:
      found === 0
        ? ['remove it']
        : ['change what the finding is about', 'set a later day, with the reason for it'],
    location: one.location,
  };
}

const unused = (one: Suppression): RawFinding => ({
  message: `the suppression of ${subjectText(one)} matches no finding`,
  cause: [`its reason was: ${one.reason}`],
  fix: ['remove it'],
  location: one.location,
});

/** The findings about the description's suppressions; `found` are all other findings, whether they count or not. */
export function staleHere(machine: Machine, found: readonly Finding[], settings: JudgeSettings): Finding[] {
  return (machine.triage?.suppress ?? []).flatMap((one) => {
    const matched = found.filter((finding) => matches(one, finding)).length;
    if (hasEnded(one, settings)) return [toFinding(suppressionExpired, expired(one, matched), machine)];
    const aboutStale = one.rule === suppressionExpired.name || one.rule === suppressionUnused.name;
    if (matched > 0 || aboutStale || !hasRun(one, settings)) return [];
    return [toFinding(suppressionUnused, unused(one), machine)];
  });
}
