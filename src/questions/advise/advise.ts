/** The advice on one machine: the cheapest sets of changes after which no finding of a level is left, proved. */
import type { Analysis } from '../../findings/analyze.ts';
import { REMEDIES } from '../../findings/remedies/index.ts';
import { losesSilently } from '../../findings/remedies/parts/worse.ts';
import type { Change } from '../../findings/remedies/remedy.ts';
import type { Finding, Level } from '../../findings/rules/rule.ts';
import { judge } from '../../findings/triage/judge.ts';
import { describe } from '../source.ts';
import { type Difference, differenceOf } from '../whatif/difference.ts';
import { aboutWriting, inTheWay } from './goal.ts';
import { type WhyNot, whyNot } from './incurable.ts';
import { type Found, search } from './search.ts';
import {
  bySets,
  byText,
  type Draught,
  draughtOf,
  formOf,
  type Subject,
  type Trial,
  tryOut,
} from './trial.ts';

export interface AdviceOptions {
  /** Findings of this level and above have to go; undefined: errors, or warnings where there is no error. */
  readonly level?: Level | undefined;
  /** Answers that are wanted. */
  readonly max: number;
  /** Machines that may be analysed; undefined: as many as take seconds. */
  readonly budget?: number | undefined;
}

/** The input with an answer written in. */
export interface FileFix {
  readonly text: string;
  readonly written: readonly Change[];
  /** Changes that the file has no place for. */
  readonly elsewhere: readonly Change[];
}

/** A set of changes that was proved. */
export interface Answer {
  readonly changes: readonly Change[];
  readonly cost: number;
  /** Assignments that do the same to the description, in order. */
  readonly sets: readonly string[];
  /** Versions of products that are part of it, as `--stack` takes them. */
  readonly stack: readonly string[];
  /** The assignments prove it by themselves: what a product refuses is lifted in its own configuration only. */
  readonly setsProve: boolean;
  /** The proof, compared with the machine as it is. */
  readonly difference: Difference;
  /** Null where nothing of it can be written into the input. */
  readonly file: FileFix | null;
}

/** What came of looking for changes. */
export interface Advice {
  readonly subject: Subject;
  readonly level: Level;
  readonly before: Analysis;
  /** not-found: the budget ended the search before it had an answer. */
  readonly status: 'nothing-to-fix' | 'advised' | 'no-change-helps' | 'not-found';
  /** Findings that have to go. */
  readonly inTheWay: readonly Finding[];
  /** Findings about what was written, which no change to the machine concerns. */
  readonly aboutWriting: readonly Finding[];
  readonly answers: readonly Answer[];
  /** The nearest that was found: its changes, the findings that stay, and why. Null where there is an answer. */
  readonly nearest: { readonly changes: readonly Change[]; readonly stays: readonly WhyNot[] } | null;
  /** What was tried, by remedy. */
  readonly tried: readonly { readonly remedy: string; readonly title: string; readonly changes: number }[];
  /** Machines that were analysed. */
  readonly runs: number;
  /** The budget ended the search: there may be other answers. */
  readonly cutShort: boolean;
}

const MOST_RUNS = 2000;
const LEAST_RUNS = 20;
/** CPUs and queues that can be analysed again and again within seconds. */
const AFFORDABLE = 400_000;

/** Fewer runs for a machine that takes longer. */
function defaultBudget({ machine, run }: Analysis): number {
  const size = machine.cpus.length + run.devices.reduce((sum, { queues }) => sum + queues.length, 0);
  return Math.min(MOST_RUNS, Math.max(LEAST_RUNS, Math.floor(AFFORDABLE / size)));
}

/** The set written into the text of the input; null if that does not prove it, or nothing is written. */
async function fileFix(
  subject: Subject,
  start: Trial,
  { changes }: Found,
  level: Level,
): Promise<FileFix | null> {
  let draught: Draught | null = start;
  for (const change of changes) draught = draught && (await byText(subject, draught, change));
  if (!draught || draught.form.text === null || draught.form.written.length === 0) return null;
  const { analysis } = tryOut(subject, draught);
  if (inTheWay(analysis, level).length > 0 || losesSilently(start.analysis, analysis, changes)) return null;
  const { text, written, elsewhere } = draught.form;
  return { text, written, elsewhere };
}

/** Of several assignments to one key the last counts. */
function lastOfEach(sets: readonly string[]): readonly string[] {
  const keyOf = (set: string) => set.slice(0, set.indexOf('='));
  return sets.filter((set, n) => !sets.slice(n + 1).some((later) => keyOf(later) === keyOf(set)));
}

/** Assignments of a set, one change after the other; versions as `--stack` takes them. */
async function assigned(
  subject: Subject,
  start: Trial,
  { changes }: Found,
  level: Level,
): Promise<Pick<Answer, 'sets' | 'stack' | 'setsProve'>> {
  let draught: Draught | null = start;
  for (const change of changes) draught = draught && (await bySets(subject, draught, change));
  const stack = changes
    .flatMap(({ intents }) => intents)
    .flatMap((intent) => (intent.kind === 'stack' ? [`${intent.product}=${intent.version}`] : []));
  return {
    sets: lastOfEach(draught?.form.sets ?? changes.flatMap(({ sets }) => sets)),
    stack,
    setsProve: draught !== null && inTheWay(tryOut(subject, draught).analysis, level).length === 0,
  };
}

async function answerOf(subject: Subject, start: Trial, found: Found, level: Level): Promise<Answer> {
  return {
    changes: found.changes,
    cost: found.changes.reduce((sum, { cost }) => sum + cost, 0),
    ...(await assigned(subject, start, found, level)),
    difference: differenceOf(start.analysis, found.trial.analysis),
    file: await fileFix(subject, start, found, level),
  };
}

/** What a hypervisor refuses is seen in the text only. */
function needsText({ analysis }: Trial, level: Level): boolean {
  return inTheWay(analysis, level).some(({ rule }) => rule === 'hypervisor-refuses');
}

/** The machine as it was read. Throws InputError for one that is wrong. */
function begin(subject: Subject, asked: Level | undefined) {
  const { machine } = describe(subject.source, subject.changes);
  const draught = draughtOf(subject, formOf(subject));
  if (!draught) throw new RangeError('a description that can be read is wrong without what it expects');
  const start = tryOut(subject, draught);
  const written = judge(machine, subject.settings);
  const any = (one: Level) => inTheWay(start.analysis, one).length + aboutWriting(written, one).length > 0;
  const level: Level = asked ?? (!any('error') && any('warning') ? 'warning' : 'error');
  return { start, level, written: aboutWriting(written, level) };
}

/** The answer to write where nobody chose: the cheapest that the file has a place for, all of it if any. */
export function answerToWrite({ answers }: Pick<Advice, 'answers'>): Answer | undefined {
  const whole = answers.find(({ file }) => file?.elsewhere.length === 0);
  return whole ?? answers.find(({ file }) => file !== null) ?? answers[0];
}

/** Looks for answers. The machine must be one that can be analysed: throws InputError if it is not. */
export async function advise(subject: Subject, options: AdviceOptions): Promise<Advice> {
  const { max } = options;
  const { start, level, written } = begin(subject, options.level);
  const blocking = inTheWay(start.analysis, level);
  const common = { subject, level, before: start.analysis, inTheWay: blocking, aboutWriting: written };
  if (blocking.length === 0) {
    const status = written.length > 0 ? 'no-change-helps' : 'nothing-to-fix';
    const nearest = written.length > 0 ? { changes: [], stays: whyNot(written, start.analysis, 0) } : null;
    return { ...common, status, answers: [], nearest, tried: [], runs: 0, cutShort: false };
  }
  const result = await search({
    subject,
    start,
    remedies: REMEDIES,
    step: needsText(start, level) ? byText : bySets,
    level,
    max,
    budget: options.budget ?? defaultBudget(start.analysis),
  });
  const answers: Answer[] = [];
  for (const found of result.answers) answers.push(await answerOf(subject, start, found, level));
  const { best, tried, runs, cutShort } = result;
  const left = inTheWay(best.trial.analysis, level);
  return {
    ...common,
    status: answers.length > 0 ? 'advised' : cutShort ? 'not-found' : 'no-change-helps',
    answers,
    nearest:
      answers.length > 0 ? null : { changes: best.changes, stays: whyNot(left, best.trial.analysis, runs) },
    tried: REMEDIES.filter(({ name }) => tried.has(name)).map(({ name, title }) => ({
      remedy: name,
      title,
      changes: tried.get(name) ?? 0,
    })),
    runs,
    cutShort,
  };
}
