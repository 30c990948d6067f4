/**
 * What stands in front of a kernel message: the time of dmesg, the date, host and unit of a journal, levels, and what
 * mail programs, grep and build logs put before a line. Where nothing stands there the message begins at once.
 */

/** A line without what stands before its message. */
export interface Stripped {
  readonly text: string;
  /** What stood there shows a kernel message; false: nothing stood there, or only quotes of a mail. */
  readonly marked: boolean;
  /** Another program of a journal wrote the line. */
  readonly foreign: boolean;
}

/** "[    0.000000] ", "[Sun Nov 29 08:00:00 2026] ", "[Nov29 08:00] ", "[  +0.000004] ", "[    0.1][    T0] ". */
const BRACKETS =
  /^\[ *(?:\+?\d+\.\d+(?: *<[ \d.+]*>)?|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} [\d:]{8} \d{4}|[A-Z][a-z]{2} ?\d{1,2} [\d:]{5})\](?:\[ *[A-Z]\d+\])?(?: |$)/;

/**
 * Behind "kernel:", what makes it a key of a description and no beginning of a message: a word alone, or what YAML begins
 * a value with; "kernel: [Hardware Error]: CPU 1" and "kernel: [    0.000000] Linux version" are messages.
 */
export const VALUE_OF_KEY = String.raw`["']?[\w.+-]+["']?\s*(?:#.*)?$|[&*!|>]|[[{][^\]}]*[\]}]?\s*(?:#.*)?$`;

const DAY = '(?:[A-Z][a-z]{2} +)?';
const ISO = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?(?:Z|UTC|[A-Z]{3,4}|[+-]\d\d:?\d\d))?`;
const SYSLOG = String.raw`[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?`;

/** "Nov 29 08:00:01 host kernel: ", "2026-11-29T08:00:01+0000 host systemd[1]: ", "1764403201.5 host kernel: ". */
const JOURNAL = new RegExp(
  String.raw`^(?:(?:${SYSLOG}|${DAY}${ISO}|\d{9,11}\.\d+) [\w.:-]{1,100} ([\w./@()\\-]{1,100})(?:\[\d+\])?|\[ *\d+\.\d+\] [\w.-]{1,100} (kernel|[\w.@-]{1,100}\[\d+\])): ?`,
);

/** One thing after the other, each once or more, in front of all else. */
const WRAPPINGS: readonly RegExp[] = [
  // Quoted in a mail.
  /^(?:> ?)+/,
  // Indented, or in a column of a table.
  /^[ \t|]+(?=(?:<\d+>)?\[ *\d+\.\d+\])/,
  // Programs at a serial console: "[2026-11-29 08:00:01] [    0.0] ", "Nov 29 08:00:01 [    0.0] ", "node12: [    0.0] ".
  /^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?\] ?(?=\[ *\d+\.\d+\])/,
  new RegExp(String.raw`^${SYSLOG} (?=\[ *\d+\.\d+\])`),
  /^[\w.-]{1,64}: (?=\[ *\d+\.\d+\])/,
  // grep -n: "12:[    0.000000] ", "dmesg.txt:12:[    0.000000] ".
  /^(?:[\w./-]{1,200}:)?\d{1,7}[:-](?=<\d+>|\[ *\d+\.\d+\])/,
  // Build logs and container logs: "2026-11-29T08:00:01.1234567Z [    0.000000] ".
  new RegExp(
    String.raw`^${ISO} (?=(?:stdout F |stderr F )?(?:<\d+>)?\[ *\d+\.\d+\])(?:stdout F |stderr F )?`,
  ),
  // The level, and dmesg -x: "kern  :info  : ".
  /^<\d{1,3}>/,
  /^kern +:[a-z]+ *: (?=\[|\d{4}-)/,
  // "kernel: " of a journal whose date was cut off.
  new RegExp(`^kernel: (?!${VALUE_OF_KEY})`),
];

/** dmesg --time-format=iso: "2026-11-29T08:00:00,000000+00:00 ". */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d+[+-]\d\d:?\d\d /;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of terminals begin with one.
const ESCAPES = /\u001b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>cM78])|[\u0000\u0007\u0008]/g;

/** The message of a line; carriage returns and colours of a terminal are no part of it. */
export function strip(raw: string): Stripped {
  let text = raw.includes('\u001b') ? raw.replace(ESCAPES, '') : raw;
  if (text.endsWith('\r')) text = text.slice(0, -1);
  let marked = false;
  for (const wrapping of WRAPPINGS) {
    const cut = text.replace(wrapping, '');
    marked ||= cut !== text && !wrapping.source.startsWith('^(?:> ');
    text = cut;
  }
  const iso = ISO_TIME.exec(text);
  if (iso) return { text: text.slice(iso[0].length), marked: true, foreign: false };
  const journal = JOURNAL.exec(text);
  if (journal) {
    const [prefix, unit, monotonic] = journal;
    if ((unit ?? monotonic) !== 'kernel')
      return { text: text.slice(prefix.length), marked: false, foreign: true };
    text = text.slice(prefix.length);
    marked = true;
  }
  const time = BRACKETS.exec(text);
  if (time) {
    text = text.slice(time[0].length);
    marked = true;
  }
  return { text, marked, foreign: false };
}
