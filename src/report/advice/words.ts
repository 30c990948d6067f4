/** What every form of the advice says in the same words: headline, changes in the input's language, gains. */

import { cpusInDoubt, whyAllUnknown } from '../../findings/rules/facts/unknown-cpus.ts';
import { count, type Finding } from '../../findings/rules/rule.ts';
import { whyNotEdited } from '../../formats/index.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { type Advice, type Answer, answerToWrite } from '../../questions/advise/advise.ts';
import { differenceSentence, verdictWord } from '../difference/sentence.ts';
import { machineTitle } from '../wording/verdict-sentence.ts';

/** Title of the machine; its name too where the input holds several. */
export function titleOf({ before, subject }: Advice, several: boolean): string {
  const title = machineTitle(before);
  return several ? `${title} (${before.machine.name || `machine ${subject.index + 1}`})` : title;
}

/** CPUs of which it is not known whether interrupts reach them: no advice holds for them. */
export const unknownCpus = ({ before }: Advice): CpuMask => before.domains[0].unknown;

/** Formats that show what a machine is, but not all of it. */
const IN_PARTS: readonly string[] = ['acpi', 'machine'];

/** Which CPUs they are; empty if there are none. */
export function unknownTexts(advice: Advice): readonly string[] {
  const { before } = advice;
  const unknown = unknownCpus(advice);
  if (unknown.isEmpty()) return [];
  const cpus = `${count(unknown.weight(), 'CPU')} (${shortenList(unknown.toString())})`;
  const why = cpusInDoubt(before).isEmpty()
    ? 'their APIC IDs are not known before they are plugged'
    : whyAllUnknown(before, unknown);
  return [`${cpus}: ${why}, so nothing is said of them`];
}

/** What is taken for a fact although such an input does not tell it. */
export function assumedTexts({ before: { machine } }: Advice): readonly string[] {
  const { format, assumptions } = machine.imported ?? { format: '', assumptions: [] };
  return IN_PARTS.includes(format) ? assumptions.map(({ text }) => text) : [];
}

const ANSWERS: Readonly<Record<Advice['status'], (advice: Advice) => string>> = {
  'nothing-to-fix': (advice) => {
    const { level } = advice;
    const unknown = unknownCpus(advice).weight();
    const unsure = unknown > 0 ? `; ${count(unknown, 'CPU')} unknown` : '';
    return `nothing to fix: no finding of level ${level}${level === 'error' ? '' : ' or above'}${unsure}`;
  },
  advised: ({ answers: [{ changes }] }) => `with ${count(changes.length, 'change')}`,
  'no-change-helps': () => 'no change helps',
  'not-found': ({ runs }) =>
    `no answer found in ${count(runs, 'analysis', 'analyses')}; whether there is one is not known`,
};

/** "FAIL → PASS", and "with 1 change". */
export function headlineOf(advice: Advice): { readonly verdict: string; readonly says: string } {
  const [first] = advice.answers;
  const before = verdictWord(advice.before);
  const verdict = first ? `${before} → ${verdictWord(first.difference.after)}` : before;
  return { verdict, says: ANSWERS[advice.status](advice) };
}

/** What comes of an answer: gained, lost, gone. */
export const gainsOf = ({ difference }: Answer): string => differenceSentence(difference);

/** What a person has less of. */
export function givenUp({ changes }: Answer): readonly string[] {
  return changes.flatMap(({ givesUp }) => givesUp ?? []);
}

/** "analysed again: no error left (1 warning, 2 notes)". */
export function proofOf({ level }: Advice, { difference }: Answer): string {
  const { errors, warnings, notes } = difference.after.summary;
  const kinds = [
    [errors, 'error'],
    [warnings, 'warning'],
    [notes, 'note'],
  ] as const;
  const left = kinds.filter(([n]) => n > 0).map(([n, kind]) => count(n, kind));
  const gone = level === 'error' ? 'no error is left' : `no finding of level ${level} or above is left`;
  return `analysed again: ${gone}${left.length > 0 ? ` (${left.join(', ')})` : ''}`;
}

const reasonOf = (format: string): string => {
  const why = whyNotEdited(format);
  return why === undefined ? '' : `: ${why}`;
};

/** What can be written into the input, or why nothing can. */
export function fileText(advice: Advice, answer: Answer): string {
  const { subject, answers } = advice;
  const { file, changes } = answer;
  if (file === null) {
    return subject.text === null
      ? 'the input is not a text that could be changed'
      : `nothing of it can be written into this input${reasonOf(subject.source.format)}`;
  }
  const choose = answer === answerToWrite(advice) ? '' : ` --choose ${answers.indexOf(answer) + 1}`;
  if (file.elsewhere.length === 0) return `irqsim advise --fix${choose} writes it, --patch${choose} shows it`;
  return `irqsim advise --fix${choose} writes ${file.written.length} of ${count(changes.length, 'change')}; elsewhere: ${file.elsewhere.map(({ title }) => title).join('; ')}`;
}

/** Options of `irqsim whatif` that show an answer in full; none where they alone do not prove it. */
export function whatifOptions({ sets, stack, setsProve }: Answer): readonly string[] {
  if (!setsProve) return [];
  return [
    ...sets.map(
      (set) => `--set ${/[\s"'{}[\]();&|<>$*?]/.test(set) ? `'${set.replaceAll("'", "'\\''")}'` : set}`,
    ),
    ...(stack.length > 0 ? [`--stack-after ${stack.join(',')}`] : []),
  ];
}

/** "bare-metal-apic-limit (error): message". */
export const findingText = ({ rule, level, message }: Finding): string => `${rule} (${level}): ${message}`;

/** "the extended destination ID (2), interrupt remapping (1)": what was tried, and how often. */
export function triedText({ tried, runs }: Advice): string {
  if (tried.length === 0) return 'nothing: no change to a machine is known for this';
  const parts = tried.map(({ title, changes }) => `${title} (${changes})`);
  return `${parts.join(', ')}; ${count(runs, 'analysis', 'analyses')}`;
}

/** Said where the budget ended the search. */
export const CUT_SHORT = 'the search ended at its budget (--budget): there may be other answers';
