/** Changes carried out on a machine, and the machine analysed again. */
import type { Analysis } from '../../findings/analyze.ts';
import { assignments, type Description } from '../../findings/remedies/parts/assignments.ts';
import { type Change, type Context, describedBy } from '../../findings/remedies/remedy.ts';
import type { Level } from '../../findings/rules/rule.ts';
import { type JudgeSettings, judge } from '../../findings/triage/judge.ts';
import { editorOf } from '../../formats/index.ts';
import type { Intent } from '../../formats/intent.ts';
import type { Defines } from '../../formats/reader.ts';
import type { Stack } from '../../formats/stack.ts';
import { InputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import { type MachineSource, originOf, readSources } from '../source.ts';
import { inTheWay } from './goal.ts';

/** The machine that is advised on, as it was read. */
export interface Subject {
  readonly source: MachineSource;
  /** Text of the input; null where it has none, as a directory. */
  readonly text: string | null;
  /** Which machine of the input it is. */
  readonly index: number;
  readonly stack: Stack;
  /** `--define` of the user. */
  readonly defines?: Defines | undefined;
  /** `--set` and `--event` of the user, in order. */
  readonly changes: readonly string[];
  readonly settings: JudgeSettings;
}

/** A machine on the way: its text, and what is set on top of it. */
export interface Form {
  readonly source: MachineSource;
  readonly text: string | null;
  readonly stack: Stack;
  /** Assignments after those of the user. */
  readonly sets: readonly string[];
  /** Changes that the text holds, and those that it has no place for. */
  readonly written: readonly Change[];
  readonly elsewhere: readonly Change[];
}

/** A form that makes a machine. */
export interface Draught {
  readonly form: Form;
  readonly machine: Machine;
  readonly description: Description;
  /** The same for the same machine. */
  readonly key: string;
}

/** A machine that was analysed. */
export interface Trial extends Draught {
  readonly analysis: Analysis;
}

/** How a change is carried out: on the description, or in the text as far as it has a place for it. */
export type Step = (subject: Subject, draught: Draught, change: Change) => Promise<Draught | null>;

/** The machine as it was read. */
export function formOf({ source, text, stack }: Subject): Form {
  return { source, text, stack, sets: [], written: [], elsewhere: [] };
}

/** The machine of a form, without what the description expects of it; null if it is none. */
export function draughtOf(subject: Subject, form: Form): Draught | null {
  try {
    const origin = originOf(form.source, [...subject.changes, ...form.sets]);
    const machine = varied(origin, []);
    const { description } = origin.given;
    const key = JSON.stringify([description, form.stack, machine.imported?.refusals.length ?? 0]);
    return { form, machine, description, key };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

export function tryOut(subject: Subject, draught: Draught): Trial {
  return { ...draught, analysis: judge(draught.machine, subject.settings) };
}

/** The machine as the remedies see it; findings of this level and above have to go. */
export function contextOf({ analysis, description, form }: Trial, level: Level): Context {
  const rules = new Set(inTheWay(analysis, level).map(({ rule }) => rule));
  return { analysis, description, format: form.source.format, stack: form.stack, inTheWay: rules };
}

/** Reads a text as the source was read; null if the reader refuses it. */
async function reread(
  { source, index, defines }: Subject,
  text: string,
  stack: Stack,
): Promise<MachineSource | null> {
  try {
    const bytes = new TextEncoder().encode(text);
    const sources = await readSources({ bytes, file: source.file, from: source.format, stack, defines });
    return sources[index] ?? null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The form under another version of a product; null where there is no text that could be read again. */
async function withStack(
  subject: Subject,
  form: Form,
  intent: Extract<Intent, { kind: 'stack' }>,
): Promise<Form | null> {
  if (form.text === null) return null;
  const stack = { ...form.stack, [intent.product]: intent.version };
  const source = await reread(subject, form.text, stack);
  return source && { ...form, source, stack };
}

/** The change as assignments on top. */
async function setOnTop(subject: Subject, draught: Draught, change: Change): Promise<Form | null> {
  let form: Form | null = {
    ...draught.form,
    sets: [...draught.form.sets, ...assignments(describedBy(change), draught.description)],
    elsewhere: [...draught.form.elsewhere, change],
  };
  for (const intent of change.intents) {
    if (form && intent.kind === 'stack') form = await withStack(subject, form, intent);
  }
  return form;
}

/** The change in the text; null where the text has no place for it. */
async function writeIn(subject: Subject, { form }: Draught, change: Change): Promise<Form | null> {
  const editor = editorOf(form.source.format);
  let { text, source } = form;
  if (!editor || text === null) return null;
  for (const intent of change.intents) {
    const { raw } = source.result;
    const edited: string | null = await editor.edit({
      text,
      raw,
      index: subject.index,
      intent,
      stack: form.stack,
      defines: subject.defines,
    });
    const again = edited === null ? null : await reread(subject, edited, form.stack);
    if (edited === null || again === null) return null;
    text = edited;
    source = again;
  }
  return { ...form, text, source, written: [...form.written, change] };
}

/** Changes the description only. */
export const bySets: Step = async (subject, draught, change) => {
  const form = await setOnTop(subject, draught, change);
  return form && draughtOf(subject, form);
};

/** Changes the text; what it has no place for is set on top. */
export const byText: Step = async (subject, draught, change) => {
  const form = (await writeIn(subject, draught, change)) ?? (await setOnTop(subject, draught, change));
  return form && draughtOf(subject, form);
};
