/**
 * `KEY=V1,V2,...`: the values that one key of a description takes in turn. A value is what `--set` takes, or a
 * range of numbers: `1..8`, `1..64..8` (in steps of 8: 1, 9, 17 ...), `1..256*2` (each twice the one before).
 * Values that hold a comma are written as JSON: `"0-3,8"`, `{"enabled":true,"eim":false}`.
 */

/** One value of an axis. */
export interface AxisValue {
  /** As shown: without the quotes of a JSON string. */
  readonly text: string;
  /** The change that sets it, as `--set` takes it; null where nothing is added to the description. */
  readonly change: string | null;
}

export interface Axis {
  /** As typed, with the `+` of `+=`. */
  readonly key: string;
  /** At least one; each once. */
  readonly values: readonly AxisValue[];
}

/** Points of a grid at most. */
export const MAX_POINTS = 100_000;

const OPENING = '[{';
const CLOSING = ']}';

/** Splits at the commas outside of JSON strings, lists and mappings. Throws RangeError for brackets left open. */
function splitValues(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"' && (depth > 0 || text.slice(start, at).trim() === '')) quoted = true;
    else if (OPENING.includes(char)) depth++;
    else if (CLOSING.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (quoted) throw new RangeError('a " is not closed');
  if (depth !== 0) throw new RangeError('the brackets do not match');
  return [...parts, text.slice(start)].map((part) => part.trim());
}

const RANGE = /^(\d{1,9})\.\.(\d{1,9})(?:(\.\.|\*)(\d{1,9}))?$/;
const FORMS = 'a range is 1..8, 1..64..8 (in steps of 8) or 1..256*2 (each twice the one before)';

/** The numbers of a range, or null if the text is none. Throws RangeError. */
function numbersOf(text: string): number[] | null {
  if (!/^\d+\.\./.test(text)) return null;
  const match = RANGE.exec(text);
  if (!match) throw new RangeError(`${text} cannot be read: ${FORMS}`);
  const [first, last, by] = [Number(match[1]), Number(match[2]), Number(match[4] ?? 1)];
  const grows = match[3] === '*';
  if (first > last) throw new RangeError(`${text} runs backwards; write ${last}..${first}`);
  if (grows && (by < 2 || first === 0)) {
    throw new RangeError(`${text} never gets on: start at 1 or more, and multiply by 2 or more`);
  }
  if (by === 0) throw new RangeError(`${text} never gets on: a step is 1 or more`);
  if (!grows && (last - first) / by >= MAX_POINTS) {
    throw new RangeError(`${text} has more than 100,000 values`);
  }
  const numbers: number[] = [];
  for (let n = first; n <= last; n = grows ? n * by : n + by) numbers.push(n);
  return numbers;
}

/** The text of a JSON string; any other text as it is. Throws RangeError. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    throw new RangeError(`${text} is not a JSON string`);
  }
}

function valuesOf(key: string, part: string): AxisValue[] {
  if (part === '') throw new RangeError('a value is missing; an empty one is written ""');
  const numbers = numbersOf(part);
  if (numbers) return numbers.map((n) => ({ text: String(n), change: `${key}=${n}` }));
  const text = unquoted(part);
  // What is added to a text is added as it is; elsewhere a JSON string stays one, so that "4" is no number.
  if (!key.endsWith('+')) return [{ text, change: `${key}=${part}` }];
  return [{ text, change: text === '' ? null : `${key}=${text}` }];
}

/** Reads one axis. Throws RangeError that says what is wrong. */
export function parseAxis(text: string): Axis {
  const equals = text.indexOf('=');
  if (equals < 1) throw new RangeError('expected KEY=VALUE,VALUE,...');
  const key = text.slice(0, equals).trim();
  const all = splitValues(text.slice(equals + 1)).flatMap((part) => valuesOf(key, part));
  const byText = new Map(all.map((value) => [value.change ?? '', value]));
  return { key, values: [...byText.values()] };
}
