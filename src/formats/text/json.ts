/**
 * JSON with positions. JSON.parse makes the value, fast; this scanner runs only when something is wrong
 * or when somebody asks where a value was written. It is strict JSON, and refuses duplicate keys.
 */
import { LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import { type ReadText, TextError } from './text.ts';

/** Where a value stands in the text, and its parts. */
export interface JsonNode {
  readonly offset: number;
  /** Offset of the key that leads here; undefined in a list or at the top. */
  readonly keyOffset: number | undefined;
  readonly parts: ReadonlyMap<string | number, JsonNode> | undefined;
}

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The text and how far it is read. */
interface Cursor {
  readonly text: string;
  at: number;
}

/** Parses a JSON text; positions are looked up when they are asked for. Throws `TextError`. */
export function readJson(text: string): ReadText {
  let root: JsonNode | undefined;
  const value = parseJson(text);
  return {
    value,
    offset(path, at) {
      root ??= scanJson(text);
      let node: JsonNode | undefined = root;
      for (const step of path) node = node?.parts?.get(step);
      return at === 'key' ? (node?.keyOffset ?? node?.offset) : node?.offset;
    },
  };
}

/** JSON.parse for speed; the slow scanner says what is wrong. */
function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    scanJson(text);
    throw new TextError(0, 'the text is not valid JSON');
  }
  if (!isPlainJson(text, value)) scanJson(text);
  return value;
}

/** Positions of every value of a JSON text. Throws `TextError` at the first thing that is wrong. */
export function scanJson(text: string): JsonNode {
  const cursor: Cursor = { text, at: 0 };
  const root = scanValue(cursor, 0, undefined);
  skipSpace(cursor);
  if (cursor.at < text.length) fail(cursor, 'the end of the text');
  return root;
}

function scanValue(cursor: Cursor, depth: number, keyOffset: number | undefined): JsonNode {
  skipSpace(cursor);
  const offset = cursor.at;
  const open = cursor.text[offset];
  if (open !== '{' && open !== '[') {
    if (open === '"') takeString(cursor);
    else takeScalar(cursor);
    return { offset, keyOffset, parts: undefined };
  }
  if (depth >= LIMITS.depth) throw new TextError(offset, tooDeep());
  const parts = new Map<string | number, JsonNode>();
  cursor.at++;
  skipSpace(cursor);
  if (cursor.text[cursor.at] === (open === '{' ? '}' : ']')) cursor.at++;
  else if (open === '{') scanMapping(cursor, parts, depth + 1);
  else scanList(cursor, parts, depth + 1);
  return { offset, keyOffset, parts };
}

function scanMapping(cursor: Cursor, parts: Map<string | number, JsonNode>, depth: number): void {
  do {
    skipSpace(cursor);
    const keyOffset = cursor.at;
    if (cursor.text[keyOffset] !== '"') fail(cursor, 'a key in double quotes');
    const key = takeString(cursor);
    if (parts.has(key)) throw new TextError(keyOffset, `the key ${excerpt(key)} is written twice`);
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== ':') fail(cursor, '":"');
    cursor.at++;
    parts.set(key, scanValue(cursor, depth, keyOffset));
  } while (takeComma(cursor, '}'));
}

function scanList(cursor: Cursor, parts: Map<string | number, JsonNode>, depth: number): void {
  do parts.set(parts.size, scanValue(cursor, depth, undefined));
  while (takeComma(cursor, ']'));
}

/** Takes the separator after an element; false if it was the closing bracket. */
function takeComma(cursor: Cursor, close: string): boolean {
  skipSpace(cursor);
  const char = cursor.text[cursor.at];
  if (char !== ',' && char !== close) fail(cursor, `"," or "${close}"`);
  cursor.at++;
  return char === ',';
}

function takeString(cursor: Cursor): string {
  const { text, at } = cursor;
  const close = closingQuote(text, at);
  if (close < 0) throw new TextError(at, 'the string has no end');
  cursor.at = close + 1;
  try {
    return JSON.parse(text.slice(at, close + 1)) as string;
  } catch {
    throw new TextError(at, 'the string has a line break or a bad escape');
  }
}

function takeScalar(cursor: Cursor): void {
  SCALAR.lastIndex = cursor.at;
  if (!SCALAR.test(cursor.text)) fail(cursor, 'a value');
  cursor.at = SCALAR.lastIndex;
}

function skipSpace(cursor: Cursor): void {
  SPACE.lastIndex = cursor.at;
  SPACE.test(cursor.text);
  cursor.at = SPACE.lastIndex;
}

function fail({ text, at }: Cursor, what: string): never {
  throw new TextError(at, at >= text.length ? `the text ends where ${what} should be` : `expected ${what}`);
}

/** Message for text that is nested beyond the limit. */
export function tooDeep(): string {
  return `nested deeper than ${LIMITS.depth} levels`;
}

/**
 * True if valid JSON `text`, parsed to `value`, needs no second look: no key written twice, not nested
 * too deeply. Keys that the text writes and keys that arrived are counted; that is far cheaper than a scan.
 */
export function isPlainJson(text: string, value: unknown): boolean {
  const arrived = countKeys(value);
  return arrived !== undefined && arrived === countWrittenKeys(text);
}

/** Keys of all mappings; undefined if nested too deeply. */
function countKeys(value: unknown, depth = 0): number | undefined {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= LIMITS.depth) return undefined;
  const parts = Array.isArray(value) ? value : Object.values(value);
  let sum = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) {
    const inside = countKeys(part, depth + 1);
    if (inside === undefined) return undefined;
    sum += inside;
  }
  return sum;
}

/** Strings followed by a colon, in valid JSON. */
function countWrittenKeys(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', open)) {
    open = closingQuote(text, open) + 1;
    SPACE.lastIndex = open;
    SPACE.test(text);
    if (text[SPACE.lastIndex] === ':') keys++;
  }
  return keys;
}

/** Offset of the quote that ends the string which opens at `open`, or -1. */
export function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0 && isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close;
}

/** An odd number of backslashes stands before the quote. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text[before] === '\\') before--;
  return (quote - 1 - before) % 2 === 1;
}

/** A brace alone may also begin YAML: { name: x }. */
export function looksLikeJson(text: string): boolean {
  return /^\s*\{\s*["}]/.test(text);
}
