/** JSON that is printed: the same values, with nothing in the text that a terminal would obey instead of show. */

/**
 * What {@link visible} writes out and `JSON.stringify` does not escape: DEL and C1, marks that reorder a line, what has
 * no width, separators, tags.
 */
const UNSEEN =
  /\u034f|[\u180b-\u180d]|[\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const escapedUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const escaped = (char: string): string => char.split('').map(escapedUnit).join('');

/** A value as JSON. `space`: blanks of each level, on lines of their own. */
export function jsonText(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(UNSEEN, escaped);
}
