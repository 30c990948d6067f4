/** Lines that a mail program broke at a blank, because they were longer than a line of a mail. */

/** Mail programs break lines from about this length on. */
export const BROKEN_MIN = 50;
/** A line is broken before the word that would reach over this column. */
const COLUMN = 66;

/** True if a line of this length, as it is written, may be the beginning of a broken one that goes on with `rest`. */
export function mayContinue(length: number, rest: string): boolean {
  const [word] = rest.trimStart().split(/\s/, 1);
  return length >= BROKEN_MIN || length + 1 + word.length >= COLUMN;
}
