/** Comments of a text, and what each of them is about, for what they say to irqsim. */

/** From `start` up to `end`, by offsets in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Comment {
  /** What it says, without the signs around it. */
  readonly text: string;
  /** Where that begins. */
  readonly offset: number;
  /** Behind something: its line. Else what begins next, with all that is in it; null: nothing does. */
  readonly about: Span | null;
  /** The document, if nothing stands before the comment in it. */
  readonly head: Span | null;
  /** It is about a command of a script, which may have parts of its machine from lines before it. */
  readonly isCommand?: true;
}

/** Comments that a text may have for irqsim. */
export const MAX_COMMENTS = 1000;

/** Finds the comments of a text that are for irqsim, one more than it may have at most. Never throws: a text that a reader refuses may have any. */
export type FindComments = (text: string) => Promise<readonly Comment[]>;

/** The line that an offset is on, without its end. */
export function lineAt(text: string, offset: number): Span {
  const end = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length : end };
}

/** Whether only blanks stand before an offset on its line. */
export const beginsLine = (text: string, offset: number): boolean =>
  text.slice(lineAt(text, offset).start, offset).trim() === '';

/** A comment whose document and whose subject are still to come. */
export interface Draft {
  readonly text: string;
  readonly offset: number;
  about: Span | null;
  head: Span | null;
  isCommand?: true;
}

/** What comments for irqsim begin with. */
const OURS = /^\s*irqsim\b/i;

/** The comment between `start` and `end`, its signs left out; undefined if it is not for irqsim. */
export function draftOf(text: string, start: number, end: number): Draft | undefined {
  const raw = text.slice(start, end);
  if (!OURS.test(raw)) return undefined;
  return { text: raw.trim(), offset: start + raw.length - raw.trimStart().length, about: null, head: null };
}
