/**
 * GitHub Flavored Markdown for a pull-request comment or a job summary: a section a machine with its CPUs, queues
 * and findings. Several inputs begin with an overview, and machines without findings are in that only.
 */
import type { Analysis, Verdict } from '../../findings/analyze.ts';
import { count, type Finding, type Level } from '../../findings/rules/rule.ts';
import { shortenList } from '../../lib/ids.ts';
import { HEALTHS } from '../../linux/sim/run.ts';
import type { InputError } from '../../machine/locate.ts';
import { markdownCode, markdownTable, markdownText } from '../document/markdown/text.ts';
import type { Reporter } from '../reporter.ts';
import { reasonLines } from '../wording/finding-lines.ts';
import { isOption, placedProblems } from '../wording/place.ts';
import { suppressionReason } from '../wording/suppression-text.ts';
import { machineTitle, verdictSentence } from '../wording/verdict-sentence.ts';

const SIGNS: Readonly<Record<Verdict | 'unreadable', string>> = {
  pass: '✅ PASS',
  warn: '⚠️ WARN',
  fail: '❌ FAIL',
  unreadable: '❌ UNREADABLE',
};
const LEVEL_SIGNS: Readonly<Record<Level, string>> = { error: '❌', warning: '⚠️', note: 'ℹ️' };

/** One input of the document. */
interface Entry {
  readonly verdict: Verdict | 'unreadable';
  /** Row of the overview: machine, counts by level, a sentence. */
  readonly row: readonly string[];
  readonly section: readonly string[];
  /** Whether the section says more than the row. */
  readonly remarkable: boolean;
}

/** Where a finding comes from, as people look for it. */
function place({ location }: Finding): string {
  if (!location) return 'default';
  const { file, line } = location;
  return markdownCode(isOption(file) ? file : `${file}:${line}`);
}

function cpuTable({ domains }: Analysis): string[] {
  const [{ reachable, unreachable, unknown }] = domains;
  const cells = [reachable, unreachable, unknown].map((cpus) =>
    cpus.weight() === 0 ? 'none' : `${cpus.weight()}: ${markdownCode(shortenList(cpus.toString()))}`,
  );
  return markdownTable(
    ['CPUs', 'reachable', 'unreachable', 'unknown'].map((title) => [title, 'left']),
    [['', ...cells]],
  );
}

function queueTable({ run, summary }: Analysis): string[] {
  if (run.devices.length === 0) return [];
  const table = markdownTable(
    [['Queues', 'left'], ...HEALTHS.map((health) => [health, 'right'] as const)],
    [['', ...HEALTHS.map((health) => String(summary.queues[health]))]],
  );
  return ['', ...table];
}

function findingTable(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => [
    `${LEVEL_SIGNS[finding.level]} ${finding.level}`,
    markdownCode(finding.rule),
    place(finding),
    markdownText(finding.message),
  ]);
  return [
    '',
    ...markdownTable(
      ['Level', 'Rule', 'Place', 'Finding'].map((title) => [title, 'left']),
      rows,
    ),
  ];
}

/** One line on what does not count: rules, and why each. */
function suppressedLine({ suppressed }: Analysis): string[] {
  if (suppressed.length === 0) return [];
  const why = suppressed.map(
    (one) => `${markdownCode(one.finding.rule)}: ${markdownText(suppressionReason(one))}`,
  );
  return ['', `${count(suppressed.length, 'finding')} suppressed: ${[...new Set(why)].join(', ')}.`];
}

function details(findings: readonly Finding[]): string[] {
  const explained = findings.filter(({ cause, fix }) => cause.length + fix.length > 0);
  if (explained.length === 0) return [];
  const items = explained.flatMap((finding) => [
    '',
    `**${markdownCode(finding.rule)}** ${markdownText(finding.message)}`,
    '',
    ...reasonLines(finding).map((text) => `- ${markdownText(text)}`),
  ]);
  return ['', '<details>', '<summary>Why, and what to change</summary>', ...items, '', '</details>'];
}

function machineEntry(analysis: Analysis): Entry {
  const { findings, machine, summary, suppressed } = analysis;
  const { verdict, errors, warnings, notes } = summary;
  const title = markdownCode(machineTitle(analysis));
  const sentence = markdownText(verdictSentence(analysis));
  const name = machine.name === '' ? '' : `, name: ${markdownText(machine.name)}`;
  return {
    verdict,
    row: [title, String(errors), String(warnings), String(notes), sentence],
    section: [
      `## ${SIGNS[verdict]} ${title}`,
      '',
      `${sentence}.`,
      '',
      `Linux ${markdownText(machine.kernel.text)} on ${machine.platform}${name}`,
      '',
      ...cpuTable(analysis),
      ...queueTable(analysis),
      ...findingTable(findings),
      ...details(findings),
      ...suppressedLine(analysis),
    ],
    remarkable: findings.length + suppressed.length > 0,
  };
}

function unreadableEntry(input: string, error: InputError): Entry {
  const title = markdownCode(input);
  const problems = placedProblems(input, error).map(
    ({ place: { file, line, column }, message }) =>
      `${markdownCode(`${file}:${line}:${column}`)} ${markdownText(message)}`,
  );
  return {
    verdict: 'unreadable',
    row: [title, '', '', '', problems[0]],
    section: [`## ${SIGNS.unreadable} ${title}`, '', ...problems.map((problem) => `- ${problem}`)],
    remarkable: true,
  };
}

function overview(entries: readonly Entry[]): string[] {
  const counts = (['fail', 'warn', 'pass', 'unreadable'] as const)
    .map((verdict) => ({ verdict, n: entries.filter((entry) => entry.verdict === verdict).length }))
    .filter(({ n }) => n > 0)
    .map(({ verdict, n }) => `${n} ${verdict}`);
  const table = markdownTable(
    [
      ['Verdict', 'left'],
      ['Machine', 'left'],
      ['Errors', 'right'],
      ['Warnings', 'right'],
      ['Notes', 'right'],
      ['In short', 'left'],
    ],
    entries.map(({ verdict, row }) => [SIGNS[verdict], ...row]),
  );
  return [`# irqsim: ${entries.length} machines, ${counts.join(', ')}`, '', ...table];
}

export const markdown: Reporter = {
  begin() {
    const entries: Entry[] = [];
    const keep = (entry: Entry): string => {
      entries.push(entry);
      return '';
    };
    return {
      add: (analysis) => keep(machineEntry(analysis)),
      failed: (input, error) => keep(unreadableEntry(input, error)),
      end() {
        const several = entries.length > 1;
        const sections = entries
          .filter(({ remarkable }) => remarkable || !several)
          .map(({ section }) => section);
        const parts = several ? [overview(entries), ...sections] : sections;
        return parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
      },
    };
  },
};
