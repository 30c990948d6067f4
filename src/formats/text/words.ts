/** Kernel parameters as the words of a text: some are taken out, others put in, the rest stays as it stands. */
import { applyEdits, insertion, type TextEdit } from './text-edits.ts';

export interface WordChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

interface ParameterWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words between blanks; double quotes keep together, as in the kernel's next_arg(). */
function wordsIn(text: string): ParameterWord[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The words of a command line. */
export function parametersOf(text: string): readonly string[] {
  return wordsIn(text).map((word) => word.text);
}

/**
 * Edits that make a change. What is added takes the place of the first word removed, or stands behind the last
 * one that the kernel reads: what follows "--" is for init. Null if a word to be removed is not there.
 */
export function wordEdits(text: string, { add, remove }: WordChange): readonly TextEdit[] | null {
  const words = wordsIn(text);
  const dashes = words.findIndex((word) => word.text === '--');
  const body = dashes < 0 ? words : words.slice(0, dashes);
  const leaving = body.filter((word) => remove.includes(word.text));
  if (remove.some((wanted) => !leaving.some((word) => word.text === wanted))) return null;
  const added = add.filter((word) => !body.some((one) => one.text === word && !leaving.includes(one)));
  const put = added.join(' ');
  if (leaving.length === 0) {
    if (put === '') return [];
    const last = body.at(-1);
    if (last) return [insertion(last.end, ` ${put}`)];
    const next = words.at(0);
    return [insertion(next?.start ?? text.length, next ? `${put} ` : put)];
  }
  return leaving.map((word, index) =>
    index === 0 && put !== ''
      ? { start: word.start, end: word.end, text: put }
      : removal(text, words, leaving, word),
  );
}

/** Takes a word out with the blanks before it, or behind it if no word before it stays. */
function removal(
  text: string,
  words: readonly ParameterWord[],
  leaving: readonly ParameterWord[],
  word: ParameterWord,
): TextEdit {
  const index = words.indexOf(word);
  const staysBefore = words.slice(0, index).some((other) => !leaving.includes(other));
  if (staysBefore) return { start: words[index - 1].end, end: word.end, text: '' };
  return { start: word.start, end: words.at(index + 1)?.start ?? text.trimEnd().length, text: '' };
}

/** A command line with the change made; null as {@link wordEdits}. */
export function changeWords(text: string, change: WordChange): string | null {
  const edits = wordEdits(text, change);
  return edits && applyEdits(text, edits);
}

/**
 * The same for a text that stands in a source from `start` up to `end`, quoted or folded there: null if the words
 * of the source are not those of `text`.
 */
export function sourceWordEdits(
  source: string,
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
  change: WordChange,
): readonly TextEdit[] | null {
  const slice = source.slice(start, end);
  if (parametersOf(slice).join('\n') !== parametersOf(text).join('\n')) return null;
  const edits = wordEdits(slice, change);
  return edits?.map((edit) => ({ ...edit, start: start + edit.start, end: start + edit.end })) ?? null;
}
