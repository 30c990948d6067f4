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

/** Objects inside a text of another kind, as in a here-document or in quotes behind `curl -d`: outermost ones that are closed. */
export function objectsInText(text: string): readonly JsonPiece[] {
  const pieces: JsonPiece[] = [];
  for (let start = text.indexOf('{'); start >= 0; ) {
    const end = isObject(text, start) ? endOfObject(text, start) : start + 1;
    // What follows an object without an end is inside it.
    if (end === undefined) break;
    if (end > start + 1) pieces.push({ start, text: text.slice(start, end) });
    start = text.indexOf('{', end);
  }
  return pieces;
}

/** An object begins with a key, or ends at once. */
const isObject = (text: string, start: number): boolean => /^\{\s*["}]/.test(text.slice(start, start + 200));

function endOfObject(text: string, start: number): number | undefined {
  const token = /"(?:[^"\\]|\\[\s\S])*"|[{}]/g;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '{') depth++;
    else if (match[0] === '}' && --depth === 0) return token.lastIndex;
  }
  return undefined;
}
