/** What the records of a batch say together: which rules are broken how often, the worst machines, what was not read. */
import { LEVELS } from '../findings/rules/rule.ts';
import { lookup } from '../lib/lookup.ts';
import { grouped } from '../machine/limits.ts';
import type { Block, Cell, Column, Document, Headline, Section } from './document/block.ts';
import type { BatchRecord } from './record.ts';
import { LEVEL_TONES, VERDICT_TONES } from './wording/verdict-tone.ts';

/** Machines that are listed, and inputs that could not be read. */
const LISTED = 50;
/** Examples of a rule. */
const EXAMPLES = 2;

/** What is read of a record; older versions of irqsim may lack some of it. */
type Entry = BatchRecord & {
  readonly cpus?: {
    readonly present?: { readonly count: number };
    readonly unreachable?: { readonly count: number };
  };
  readonly queues?: Readonly<Partial<Record<string, number>>>;
  readonly findings?: readonly { readonly rule: string; readonly level: string }[];
};

interface RuleCount {
  readonly rule: string;
  readonly level: string;
  machines: number;
  readonly examples: string[];
}

interface Machine {
  readonly id: string;
  readonly verdict: 'warn' | 'fail';
  readonly present: number;
  readonly unreachable: number;
  readonly dead: number;
  readonly rules: readonly string[];
}

/** Sums of records, of a size that does not grow with their number. */
export interface Fleet {
  readonly verdicts: { pass: number; warn: number; fail: number };
  unread: number;
  /** By rule and level. */
  readonly rules: Map<string, RuleCount>;
  /** The worst machines, in no order; see {@link worst}. */
  machines: Machine[];
  readonly problems: { readonly id: string; readonly message: string }[];
}

export const emptyFleet = (): Fleet => ({
  verdicts: { pass: 0, warn: 0, fail: 0 },
  unread: 0,
  rules: new Map(),
  machines: [],
  problems: [],
});

const rankOf = (level: string): number => {
  const rank = LEVELS.findIndex((one) => one === level);
  return rank < 0 ? LEVELS.length : rank;
};

/** The gravest first, then the most frequent, then by name. */
const gravest = ({ rules }: Fleet): RuleCount[] =>
  [...rules.values()].sort(
    (a, b) => rankOf(a.level) - rankOf(b.level) || b.machines - a.machines || (a.rule < b.rule ? -1 : 1),
  );

/** Failing machines before others, then by CPUs that are lost, then by dead queues; a stable order otherwise. */
const worst = (machines: readonly Machine[]): Machine[] =>
  [...machines]
    .sort(
      (a, b) =>
        Number(b.verdict === 'fail') - Number(a.verdict === 'fail') ||
        b.unreachable - a.unreachable ||
        b.dead - a.dead,
    )
    .slice(0, LISTED);

/** Adds one record. */
export function addRecord(fleet: Fleet, record: Entry): void {
  const { id, verdict, error, cpus, queues, findings = [] } = record;
  if (error !== undefined || verdict === undefined) {
    fleet.unread++;
    if (fleet.problems.length < LISTED) fleet.problems.push({ id, message: error?.message ?? 'no verdict' });
    return;
  }
  fleet.verdicts[verdict]++;
  const byRule = new Map(findings.map((finding) => [`${finding.level} ${finding.rule}`, finding]));
  for (const [key, { rule, level }] of byRule) {
    const known = fleet.rules.get(key) ?? { rule, level, machines: 0, examples: [] };
    known.machines++;
    if (known.examples.length < EXAMPLES) known.examples.push(id);
    fleet.rules.set(key, known);
  }
  if (verdict === 'pass') return;
  const level = verdict === 'fail' ? 'error' : 'warning';
  const rules = [...new Set(findings.filter((one) => one.level === level).map(({ rule }) => rule))];
  const unreachable = cpus?.unreachable?.count ?? 0;
  fleet.machines.push({
    id,
    verdict,
    present: cpus?.present?.count ?? 0,
    unreachable,
    dead: queues?.dead ?? 0,
    rules,
  });
  if (fleet.machines.length > 4 * LISTED) fleet.machines = worst(fleet.machines);
}

const numbers = { numbers: true } as const;

function headline({ verdicts: { pass, warn, fail }, unread }: Fleet): Headline {
  const records = pass + warn + fail + unread;
  const verdict = fail > 0 ? 'fail' : warn > 0 ? 'warn' : 'pass';
  const unreadText = unread === 0 ? '' : `, ${grouped(unread)} not read`;
  return {
    kind: 'headline',
    level: 1,
    verdict: unread > 0 && fail === 0 ? 'UNREAD' : verdict.toUpperCase(),
    tone: unread > 0 ? 'bad' : VERDICT_TONES[verdict],
    title: `${grouped(records)} machine${records === 1 ? '' : 's'}`,
    text: `${grouped(fail)} fail, ${grouped(warn)} warn, ${grouped(pass)} pass${unreadText}`,
  };
}

const RULE_COLUMNS: readonly Column[] = [
  { title: 'Rule' },
  { title: 'Level' },
  { title: 'Machines', ...numbers },
  { title: 'For example', breaks: true },
];

function ruleRows(fleet: Fleet): Cell[][] {
  return gravest(fleet).map(({ rule, level, machines, examples }) => [
    { text: rule },
    { text: level, tone: lookup(LEVEL_TONES, level) ?? 'note' },
    { text: grouped(machines) },
    { text: examples.join(', ') },
  ]);
}

const MACHINE_COLUMNS: readonly Column[] = [
  { title: 'Machine', breaks: true },
  { title: 'Verdict' },
  { title: 'CPUs out of reach', ...numbers },
  { title: 'Dead queues', ...numbers },
  { title: 'Rules', breaks: true },
];

const machineRow = ({ id, verdict, present, unreachable, dead, rules }: Machine): Cell[] => [
  { text: id },
  { text: verdict.toUpperCase(), tone: VERDICT_TONES[verdict] },
  { text: `${grouped(unreachable)} of ${grouped(present)}` },
  { text: grouped(dead) },
  { text: rules.join(', ') },
];

const more = (shown: number, all: number, what: string): Block[] =>
  all > shown ? [{ kind: 'paragraph', tone: 'aside', text: `and ${grouped(all - shown)} more ${what}` }] : [];

/** The summary for people. */
export function fleetDocument(fleet: Fleet): Document {
  const { verdicts, unread, problems, rules } = fleet;
  const machines = worst(fleet.machines);
  const sections: Section[] = [
    [headline(fleet)],
    rules.size === 0
      ? []
      : [
          { kind: 'heading', level: 2, text: 'What is found' },
          { kind: 'table', columns: RULE_COLUMNS, rows: ruleRows(fleet) },
        ],
    machines.length === 0
      ? []
      : [
          { kind: 'heading', level: 2, text: 'The worst machines' },
          { kind: 'table', columns: MACHINE_COLUMNS, rows: machines.map(machineRow) },
          ...more(machines.length, verdicts.fail + verdicts.warn, 'that fail or warn'),
        ],
    problems.length === 0
      ? []
      : [
          { kind: 'heading', level: 2, text: 'Not read' },
          {
            kind: 'table',
            columns: [
              { title: 'Input', breaks: true },
              { title: 'Error', breaks: true },
            ],
            rows: problems.map(({ id, message }) => [{ text: id }, { text: message }]),
          },
          ...more(problems.length, unread, 'inputs'),
        ],
  ];
  return sections.filter((section) => section.length > 0);
}

/** The summary for programs. */
export function fleetJson(fleet: Fleet): object {
  const { verdicts, unread, problems } = fleet;
  return {
    records: verdicts.pass + verdicts.warn + verdicts.fail + unread,
    verdicts,
    unread,
    rules: gravest(fleet),
    machines: worst(fleet.machines),
    problems,
  };
}
