/** What every output must be, whatever the input: shown and not obeyed, and of the form that it says. */
import type { Format } from '../../src/report/formats.ts';

/** Control characters but line feeds; bidirectional marks; what has no width. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Throws if a text for people or for other programs holds what a terminal would obey. */
export function checkText(what: string, text: string): void {
  const found = OBEYED.exec(text);
  if (!found) return;
  const code = found[0].charCodeAt(0).toString(16);
  throw new Error(
    `${what} holds U+${code.padStart(4, '0')}: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 20))}`,
  );
}

/** Lines that a workflow runner, an editor or a spreadsheet would take for something else. */
const LINE_FORMS: Partial<Readonly<Record<Format, RegExp>>> = {
  github: /^(?:::(?:error|warning|notice)(?: [^\n]*)?::.*|)$/,
  unix: /^(?:.+:\d+:\d+: .*|)$/,
};

/** Lines of CSV end in CR LF (RFC 4180). */
export function withoutReturns(format: string, text: string): string {
  return format === 'csv' ? text.replaceAll('\r\n', '\n') : text;
}

/** Throws if the report is not what its format promises. */
export function checkReport(format: Format, text: string): void {
  if (format === 'json' || format === 'sarif') JSON.parse(text);
  else if (format === 'ndjson') for (const line of text.split('\n')) line !== '' && JSON.parse(line);
  checkText(format, withoutReturns(format, text));
  const form = LINE_FORMS[format];
  if (!form) return;
  const odd = text.split('\n').find((line) => !form.test(line));
  if (odd !== undefined) throw new Error(`${format}: no line of it: ${JSON.stringify(odd)}`);
}
