/**
 * A Code Quality report of GitLab: an array of issues, each with a place, a severity and a fingerprint that is unique in
 * the report and survives moved lines. An input that could not be read is an issue of the check `unreadable` that
 * blocks. Paths are as they were typed, which for GitLab is from the project's folder.
 */
import type { Analysis } from '../../findings/analyze.ts';
import type { Finding, Level } from '../../findings/rules/rule.ts';
import { fnv1a } from '../../lib/fnv.ts';
import { visible } from '../../lib/visible.ts';
import type { InputError, Location } from '../../machine/locate.ts';
import { framedTexts, type Reporter } from '../reporter.ts';
import { placedProblems, placeOf, UNREADABLE } from '../wording/place.ts';
import { identity, numberedHashes } from './identity.ts';

type Severity = 'info' | 'minor' | 'major' | 'critical' | 'blocker';
const SEVERITIES: Readonly<Record<Level, Severity>> = { error: 'critical', warning: 'major', note: 'info' };

interface Issue {
  readonly check: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hash: string;
  readonly place: Location;
}

function findingIssue(analysis: Analysis, finding: Finding): Issue {
  const { rule, level, message, location } = finding;
  const { machine } = analysis;
  return {
    check: rule,
    severity: SEVERITIES[level],
    message: machine.name === '' ? message : `${machine.name}: ${message}`,
    hash: identity(analysis, finding),
    place: placeOf(location, machine.source),
  };
}

const problemIssues = (input: string, error: InputError): Issue[] =>
  placedProblems(input, error).map(({ place, message }) => ({
    check: UNREADABLE,
    severity: 'blocker',
    message,
    hash: fnv1a(JSON.stringify([UNREADABLE, place.file, message])),
    place,
  }));

export const gitlab: Reporter = {
  begin() {
    const frame = framedTexts({ open: '[\n', between: ',\n', close: '\n]\n' });
    const numbered = numberedHashes();
    let written = 0;
    const add = (issues: readonly Issue[]): string => {
      written += issues.length;
      return issues
        .map(({ check, severity, message, hash, place: { file, line } }) =>
          frame.add(
            JSON.stringify({
              description: visible(message),
              check_name: check,
              fingerprint: numbered(hash),
              severity,
              location: { path: visible(file), lines: { begin: line } },
            }),
          ),
        )
        .join('');
    };
    return {
      add: (analysis) => add(analysis.findings.map((finding) => findingIssue(analysis, finding))),
      failed: (input, error) => add(problemIssues(input, error)),
      end: () => (written === 0 ? '[]\n' : frame.end()),
    };
  },
};
