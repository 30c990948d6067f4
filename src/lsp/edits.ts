/** The edits that make one text of another, as small as lines and characters allow. */
import { diffArrays } from 'diff';
import type { TextEdit } from '../formats/text/text-edits.ts';

/** Steps that the comparison may take; beyond, what differs is one edit. */
const MAX_STEPS = 500;

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const isLow = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? '');

const isWord = (text: string, at: number): boolean => /[\w.-]/.test(text[at] ?? '');

/** True if a place is inside a character, a line end or a word: half a word in an edit says nothing to its reader. */
const splits = (text: string, at: number): boolean =>
  isLow(text, at) ||
  (text[at - 1] === '\r' && text[at] === '\n') ||
  (at > 0 && isWord(text, at - 1) && isWord(text, at));

/** The edit without what both texts begin and end with; `start` is where `before` begins. */
function trimmed(start: number, before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  while (head > 0 && (splits(before, head) || splits(after, head))) head--;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  while (tail > 0 && (splits(before, before.length - tail) || splits(after, after.length - tail))) tail--;
  return {
    start: start + head,
    end: start + before.length - tail,
    text: after.slice(head, after.length - tail),
  };
}

/** Edits of `before` that give `after`, in order, none touching another. */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const parts = diffArrays(linesOf(before), linesOf(after), { maxEditLength: MAX_STEPS });
  if (!parts) return [trimmed(0, before, after)];
  const edits: TextEdit[] = [];
  let at = 0;
  let removed = '';
  let added = '';
  const close = () => {
    if (removed !== '' || added !== '') edits.push(trimmed(at - removed.length, removed, added));
    removed = '';
    added = '';
  };
  for (const part of parts) {
    const text = part.value.join('');
    if (part.added) {
      added += text;
      continue;
    }
    if (part.removed) removed += text;
    else close();
    at += text.length;
  }
  close();
  return edits;
}
