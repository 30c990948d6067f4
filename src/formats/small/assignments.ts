/**
 * Files of `key = value` lines: the common part of xl.cfg (Python-like), TOML and bhyve_config. Values are
 * strings, numbers, names, and lists and inline tables of them; `[a.b]` opens a table.
 */
import { LIMITS } from '../../machine/limits.ts';
import { excerpt, type Location, type Path, type RawInput } from '../../machine/locate.ts';
import { type Cursor, takeMatch } from '../text/cursor.ts';
import { tooDeep } from '../text/json.ts';
import { locatedObject } from '../text/located.ts';
import { TextError } from '../text/text.ts';

/** What is found at a path. */
type Put = (path: Path, value: unknown, offset: number) => void;

const BLANKS = /(?:[ \t\r]|#[^\n]*)*/y;
const BLANKS_AND_LINES = /(?:[ \t\r\n;]|#[^\n]*)*/y;
const KEY = /[\w.-]+|"[^"\n]*"|'[^'\n]*'/y;
const PLAIN = /[^\s,;#[\]{}'"]+/y;

/**
 * What a key written again does: replace the first, or, in TOML, be refused; of files that lie behind each other each has its own
 * tables, so that it is refused within one.
 */
export type Again = 'replaces' | 'refused' | 'refused in a table';

/** Reads the text. Throws `TextError`, also for TOML whose keys or tables are written twice. */
export function readAssignments(
  text: string,
  place: (offset: number) => Location,
  again: Again = 'replaces',
): RawInput {
  const cursor: Cursor = { text, at: 0 };
  const config = locatedObject();
  const put: Put = (path, value, offset) => config.set(path, value, place(offset));
  const once = onceEach(again, place);
  let table: string[] = [];
  for (takeMatch(cursor, BLANKS_AND_LINES); cursor.at < text.length; takeMatch(cursor, BLANKS_AND_LINES)) {
    const start = cursor.at;
    if (text[start] === '[') {
      table = tableName(cursor);
      once(table, start, text[start + 1] === '[' ? 'list' : 'table');
      continue;
    }
    const path = [...table, ...keyPath(cursor)];
    once(path, start, 'key');
    takeMatch(cursor, BLANKS);
    if (text[cursor.at] !== '=')
      throw new TextError(cursor.at, `"=" is expected after ${excerpt(path.join('.'))}`);
    cursor.at++;
    readValue(cursor, path, put);
    takeMatch(cursor, BLANKS);
    if (cursor.at < text.length && !/[\n;]/.test(text[cursor.at])) {
      throw new TextError(cursor.at, 'the end of the line is expected');
    }
  }
  return config.raw;
}

type Once = (path: Path, offset: number, what: 'key' | 'table' | 'list') => void;

/** Throws `TextError` for what is written a second time where that is refused; `[[a]]` is one more of a list. */
function onceEach(again: Again, place: (offset: number) => Location): Once {
  if (again === 'replaces') return () => {};
  const first = new Map<string, number>();
  const lists = new Set<string>();
  return (path, offset, what) => {
    if (what !== 'key' && again === 'refused in a table') return first.clear();
    if (what === 'list') lists.add(JSON.stringify(path));
    if (lists.size > 0 && path.some((_, depth) => lists.has(JSON.stringify(path.slice(0, depth + 1)))))
      return;
    const name = JSON.stringify([what, ...path]);
    const before = first.get(name);
    if (before !== undefined) {
      const { line } = place(before);
      const where = `${excerpt(path.join('.'))} is written twice, first on line ${line}`;
      throw new TextError(offset, `the ${what} ${where}; TOML allows it once`);
    }
    first.set(name, offset);
  };
}

function take(cursor: Cursor, pattern: RegExp, what: string): string {
  const match = takeMatch(cursor, pattern);
  if (!match) throw new TextError(cursor.at, `${what} is expected`);
  return match[0];
}

/** `[a.b]`, or `[[a]]`, which is taken as its last one. */
function tableName(cursor: Cursor): string[] {
  const name = take(cursor, /\[+[^[\]\n]*\]+/y, 'a table name in brackets');
  return splitKey(name.replace(/^\[+\s*|\s*\]+$/g, ''));
}

function keyPath(cursor: Cursor): string[] {
  const key = take(cursor, KEY, 'a key');
  return /^["']/.test(key) ? [key.slice(1, -1)] : splitKey(key);
}

function splitKey(key: string): string[] {
  const parts = key.split('.').map((part) => part.trim().replace(/^["'](.*)["']$/, '$1'));
  return parts.slice(0, LIMITS.depth);
}

function readValue(cursor: Cursor, path: Path, put: Put): void {
  takeMatch(cursor, BLANKS);
  const { text, at } = cursor;
  const char = text[at];
  if (path.length > LIMITS.depth) throw new TextError(at, tooDeep());
  if (char === '[') readList(cursor, path, put);
  else if (char === '{') readTable(cursor, path, put);
  else if (char === '"' || char === "'") put(path, readString(cursor), at);
  else {
    const plain = take(cursor, PLAIN, 'a value');
    put(path, /^-?\d{1,15}$/.test(plain) ? Number(plain) : plain, at);
  }
}

function readString(cursor: Cursor): string {
  const { text, at } = cursor;
  const quote = text[at];
  let close = at + 1;
  while (close < text.length && text[close] !== quote && text[close] !== '\n') {
    close += quote === '"' && text[close] === '\\' ? 2 : 1;
  }
  if (text[close] !== quote) throw new TextError(at, 'the string has no end');
  cursor.at = close + 1;
  const inside = text.slice(at + 1, close);
  return quote === '"' ? inside.replace(/\\(["\\])/g, '$1') : inside;
}

function readList(cursor: Cursor, path: Path, put: Put): void {
  const start = cursor.at++;
  put(path, [], start);
  for (let index = 0; ; index++) {
    takeMatch(cursor, BLANKS_AND_LINES);
    if (cursor.at >= cursor.text.length) throw new TextError(start, 'the list has no end');
    if (cursor.text[cursor.at] === ']') break;
    readValue(cursor, [...path, index], put);
    takeComma(cursor, ']', BLANKS_AND_LINES);
  }
  cursor.at++;
}

function readTable(cursor: Cursor, path: Path, put: Put): void {
  const start = cursor.at++;
  put(path, {}, start);
  for (;;) {
    takeMatch(cursor, BLANKS);
    if (cursor.at >= cursor.text.length) throw new TextError(start, 'the table has no end');
    if (cursor.text[cursor.at] === '}') break;
    const key = keyPath(cursor);
    takeMatch(cursor, BLANKS);
    take(cursor, /=/y, '"="');
    readValue(cursor, [...path, ...key], put);
    takeComma(cursor, '}', BLANKS);
  }
  cursor.at++;
}

/** A comma, which may be left out before the closing bracket. */
function takeComma(cursor: Cursor, close: string, blanks: RegExp): void {
  takeMatch(cursor, blanks);
  const char = cursor.text[cursor.at];
  if (char === ',') cursor.at++;
  else if (char !== undefined && char !== close)
    throw new TextError(cursor.at, `"," or "${close}" is expected`);
}
