/** Changes words of a command line where they stand: in a script, between quotes, over continued lines. */
import type { Word } from './shell.ts';
import { beginsLine, indentOf, insertion, lineBreak, type TextEdit } from './text-edits.ts';

type Edits = readonly TextEdit[];

/** Offset of an insertion before the character of a word with this index. */
function offsetIn(word: Word, index: number): number {
  return index === 0 ? word.at(0) : word.at(index - 1) + 1;
}

/** Edits of a word's text, moved to where it stands; null if quotes or line breaks lie between. */
export function editsInWord(word: Word, edits: Edits): Edits | null {
  const moved = edits.map(({ start, end, text }) => {
    const from = start === end ? offsetIn(word, start) : word.at(start);
    return { start: from, end: start === end ? from : word.at(end - 1) + 1, text };
  });
  const isWhole = moved.every(
    (edit, index) => edit.end - edit.start === edits[index].end - edits[index].start,
  );
  return isWhole ? moved : null;
}

/** Extent of a word with the quotes around it. */
export function extentOf(text: string, word: Word): { readonly start: number; readonly end: number } {
  let [start, end] = [word.at(0), offsetIn(word, word.text.length)];
  if (/["']/.test(text[start - 1] ?? '')) start--;
  if (/["']/.test(text[end] ?? '')) end++;
  return { start, end };
}

/** A text as one word; null where a variable would lose its meaning. */
export function quotedWord(text: string): string | null {
  if (/[$`!]/.test(text)) return null;
  return text.includes("'") ? `"${text.replace(/["\\]/g, '\\$&')}"` : `'${text}'`;
}

/** Further words in front of one, on a line of their own if that one begins a continued line. */
export function wordsBefore(text: string, word: Word, words: string): TextEdit {
  const { start } = extentOf(text, word);
  const isContinued = beginsLine(text, start) && /\\\r?\n[ \t]*$/.test(text.slice(0, start));
  const gap = isContinued ? ` \\${lineBreak(text)}${indentOf(text, start)}` : ' ';
  return insertion(start, `${words}${gap}`);
}

/** Further words behind one. */
export function wordsAfter(text: string, word: Word, words: string): TextEdit {
  return insertion(extentOf(text, word).end, ` ${words}`);
}
