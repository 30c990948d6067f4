/** A kernel log that can be asked: whether, where and with which values it says something. */
import type { InterruptTable } from '../proc-interrupts/table.ts';
import type { LogLine } from './line.ts';
import { lastBoot, logLines } from './lines.ts';

export interface KernelLog {
  /** False: there is no log, or it does not reach back to the boot. */
  readonly known: boolean;
  /** Name of the file; "" if there is none. */
  readonly path: string;
  /** Boots that the log holds from their beginning; the last one is looked at. */
  readonly boots: number;
  readonly lines: readonly LogLine[];
  /** /proc/interrupts in the same text. */
  readonly interrupts: InterruptTable | undefined;
  /** True if a line holds the text. */
  says(text: string): boolean;
  /** Line of the file, from 1, that first holds the text; undefined if none does. */
  lineOf(text: string): number | undefined;
  /** First match of a pattern without anchors. */
  find(pattern: RegExp): RegExpExecArray | null;
  /** All matches of a global pattern. */
  all(pattern: RegExp): RegExpExecArray[];
}

/** The log in a text, as any program may have written it down; an empty one says nothing. */
export function logOf(text: string, path: string): KernelLog {
  const { lines: all, interrupts } = logLines(text);
  const { lines, boots } = lastBoot(all);
  const body = lines.map((line) => line.text).join('\n');
  return {
    known: boots > 0,
    path,
    boots,
    lines,
    interrupts,
    says: (part) => body.includes(part),
    lineOf(part) {
      const at = body.indexOf(part);
      return at < 0 ? undefined : lines[body.slice(0, at).split('\n').length - 1].line;
    },
    find: (pattern) => pattern.exec(body),
    all: (pattern) => [...body.matchAll(pattern)] as RegExpExecArray[],
  };
}
