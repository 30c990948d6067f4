/** The text of an OpenNebula template: `KEY = "value"` and `KEY = [ A = "x", B = "y" ]`, each with its place. */
import { excerpt } from '../../machine/locate.ts';
import type { Fact } from '../qemu/facts.ts';
import type { Place } from '../qemu/option.ts';
import { type Cursor, takeMatch } from '../text/cursor.ts';
import { TextError } from '../text/text.ts';

/** A key with one value, or with a vector of named values. */
export interface Attribute {
  /** Upper case. */
  readonly key: string;
  readonly value: Fact<string> | undefined;
  /** By upper-case name; undefined for a single value. */
  readonly vector: ReadonlyMap<string, Fact<string>> | undefined;
  readonly at: NonNullable<Fact<string>['at']>;
}

const BLANK = /(?:\s|#[^\n]*)*/y;
const KEY = /[A-Za-z_][\w/-]*/y;
const VALUE = /"((?:[^"\\]|\\.)*)"|([^\s,[\]"#]+)/y;

/** The headings above the templates that `onetemplate show` and `onevm show` print behind a summary. */
const HEADING = /^(?:TEMPLATE CONTENTS|USER TEMPLATE|VIRTUAL MACHINE TEMPLATE)[ \t]*\r?$/gm;

/** The text with blanks in place of a summary and its headings. */
function contentsOf(text: string): string {
  const first = text.search(HEADING);
  if (first < 0) return text;
  const blanks = (part: string) => part.replace(/[^\n]/g, ' ');
  return blanks(text.slice(0, first)) + text.slice(first).replace(HEADING, blanks);
}

/** Reads the attributes in order. Throws TextError where the text is no template. */
export function readTemplate(text: string, place: Place): Attribute[] {
  const cursor: Cursor = { text: contentsOf(text), at: 0 };
  const take = (pattern: RegExp) => takeMatch(cursor, pattern);
  const need = (pattern: RegExp, what: string): RegExpExecArray => {
    take(BLANK);
    const match = take(pattern);
    if (!match)
      throw new TextError(
        cursor.at,
        `${what} is expected, found ${excerpt(text.slice(cursor.at, cursor.at + 20))}`,
      );
    return match;
  };
  const value = (): Fact<string> => {
    const match = need(VALUE, 'a value');
    return { value: (match[1] ?? match[2]).replace(/\\(["\\])/g, '$1'), at: place(match.index) };
  };
  const attributes: Attribute[] = [];
  for (take(BLANK); cursor.at < text.length; take(BLANK)) {
    const key = need(KEY, 'a key such as VCPU');
    const upper = key[0].toUpperCase();
    need(/=/y, `"=" after ${key[0]}`);
    take(BLANK);
    if (text[cursor.at] !== '[') {
      attributes.push({ key: upper, value: value(), vector: undefined, at: place(key.index) });
      continue;
    }
    cursor.at++;
    const vector = new Map<string, Fact<string>>();
    for (take(BLANK); text[cursor.at] !== ']'; take(BLANK)) {
      const name = need(KEY, 'a name or "]"')[0].toUpperCase();
      need(/=/y, `"=" after ${name}`);
      vector.set(name, value());
      take(BLANK);
      if (text[cursor.at] === ',') cursor.at++;
    }
    cursor.at++;
    attributes.push({ key: upper, value: undefined, vector, at: place(key.index) });
  }
  return attributes;
}
