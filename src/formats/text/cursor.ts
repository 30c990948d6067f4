/** Reading a text from its start with sticky patterns (flag `y`). */

/** How far a text is read. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** What the sticky pattern matches here, and the cursor moves behind it; null: nothing, and it stays. */
export function takeMatch(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match) cursor.at = pattern.lastIndex;
  return match;
}
