/**
 * JUnit XML: a suite a machine. A rule with findings is a case; it fails if one of them is at or above `--fail-on`, so
 * that the suite agrees with the exit code, and otherwise passes with the findings as its output. A machine that
 * fails nothing has a passing case that says what is fine. A suppressed finding is a skipped case. An input that could
 * not be read is a case in error. Attributes are those of the schema that Jenkins' xUnit plugin checks, so that places
 * are in the texts. Times are 0: the same input gives the same bytes.
 */

import type { Analysis, SuppressedFinding } from '../../findings/analyze.ts';
import { type Finding, LEVELS } from '../../findings/rules/rule.ts';
import { groupBy } from '../../lib/group-by.ts';
import { visible } from '../../lib/visible.ts';
import type { InputError } from '../../machine/locate.ts';
import type { Reporter, ReportOptions } from '../reporter.ts';
import { reasonLines } from '../wording/finding-lines.ts';
import { placedProblems, placeOf, STDIN } from '../wording/place.ts';
import { suppressionReason } from '../wording/suppression-text.ts';
import { machineTitle, verdictSentence } from '../wording/verdict-sentence.ts';
import { xmlAttributes, xmlText } from './xml-text.ts';

type Outcome = 'passed' | 'failures' | 'errors' | 'skipped';

interface Case {
  readonly name: string;
  readonly outcome: Outcome;
  /** Elements inside. */
  readonly content: readonly string[];
}

interface Suite {
  readonly source: string;
  readonly machine: string;
  readonly cases: readonly Case[];
}

type Fails = (finding: Finding) => boolean;

function failsAt(failOn: NonNullable<ReportOptions['failOn']>): Fails {
  if (failOn === 'never') return () => false;
  const lowest = LEVELS.indexOf(failOn);
  return ({ level }) => LEVELS.indexOf(level) <= lowest;
}

function findingText(finding: Finding, source: string): string {
  const { file, line, column } = placeOf(finding.location, source);
  return [`${finding.level}: ${finding.message}`, ...reasonLines(finding), `at ${file}:${line}:${column}`]
    .map(visible)
    .join('\n');
}

function ruleCase(rule: string, findings: readonly Finding[], source: string, fails: Fails): Case {
  const [first] = findings.filter(fails).concat(findings);
  const text = findings.map((finding) => findingText(finding, source)).join('\n\n');
  const others = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const failed = fails(first);
  return {
    name: rule,
    outcome: failed ? 'failures' : 'passed',
    content: [
      failed
        ? `<failure${xmlAttributes({ type: rule, message: first.message + others })}>${xmlText(text)}</failure>`
        : `<system-out>${xmlText(text)}</system-out>`,
    ],
  };
}

function suppressedCase(rule: string, suppressed: readonly SuppressedFinding[]): Case {
  const reasons = [...new Set(suppressed.map(suppressionReason))].join('; ');
  return {
    name: rule,
    outcome: 'skipped',
    content: [`<skipped${xmlAttributes({ message: reasons })}/>`],
  };
}

function machineSuite(analysis: Analysis, fails: Fails): Suite {
  const { findings, machine, suppressed } = analysis;
  const { source } = machine;
  const cases = [
    ...[...groupBy(findings, ({ rule }) => rule)].map(([rule, found]) =>
      ruleCase(rule, found, source, fails),
    ),
    ...[...groupBy(suppressed, ({ finding }) => finding.rule)].map(([rule, found]) =>
      suppressedCase(rule, found),
    ),
  ];
  const fine: Case = { name: verdictSentence(analysis), outcome: 'passed', content: [] };
  return {
    source: source === STDIN ? machineTitle(analysis) : source,
    machine: machine.name,
    cases: findings.some(fails) ? cases : [fine, ...cases],
  };
}

function unreadableSuite(input: string, error: InputError): Suite {
  const problems = placedProblems(input, error);
  const text = problems
    .map(({ place: { file, line, column }, message }) => visible(`${file}:${line}:${column}: ${message}`))
    .join('\n');
  const attributes = xmlAttributes({ type: 'unreadable', message: problems[0].message });
  return {
    source: input,
    machine: '',
    cases: [
      {
        name: 'can be read',
        outcome: 'errors',
        content: [`<error${attributes}>${xmlText(text)}</error>`],
      },
    ],
  };
}

const countOf = (cases: readonly Case[], outcome: Outcome): number =>
  cases.filter((one) => one.outcome === outcome).length;

/** The totals that suites and all of them have; skipped cases are counted by the suite alone. */
const counts = (cases: readonly Case[]): Record<string, number> => ({
  tests: cases.length,
  failures: countOf(cases, 'failures'),
  errors: countOf(cases, 'errors'),
});

function caseLines(classname: string, { name, content }: Case): string[] {
  const open = `    <testcase${xmlAttributes({ name, classname, time: 0 })}`;
  if (content.length === 0) return [`${open}/>`];
  return [`${open}>`, ...content.map((element) => `      ${element}`), '    </testcase>'];
}

function suiteLines(name: string, cases: readonly Case[]): string[] {
  const skipped = countOf(cases, 'skipped');
  return [
    `  <testsuite${xmlAttributes({ name, ...counts(cases), skipped, time: 0 })}>`,
    ...cases.flatMap((one) => caseLines(name, one)),
    '  </testsuite>',
  ];
}

/** The names of the suites: the input, and which of its machines where it has several. */
function suiteNames(suites: readonly Suite[]): string[] {
  const totals = new Map<string, number>();
  for (const { source } of suites) totals.set(source, (totals.get(source) ?? 0) + 1);
  const seen = new Map<string, number>();
  return suites.map(({ source, machine }) => {
    const nth = (seen.get(source) ?? 0) + 1;
    seen.set(source, nth);
    return totals.get(source) === 1 ? source : `${source} (${machine || nth})`;
  });
}

function documentText(suites: readonly Suite[]): string {
  const totals = counts(suites.flatMap(({ cases }) => cases));
  const names = suiteNames(suites);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: 'irqsim', ...totals, time: 0 })}>`,
    ...suites.flatMap(({ cases }, n) => suiteLines(names[n], cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

export const junit: Reporter = {
  begin({ failOn = 'error' }) {
    const fails = failsAt(failOn);
    const suites: Suite[] = [];
    const keep = (suite: Suite): string => {
      suites.push(suite);
      return '';
    };
    return {
      add: (analysis) => keep(machineSuite(analysis, fails)),
      failed: (input, error) => keep(unreadableSuite(input, error)),
      end: () => documentText(suites),
    };
  },
};
