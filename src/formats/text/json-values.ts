/** JSON values that stand one behind the other in a text, as jq and kubectl print them. */

/** A value as it is written, and where it begins. */
export interface JsonPiece {
  readonly start: number;
  readonly text: string;
}

const OPEN = '{[';
const CLOSE = '}]';

/** The values of a text, in order. Where the text is no such sequence, what is left is one piece: its parser says why. */
export function jsonValues(text: string): readonly JsonPiece[] {
  const pieces: JsonPiece[] = [];
  const token = /"(?:[^"\\]|\\[\s\S])*"|[{}[\]]/g;
  let depth = 0;
  let start = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (OPEN.includes(match[0])) depth++;
    else if (CLOSE.includes(match[0]) && --depth === 0) {
      pieces.push({ start, text: text.slice(start, token.lastIndex) });
      start = token.lastIndex;
    }
  }
  if (text.slice(start).trim() !== '') pieces.push({ start, text: text.slice(start) });
  return pieces;
}
