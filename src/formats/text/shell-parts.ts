/** Words of a shell script as they are written: plain text, quotes, escapes and expansions. */
import type { Part, Span, WrittenWord } from './shell-syntax.ts';
import { TextError } from './text.ts';

/** How far a script is read. */
export interface Cursor {
  readonly text: string;
  at: number;
  readonly end: number;
  /** Open parentheses: inside them a closing one ends a word. */
  depth: number;
  /** Offset → offset in the file, for errors. */
  readonly place: (offset: number) => number;
}

const CONTINUED = /\\[ \t]*\r?\n/y;
const PLAIN = /[^\s'"\\;|&<>()$`]+/y;
const INSIDE = /[^"\\$`]+/y;
const NAME = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
const BRACED =
  /([#!]?)([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[([^\]\n]*)\])?(:?[-=?+]|##?|%%?|\/\/?|\^\^?|,,?|:|@)?/y;

/** Matches a sticky pattern at an offset. */
export function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Moves over blanks and continued lines. */
export function skipBlanks(cursor: Cursor): void {
  const found = match(/(?:[ \t\f\v\r]|\\[ \t]*\r?\n)*/y, cursor.text, cursor.at);
  cursor.at = Math.min(cursor.end, cursor.at + (found?.[0].length ?? 0));
}

/** The word that begins here; undefined if none does. Throws TextError for a quote without an end. */
export function takeWord(cursor: Cursor): WrittenWord | undefined {
  const start = cursor.at;
  const parts: Part[] = [];
  while (cursor.at < cursor.end && takePart(cursor, parts));
  return parts.length > 0 ? { start, end: cursor.at, parts } : undefined;
}

function takePart(cursor: Cursor, parts: Part[]): boolean {
  const { text, at } = cursor;
  const continued = match(CONTINUED, text, at);
  if (continued) {
    cursor.at += continued[0].length;
    return true;
  }
  switch (text[at]) {
    case "'":
      takeSingleQuoted(cursor, parts);
      return true;
    case '"':
      takeDoubleQuoted(cursor, parts);
      return true;
    case '\\':
      if (at + 1 >= cursor.end) throw new TextError(cursor.place(at), 'nothing follows the backslash');
      addText(cursor, parts, at + 1, at + 2, true);
      return true;
    case '$':
    case '`':
      takeDollar(cursor, parts, false);
      return true;
    case '(':
      // Only behind other characters: "f(x)" in a pasted line.
      if (parts.length === 0) return false;
      addText(cursor, parts, at, at + 1, false);
      return true;
    case ')':
      if (cursor.depth > 0) return false;
      addText(cursor, parts, at, at + 1, false);
      return true;
  }
  const plain = match(PLAIN, text, at);
  if (!plain) return false;
  addText(cursor, parts, at, Math.min(cursor.end, at + plain[0].length), false);
  return true;
}

function addText(cursor: Cursor, parts: Part[], start: number, end: number, quoted: boolean): void {
  parts.push({ kind: 'text', quoted, start, end });
  cursor.at = end;
}

function takeSingleQuoted(cursor: Cursor, parts: Part[]): void {
  const close = cursor.text.indexOf("'", cursor.at + 1);
  if (close < 0 || close >= cursor.end) throw new TextError(cursor.place(cursor.at), 'the quote has no end');
  addText(cursor, parts, cursor.at + 1, close, true);
  cursor.at = close + 1;
}

function takeDoubleQuoted(cursor: Cursor, parts: Part[]): void {
  const open = cursor.at++;
  const before = parts.length;
  while (cursor.text[cursor.at] !== '"') {
    if (cursor.at >= cursor.end) throw new TextError(cursor.place(open), 'the quote has no end');
    takeQuotedPart(cursor, parts);
  }
  if (parts.length === before) parts.push({ kind: 'text', quoted: true, start: open + 1, end: open + 1 });
  cursor.at++;
}

/** Inside double quotes a backslash escapes only what would be special there. */
function takeQuotedPart(cursor: Cursor, parts: Part[]): void {
  const { text, at } = cursor;
  const escaped = match(/\\(\r?\n|["\\$`])/y, text, at);
  if (escaped) {
    if (escaped[1].endsWith('\n')) cursor.at += escaped[0].length;
    else addText(cursor, parts, at + 1, at + 2, true);
  } else if (text[at] === '$' || text[at] === '`') takeDollar(cursor, parts, true);
  else if (text[at] === '\\') addText(cursor, parts, at, at + 1, true);
  else {
    const inside = match(INSIDE, text, at);
    addText(cursor, parts, at, Math.min(cursor.end, at + (inside?.[0].length ?? 1)), true);
  }
}

/** What a dollar sign or a backquote begins; one that begins nothing is text. */
function takeDollar(cursor: Cursor, parts: Part[], quoted: boolean): void {
  const { text, at, end } = cursor;
  const literal = () => addText(cursor, parts, at, at + 1, quoted);
  if (text[at] === '`') {
    const close = text.indexOf('`', at + 1);
    if (close < 0 || close >= end) literal();
    else takeSpan(cursor, parts, { kind: 'command', quoted, body: { start: at + 1, end: close } }, close + 1);
  } else if (text.startsWith('$((', at)) {
    const close = closingParenthesis(text, at + 2, end);
    if (close < 0 || text[close + 1] !== ')') literal();
    else {
      const body = { start: at + 3, end: close };
      takeSpan(cursor, parts, { kind: 'arithmetic', quoted, body }, close + 2);
    }
  } else if (text[at + 1] === '(') {
    const close = closingParenthesis(text, at + 1, end);
    if (close < 0) literal();
    else takeSpan(cursor, parts, { kind: 'command', quoted, body: { start: at + 2, end: close } }, close + 1);
  } else if (text[at + 1] === '{') takeBraced(cursor, parts, quoted);
  else if (!quoted && (text[at + 1] === "'" || text[at + 1] === '"')) cursor.at++;
  else {
    const name = match(NAME, text, at + 1);
    if (!name || at + 1 >= end) literal();
    else takeSpan(cursor, parts, plainParameter(name[0], quoted), at + 1 + name[0].length);
  }
}

type Unplaced<T> = T extends Part ? Omit<T, keyof Span> : never;

function takeSpan(cursor: Cursor, parts: Part[], part: Unplaced<Part>, end: number): void {
  parts.push({ ...part, start: cursor.at, end } as Part);
  cursor.at = end;
}

function plainParameter(name: string, quoted: boolean): Unplaced<Part> {
  return {
    kind: 'parameter',
    quoted,
    name,
    subscript: undefined,
    isLength: false,
    operator: undefined,
    operand: [],
  };
}

/** `${NAME}` with its operator; what is no such thing is a parameter named as it is written. */
function takeBraced(cursor: Cursor, parts: Part[], quoted: boolean): void {
  const { text, at } = cursor;
  const close = closingBrace(text, at + 1, cursor.end);
  if (close < 0) {
    addText(cursor, parts, at, at + 1, quoted);
    return;
  }
  const found = match(BRACED, text, at + 2);
  const [whole, prefix, name, subscript, operator] = found ?? ['', '', '', undefined, undefined];
  const operandAt = at + 2 + whole.length;
  const isPlain = operator !== undefined || operandAt === close;
  if (!found || prefix === '!' || !isPlain || operandAt > close) {
    takeSpan(cursor, parts, plainParameter(text.slice(at + 2, close), quoted), close + 1);
    return;
  }
  const operand = operandParts(cursor, operandAt, close, quoted);
  takeSpan(
    cursor,
    parts,
    { kind: 'parameter', quoted, name, subscript, isLength: prefix === '#', operator, operand },
    close + 1,
  );
}

/** The parts of an operand; blanks belong to it. */
function operandParts(outer: Cursor, start: number, end: number, quoted: boolean): Part[] {
  const cursor: Cursor = { ...outer, at: start, end, depth: 0 };
  const parts: Part[] = [];
  while (cursor.at < end) {
    if (quoted && cursor.text[cursor.at] !== '"') takeQuotedPart(cursor, parts);
    else if (!takePart(cursor, parts)) addText(cursor, parts, cursor.at, cursor.at + 1, quoted);
  }
  return parts;
}

/** Offset of the parenthesis that closes the one at `open`; -1 if none does. */
export function closingParenthesis(text: string, open: number, end: number): number {
  return closing(text, open, end, '(', ')');
}

function closingBrace(text: string, open: number, end: number): number {
  return closing(text, open, end, '{', '}');
}

/** Parentheses and braces in quotes do not count; what is longer than this is none. */
const LONGEST = 65_536;

function closing(text: string, open: number, end: number, opens: string, closes: string): number {
  const last = Math.min(end, open + LONGEST);
  let depth = 0;
  for (let at = open; at < last; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === "'" && opens === '(') {
      const close = text.indexOf("'", at + 1);
      if (close < 0) return -1;
      at = close;
    } else if (char === opens) depth++;
    else if (char === closes && --depth === 0) return at < end ? at : -1;
  }
  return -1;
}
