/** Suppressions of an input that have ended or that nothing matches, as findings of their own rules. */

import type { Machine, Suppression } from '../../machine/machine.ts';
import { toFinding } from '../analyze.ts';
import { count, type Finding, type RawFinding } from '../rules/rule.ts';
import { suppressionExpired, suppressionUnused } from '../rules/suppression.ts';
import { hasEnded, hasRun, matches } from './match.ts';
import type { JudgeSettings } from './settings.ts';
import { subjectText } from './subject.ts';

/** Places that are named. */
const PLACES = 3;

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

/** "line 4", "no line" */
const placeOf = ({ location }: Finding): string => (location ? `line ${location.line}` : 'no line');

/** What a comment that is about a part of the machine is about, and where findings of its rule are. */
function scopeOf({ rule, comment }: Suppression, found: readonly Finding[]): string[] {
  if (!comment?.lines) return [];
  const [first, last] = comment.lines;
  const scope = `it is about what is placed on ${first === last ? `line ${first}` : `lines ${first} to ${last}`}`;
  const places = new Set(found.filter((one) => one.rule === rule).map(placeOf));
  if (places.size === 0) return [scope];
  const elsewhere = [...places].slice(0, PLACES).join(', ') + (places.size > PLACES ? ' ...' : '');
  return [
    scope,
    `the rule finds something on ${elsewhere}; a comment at the head is about the whole machine`,
  ];
}

const unused = (one: Suppression, found: readonly Finding[]): RawFinding => ({
  message: `the suppression of ${subjectText(one)} matches no finding`,
  cause: [`its reason was: ${one.reason}`, ...scopeOf(one, found)],
  fix: ['remove it'],
  location: one.location,
});

/** The findings about the description's suppressions; `found` are all other findings, whether they count or not. */
export function staleHere(machine: Machine, found: readonly Finding[], settings: JudgeSettings): Finding[] {
  return (machine.triage?.suppress ?? []).flatMap((one) => {
    const matched = found.filter((finding) => matches(one, finding)).length;
    if (hasEnded(one, settings)) return [toFinding(suppressionExpired, expired(one, matched), machine)];
    const aboutStale = one.rule === suppressionExpired.name || one.rule === suppressionUnused.name;
    // Whether a comment about several machines matches nothing, the whole run tells.
    if (matched > 0 || aboutStale || one.comment?.isShared || !hasRun(one, settings)) return [];
    return [toFinding(suppressionUnused, unused(one, found), machine)];
  });
}
