/** /proc/interrupts as people hand it on: by itself, quoted in a mail, in Markdown, behind a kernel log. */
import { mayContinue } from '../text/broken-lines.ts';

export interface InterruptTable {
  /** The file as the kernel prints it: each row in the line of the input in which it begins; other lines are empty. */
  readonly text: string;
  /** Lines of the input that all tables take up, from 1. */
  readonly lines: ReadonlySet<number>;
  /** How many tables there are; the last is the one. */
  readonly count: number;
  /** Lines of the table in which rows were left out. */
  readonly gaps: readonly number[];
}

const QUOTES = /^(?:[ \t]*[>|])+ ?/;
const HEAD = /^\s*CPU\d+(?:\s+CPU\d+)*\s*$/;
const ROW = /^\s*(?:\d+|[A-Z]{2,4}\d?):(?:\s|$)/;
const LEFT_OUT = /^\s*[[(<]*\s*(?:\.{2,}|…|snip|cut|omitted)[\s.…\w]*[\])>]*\s*$/i;
const FENCE = /^\s*(?:```|~~~)/;

/** Lines up to the next row that may be a row's rest, where a mail program broke it, or hold nothing. */
const APART = 3;

const unquoted = (line: string): string => line.replace(/\r$/, '').replace(QUOTES, '');

interface Span {
  /** Rows by the index of their line. */
  readonly rows: Map<number, string>;
  readonly first: number;
  /** Behind the last line. */
  readonly end: number;
  readonly gaps: number[];
}

/** The table whose head begins at a line. */
function tableAt(lines: readonly string[], first: number): Span {
  let at = first;
  let head = '';
  while (at < lines.length && HEAD.test(lines[at])) head += ` ${lines[at++].trim()}`;
  const rows = new Map([[first, head]]);
  const gaps: number[] = [];
  let row = first;
  let broken = false;
  for (;;) {
    const next = nextRow(lines, at);
    if (next < 0) break;
    for (let between = at; between < next; between++) {
      const text = lines[between].trim();
      if (LEFT_OUT.test(text)) gaps.push(between + 1);
      else if (text !== '' && row > first) {
        rows.set(row, `${rows.get(row)} ${text}`);
        broken = true;
      }
    }
    rows.set(next, lines[next]);
    row = next;
    at = next + 1;
  }
  // The rest of the last row, broken like the others.
  const isRest = () => /^\s*\w/.test(lines[at] ?? '') && mayContinue(lines[at - 1].length, lines[at]);
  while (broken && isRest()) rows.set(row, `${rows.get(row)} ${lines[at++].trim()}`);
  return { rows, first, end: at, gaps };
}

/** The index of the next row; -1 if something else comes first. */
function nextRow(lines: readonly string[], from: number): number {
  for (let at = from; at < Math.min(lines.length, from + APART); at++) {
    if (ROW.test(lines[at])) return at;
    if (HEAD.test(lines[at]) || FENCE.test(lines[at])) return -1;
  }
  return -1;
}

/** The last table of a text; undefined if it has none with a numbered row. */
export function interruptTable(text: string): InterruptTable | undefined {
  if (!/CPU\d+/.test(text)) return undefined;
  const lines = text.split('\n').map(unquoted);
  const tables: Span[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!HEAD.test(lines[at])) continue;
    const table = tableAt(lines, at);
    at = table.end - 1;
    if ([...table.rows.values()].some((row) => /^\s*\d+:\s+\d/.test(row))) tables.push(table);
  }
  const last = tables.at(-1);
  if (!last) return undefined;
  return {
    text: lines.map((_, index) => last.rows.get(index) ?? '').join('\n'),
    lines: new Set(
      tables.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, n) => first + n + 1)),
    ),
    count: tables.length,
    gaps: last.gaps,
  };
}
