/**
 * GitHub Flavored Markdown for a pull-request comment or a job summary: a section a machine with its CPUs, queues
 * and findings. Several inputs begin with an overview, and machines without findings are in that only.
 */
import type { Analysis, Verdict } from '../../findings/analyze.ts';
import { count, type Finding, type Level } from '../../findings/rules/rule.ts';
import { shortenList } from '../../lib/ids.ts';
import { HEALTHS } from '../../linux/sim/run.ts';
import type { InputError } from '../../machine/locate.ts';
import { findingBlocks } from '../analysis/findings.ts';
import { isolationFact } from '../analysis/isolation.ts';
import type { Block, Cell, Inline, Section, Table, Tone } from '../document/block.ts';
import { markdownDocument } from '../document/markdown/markdown.ts';
import type { Reporter } from '../reporter.ts';
import { isOption, placedProblems } from '../wording/place.ts';
import { suppressionReason } from '../wording/suppression-text.ts';
import { machineTitle, verdictSentence } from '../wording/verdict-sentence.ts';

const SIGNS: Readonly<Record<Verdict | 'unreadable', { readonly sign: string; readonly tone: Tone }>> = {
  pass: { sign: '✅ PASS', tone: 'good' },
  warn: { sign: '⚠️ WARN', tone: 'doubt' },
  fail: { sign: '❌ FAIL', tone: 'bad' },
  unreadable: { sign: '❌ UNREADABLE', tone: 'bad' },
};
const LEVEL_SIGNS: Readonly<Record<Level, string>> = { error: '❌', warning: '⚠️', note: 'ℹ️' };

/** What several machines may come to: comments and job summaries have limits, and readers too. */
const BYTES_MAX = 98_000;
/** Whose sections come first where not all fit. */
const NEED: readonly Entry['verdict'][] = ['unreadable', 'fail', 'warn', 'pass'];

/** One input of the document. */
interface Entry {
  readonly verdict: Verdict | 'unreadable';
  /** Row of the overview: machine, counts by level, a sentence. */
  readonly row: readonly Cell[];
  readonly section: Section;
  /** Whether the section says more than the row. */
  readonly remarkable: boolean;
}

const code = (text: string): Cell => ({ text, marked: { code: text } });
const plain = (text: string | number): Cell => ({ text: String(text) });

const headline = (verdict: Entry['verdict'], title: string): Block => {
  const { sign, tone } = SIGNS[verdict];
  return { kind: 'headline', level: 2, verdict: sign, tone, title, text: '' };
};

const table = (titles: readonly string[], rows: Table['rows']): Table => ({
  kind: 'table',
  columns: titles.map((title) => ({ title })),
  rows,
});

/** Where a finding comes from, as people look for it. */
function place({ location }: Finding): Cell {
  if (!location) return plain('default');
  const { file, line } = location;
  return code(isOption(file) ? file : `${file}:${line}`);
}

function cpuTable({ domains }: Analysis): Table {
  const [{ reachable, unreachable, unknown }] = domains;
  const cells = [reachable, unreachable, unknown].map((cpus): Cell => {
    if (cpus.weight() === 0) return plain('none');
    const list = shortenList(cpus.toString());
    return { text: `${cpus.weight()}: ${list}`, marked: [`${cpus.weight()}: `, { code: list }] };
  });
  return table(['CPUs', 'reachable', 'unreachable', 'unknown'], [[plain(''), ...cells]]);
}

function queueTable({ run, summary }: Analysis): Table[] {
  if (run.devices.length === 0) return [];
  const counts = HEALTHS.map((health) => plain(summary.queues[health]));
  const columns = [{ title: 'Queues' }, ...HEALTHS.map((title) => ({ title, numbers: true as const }))];
  return [{ kind: 'table', columns, rows: [[plain(''), ...counts]] }];
}

/** What is isolated, and what goes there all the same. */
function isolationFacts(analysis: Analysis): Block[] {
  const facts = isolationFact(analysis);
  return facts.length === 0 ? [] : [{ kind: 'facts', facts }];
}

function findingTable(findings: readonly Finding[]): Table[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => [
    plain(`${LEVEL_SIGNS[finding.level]} ${finding.level}`),
    code(finding.rule),
    place(finding),
    plain(finding.message),
  ]);
  return [table(['Level', 'Rule', 'Place', 'Finding'], rows)];
}

/** One line on what does not count: rules, and why each. */
function suppressedLine({ suppressed }: Analysis): Block[] {
  if (suppressed.length === 0) return [];
  const reasons = new Map(
    suppressed.map((one) => [JSON.stringify([one.finding.rule, suppressionReason(one)]), one] as const),
  );
  const why = [...reasons.values()].flatMap((one, n): Inline[] => [
    n === 0 ? '' : ', ',
    { code: one.finding.rule },
    `: ${suppressionReason(one)}`,
  ]);
  const text = [`${count(suppressed.length, 'finding')} suppressed: `, ...why.flat(), '.'];
  return [{ kind: 'paragraph', text }];
}

/** Causes and changes, for who opens them. */
function details(findings: readonly Finding[]): Block[] {
  const explained = findings.filter(({ cause, fix }) => cause.length + fix.length > 0);
  if (explained.length === 0) return [];
  return [{ kind: 'folded', summary: 'Why, and what to change', blocks: findingBlocks(explained, []) }];
}

function machineEntry(analysis: Analysis): Entry {
  const { findings, machine, summary, suppressed } = analysis;
  const { verdict, errors, warnings, notes } = summary;
  const title = machineTitle(analysis);
  const sentence = verdictSentence(analysis);
  const name = machine.name === '' ? '' : `, name: ${machine.name}`;
  return {
    verdict,
    row: [code(title), plain(errors), plain(warnings), plain(notes), plain(sentence)],
    section: [
      headline(verdict, title),
      { kind: 'paragraph', text: `${sentence}.` },
      { kind: 'paragraph', text: `Linux ${machine.kernel.text} on ${machine.platform}${name}` },
      cpuTable(analysis),
      ...queueTable(analysis),
      ...isolationFacts(analysis),
      ...findingTable(findings),
      ...details(findings),
      ...suppressedLine(analysis),
    ],
    remarkable: findings.length + suppressed.length > 0,
  };
}

function unreadableEntry(input: string, error: InputError): Entry {
  const problems = placedProblems(input, error).map(({ place: { file, line, column }, message }) => ({
    text: `${file}:${line}:${column} ${message}`,
    marked: [{ code: `${file}:${line}:${column}` }, ` ${message}`],
  }));
  const items = problems.map(({ marked }) => marked);
  return {
    verdict: 'unreadable',
    row: [code(input), plain(''), plain(''), plain(''), problems[0]],
    section: [headline('unreadable', input), { kind: 'list', items }],
    remarkable: true,
  };
}

function overview(entries: readonly Entry[]): Section {
  const counts = (['fail', 'warn', 'pass', 'unreadable'] as const)
    .map((verdict) => ({ verdict, n: entries.filter((entry) => entry.verdict === verdict).length }))
    .filter(({ n }) => n > 0)
    .map(({ verdict, n }) => `${n} ${verdict}`);
  const numbers = ['Errors', 'Warnings', 'Notes'].map((title) => ({ title, numbers: true as const }));
  const columns = [{ title: 'Verdict' }, { title: 'Machine' }, ...numbers, { title: 'In short' }];
  const rows = entries.map(({ verdict, row }) => [plain(SIGNS[verdict].sign), ...row]);
  const text = `irqsim: ${entries.length} machines, ${counts.join(', ')}`;
  return [
    { kind: 'heading', level: 1, text },
    { kind: 'table', columns, rows },
  ];
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

const written = ({ section }: Entry): string => markdownDocument([section]);

/** The overview, then sections as long as they fit; the worst machines come first to them, in the order given. */
function severalMachines(entries: readonly Entry[]): string {
  const head = markdownDocument([overview(entries)]);
  const remarkable = entries.filter((entry) => entry.remarkable);
  const byNeed = [...remarkable].sort(
    (one, other) => NEED.indexOf(one.verdict) - NEED.indexOf(other.verdict),
  );
  let room = BYTES_MAX - utf8Length(head);
  const shown = new Map<Entry, string>();
  for (const entry of byNeed) {
    const text = written(entry);
    room -= utf8Length(text) + 1;
    if (room < 0) break;
    shown.set(entry, text);
  }
  const left = remarkable.length - shown.size;
  const rest = `${left} more of these machines have findings; they would make this longer than comments and summaries may be.`;
  const texts = remarkable.flatMap((entry) => shown.get(entry) ?? []);
  return [head, ...texts, ...(left > 0 ? [`${rest}\n`] : [])].join('\n');
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
      end: () => (entries.length > 1 ? severalMachines(entries) : entries.map(written).join('')),
    };
  },
};
