/** Suppressions of an input that have ended or that nothing matches, as findings of their own rules. */

import type { Machine, Suppression } from '../../machine/machine.ts';
import { toFinding } from '../analyze.ts';
import { count, type Finding, type RawFinding } from '../rules/rule.ts';
import { suppressionExpired, suppressionUnused } from '../rules/suppression.ts';
import { hasEnded, hasRun, matches, missedBy } from './match.ts';
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

const AT_HEAD = 'a comment at the head is about the whole machine';

const shortList = (names: ReadonlySet<string>): string =>
  [...names].slice(0, PLACES).join(', ') + (names.size > PLACES ? ' ...' : '');

/** "line 4", "no line" */
const placeOf = ({ location }: Finding): string => (location ? `line ${location.line}` : 'no line');

/** What a comment that is about a part of the machine is about, and where findings of its rule are. */
function scopeOf(one: Suppression, found: readonly Finding[], machine: Machine): string[] {
  const { rule, comment } = one;
  if (!comment?.lines) return [];
  const [first, last] = comment.lines;
  const scope = `it is about what is placed on ${first === last ? `line ${first}` : `lines ${first} to ${last}`}`;
  const ofRule = found.filter((finding) => finding.rule === rule);
  const missed = new Set(ofRule.flatMap((finding) => missedBy(one, finding, machine) ?? []));
  if (missed.size > 0) return [scope, `the finding there is about more: ${shortList(missed)}; ${AT_HEAD}`];
  const places = new Set(ofRule.map(placeOf));
  if (places.size === 0) return [scope];
  return [scope, `the rule finds something on ${shortList(places)}; ${AT_HEAD}`];
}

const unused = (one: Suppression, found: readonly Finding[], machine: Machine): RawFinding => ({
  message: `the suppression of ${subjectText(one)} matches no finding`,
  cause: [`its reason was: ${one.reason}`, ...scopeOf(one, found, machine)],
  fix: ['remove it'],
  location: one.location,
});

/** The findings about the description's suppressions; `found` are all other findings, whether they count or not. */
export function staleHere(machine: Machine, found: readonly Finding[], settings: JudgeSettings): Finding[] {
  return (machine.triage?.suppress ?? []).flatMap((one) => {
    const matched = found.filter((finding) => matches(one, finding, machine)).length;
    if (hasEnded(one, settings)) return [toFinding(suppressionExpired, expired(one, matched), machine)];
    const aboutStale = one.rule === suppressionExpired.name || one.rule === suppressionUnused.name;
    // Whether a comment about several machines matches nothing, the whole run tells.
    if (matched > 0 || aboutStale || one.comment?.isShared || !hasRun(one, settings)) return [];
    return [toFinding(suppressionUnused, unused(one, found, machine), machine)];
  });
}
