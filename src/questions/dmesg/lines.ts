/** The lines of a kernel log that irqsim understands, repeated ones together. */
import { explainLine } from '../../findings/explain/explain.ts';
import type { LogLine } from '../../formats/kernel-log/line.ts';
import { toldBy } from './told.ts';

export interface AnnotatedLine {
  /** Line of the input, from 1: of the first, where there are several. */
  readonly line: number;
  readonly text: string;
  /** Name for `irqsim explain`; null: the line tells a value and needs no explanation. */
  readonly entry: string | null;
  readonly means: string;
  /** It is, or may be, a sign of trouble. */
  readonly matters: boolean;
  /** Whether it matters, in words; null: what it means says it. */
  readonly mattersText: string | null;
  /** How often lines like it stand there, with other numbers. */
  readonly times: number;
  readonly last: number;
}

type Meaning = Pick<AnnotatedLine, 'entry' | 'means' | 'matters' | 'mattersText'>;

/** Numbers that tell lines of one kind apart. */
const kindOf = (text: string): string => text.replace(/0x[0-9a-f]+|\b[0-9a-f]*\d[0-9a-f]*\b/gi, 'N');

/** `found`: rules that report something about this machine. */
function meaningOf(text: string, found: ReadonlySet<string>): Meaning | undefined {
  const told = toldBy(text);
  if (told !== undefined) return { entry: null, means: told, matters: false, mattersText: null };
  const answer = explainLine(text, ({ name, level }) => found.has(name) || level === 'error');
  if (answer?.kind === 'rule') {
    const { name, summary } = answer.rule;
    return { entry: name, means: summary, matters: true, mattersText: null };
  }
  if (!answer) return undefined;
  const { name, meaning, matters, routine } = answer.entry;
  return { entry: name, means: meaning, matters: routine !== true, mattersText: matters };
}

/** In the order in which the first of each kind stands. */
export function annotated(lines: readonly LogLine[], found: ReadonlySet<string>): AnnotatedLine[] {
  const meanings = new Map<string, Meaning | undefined>();
  const groups = new Map<string, AnnotatedLine>();
  for (const { line, text } of lines) {
    if (!meanings.has(text)) meanings.set(text, meaningOf(text, found));
    const meaning = meanings.get(text);
    if (!meaning) continue;
    // Values are told apart by what they tell, messages by what they are about.
    const key = meaning.entry === null ? meaning.means : `${meaning.entry} ${kindOf(text)}`;
    const group = groups.get(key);
    if (group) groups.set(key, { ...group, times: group.times + 1, last: line });
    else groups.set(key, { line, text, ...meaning, times: 1, last: line });
  }
  return [...groups.values()];
}
