/** The messages of a kernel log, whatever wrote it down: dmesg, a journal, a serial console, a mail. */
import { type InterruptTable, interruptTable } from '../proc-interrupts/table.ts';
import { mayContinue } from '../text/broken-lines.ts';
import { journalObjects } from './journal-json.ts';
import type { LogLine } from './line.ts';
import { strip } from './prefix.ts';

/** A log, cut into messages. */
export interface LogLines {
  readonly lines: readonly LogLine[];
  /** How many of them had a time, a level or a journal's words before them. */
  readonly marked: number;
  /** /proc/interrupts in the same text, which is no message; undefined: there is none. */
  readonly interrupts: InterruptTable | undefined;
}

/** Where so many lines have a prefix, one without is the rest of the line before: most lines are broken once at most. */
const MOSTLY = 0.5;

interface Read extends LogLine {
  readonly marked: boolean;
  /** Characters of the line as it is written; of a message that was broken, of its last line. */
  readonly length: number;
}

/** Lines in Markdown fences that hold kernel messages; the whole text where there are none. */
function inFences(text: string): { lines: readonly string[]; from: number }[] {
  const lines = text.split('\n');
  const fences = lines.flatMap((line, index) => (/^ {0,3}(?:> ?)*(?:```|~~~)/.test(line) ? [index] : []));
  const blocks: { lines: readonly string[]; from: number }[] = [];
  for (let at = 0; at < fences.length; at += 2) {
    const from = fences[at] + 1;
    const block = lines.slice(from, fences[at + 1]);
    if (block.some((line) => strip(line).marked)) blocks.push({ lines: block, from });
  }
  return blocks.length > 0 ? blocks : [{ lines, from: 0 }];
}

function textLines(text: string, others: ReadonlySet<number>): Read[] {
  return inFences(text).flatMap(({ lines, from }) =>
    lines.flatMap((raw, index): Read[] => {
      if (others.has(from + index + 1)) return [];
      const { text: message, marked, foreign } = strip(raw);
      return foreign ? [] : [{ line: from + index + 1, text: message.trimEnd(), marked, length: raw.length }];
    }),
  );
}

/** Joins the rests of broken lines with their beginnings, in logs whose other lines all have a prefix. */
function joined(lines: readonly Read[]): Read[] {
  const told = lines.filter(({ text }) => text !== '');
  const marked = told.filter((line) => line.marked).length;
  if (marked < told.length * MOSTLY) return told;
  const whole: Read[] = [];
  for (const line of told) {
    const before = whole.at(-1);
    if (!line.marked && before && mayContinue(before.length, line.text))
      whole[whole.length - 1] = {
        ...before,
        text: `${before.text} ${line.text.trim()}`,
        length: line.length,
      };
    else whole.push(line);
  }
  return whole;
}

const NONE: ReadonlySet<number> = new Set();

/** The messages of a text, in order; empty ones are left out. */
export function logLines(text: string): LogLines {
  const json = journalObjects(text);
  const interrupts = json ? undefined : interruptTable(text);
  const lines =
    json?.map((line) => ({ ...line, marked: true })) ?? joined(textLines(text, interrupts?.lines ?? NONE));
  return {
    interrupts,
    lines: lines.map(({ line, text: message }) => ({ line, text: message })),
    marked: lines.filter(({ marked }) => marked).length,
  };
}

const BANNER = /^Linux version \d/;

/** The messages of the last boot that a log holds, and how many boots it holds; 0: none from its beginning. */
export function lastBoot(lines: readonly LogLine[]): { lines: readonly LogLine[]; boots: number } {
  const starts = lines.flatMap(({ text }, index) => (BANNER.test(text) ? [index] : []));
  return { lines: lines.slice(starts.at(-1) ?? 0), boots: starts.length };
}
