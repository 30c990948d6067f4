/** What `irqsim advise` proposes, as edits of the open text: the bytes are those that `--fix` writes. */
import type { CodeAction, CodeActionKind, Diagnostic, Range, WorkspaceEdit } from 'vscode-languageserver';
import { type Finding, LEVELS, type Level } from '../findings/rules/rule.ts';
import { visible } from '../lib/visible.ts';
import { type Advice, type Answer, advise, answerToWrite } from '../questions/advise/advise.ts';
import { readSources } from '../questions/source.ts';
import { fileText, gainsOf, givenUp } from '../report/advice/words.ts';
import { diagnosticsOf, rangeIn } from './diagnostics.ts';
import { editsBetween } from './edits.ts';
import { keysOf } from './elements.ts';
import type { Question } from './protocol.ts';
import type { Known, Read } from './text.ts';

/** Answers that `advise` looks for where nobody says. */
const MAX_ANSWERS = 3;
const FIX: CodeActionKind = 'quickfix';
const FIX_ALL: CodeActionKind = 'source.fixAll.irqsim';

/** The text `after`, as edits of the open text. */
function editTo(after: string, { open, places }: Known, versioned: boolean): WorkspaceEdit {
  const edits = editsBetween(open.text, after).map(({ start, end, text }) => ({
    range: places.range(start, end),
    newText: text,
  }));
  const { uri, version } = open;
  return versioned
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}

/** Advice on a machine of a text, as `advise` gives it: `level` undefined is what it takes where nobody says. */
function adviseOn(
  { source, index }: Pick<Read, 'source' | 'index'>,
  text: string,
  { reading }: Known,
  level: Level | undefined,
): Promise<Advice> {
  const { stack, defines, settings } = reading;
  const subject = { source, text, index, stack, defines, changes: [], settings };
  return advise(subject, { level, max: MAX_ANSWERS });
}

/** "Set x (kernel parameters): 2 CPUs gained; gives up 4 slots; not in this file: update QEMU". */
function titleOf(answer: Answer, { source }: Read): string {
  const { changes, file } = answer;
  const written = file?.written ?? changes;
  const elsewhere = file?.elsewhere ?? [];
  const parts = [
    `${written.map(({ title }) => title).join(', and ')}: ${gainsOf(answer)}`,
    ...givenUp(answer).map((what) => `gives up ${what}`),
    ...(elsewhere.length > 0
      ? [`not in this file: ${elsewhere.map(({ title }) => title).join(', and ')}`]
      : []),
    // It would now fail, or hold by accident.
    ...(keysOf(source.result.raw.value).includes('expect') ? ['revise `expect`'] : []),
  ];
  return visible(parts.join('; '));
}

/** The diagnostics of findings that an answer takes away. */
function takenAway({ difference }: Answer, read: Read, known: Known): Diagnostic[] {
  const gone = new Set(difference.findings.gone.map(({ rule }) => rule));
  return diagnosticsOf({ ...known, read: [read], problems: [] }).filter(({ code }) => gone.has(`${code}`));
}

function actionOf(
  answer: Answer,
  advice: Advice,
  read: Read,
  known: Known,
  { disabled, versioned }: Question<'actions'>,
): CodeAction[] {
  const common = { title: titleOf(answer, read), kind: FIX, diagnostics: takenAway(answer, read, known) };
  if (!answer.file)
    return disabled ? [{ ...common, disabled: { reason: visible(fileText(advice, answer)) } }] : [];
  const isPreferred = answer === answerToWrite(advice);
  const edit = editTo(answer.file.text, known, versioned);
  return [{ ...common, ...(isPreferred ? { isPreferred } : {}), edit }];
}

const touches = (one: Range, other: Range): boolean =>
  one.start.line <= other.end.line && other.start.line <= one.end.line;

/** Findings of a machine whose diagnostics are on the lines of a range. */
function findingsAt(range: Range, read: Read, known: Known): readonly Finding[] {
  return read.analysis.findings.filter((finding) => touches(rangeIn(finding, read, known), range));
}

/** The level to reach, by the findings that somebody points at and what the project says; null: nobody points at any. */
function levelFor(findings: readonly Finding[], { reading }: Known): Level | undefined | null {
  if (findings.length === 0) return null;
  const pointed = LEVELS.find((level) => findings.some((finding) => finding.level === level));
  return pointed === 'error' || reading.level === 'note' ? reading.level : pointed;
}

/** One after the other, as `advise --fix` takes the machines of an input. Null where nothing is written. */
async function allWritten(known: Known): Promise<string | null> {
  const { open, format, reading } = known;
  const { stack, defines } = reading;
  let text = open.text;
  for (const { index } of known.read) {
    const bytes = new TextEncoder().encode(text);
    const sources = await readSources({ bytes, file: open.file, from: format, stack, defines });
    const answer = answerToWrite(
      await adviseOn({ source: sources[index], index }, text, known, known.reading.level),
    );
    text = answer?.file?.text ?? text;
  }
  return text === open.text ? null : text;
}

/** All that `advise --fix` writes; none where a machine cannot be read, as there. */
async function fixAll(known: Known, versioned: boolean): Promise<CodeAction[]> {
  if (known.problems.length > 0) return [];
  const text = await allWritten(known);
  if (text === null) return [];
  return [
    { title: 'Write what irqsim advise --fix writes', kind: FIX_ALL, edit: editTo(text, known, versioned) },
  ];
}

/** What can be done about the findings in a range. */
export async function actionsOf(known: Known, question: Question<'actions'>): Promise<CodeAction[]> {
  const { range, all, versioned } = question;
  if (all) return fixAll(known, versioned);
  const actions: CodeAction[] = [];
  for (const read of known.read) {
    const level = levelFor(findingsAt(range, read, known), known);
    if (level === null) continue;
    const advice = await adviseOn(read, known.open.text, known, level);
    actions.push(...advice.answers.flatMap((answer) => actionOf(answer, advice, read, known, question)));
  }
  return actions;
}
