/** The sheet a text report is written on: width, colours, labelled blocks, wrapped lines. Pure. */
import { Chalk, type ChalkInstance } from 'chalk';
import { visible } from '../../lib/visible.ts';
import type { TextOptions } from '../text-options.ts';

export type { TextOptions };

export interface Paper {
  readonly width: number;
  readonly ink: ChalkInstance;
  readonly verbose: boolean;
}

/** Width of the label column. */
export const LABEL = 10;

export function paper({ width, colour, verbose }: TextOptions): Paper {
  return { width, ink: new Chalk({ level: colour }), verbose };
}

/** Breaks a text, made visible, at blanks so that lines fit `width`; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** A block: the label before the first line, the others below it, each wrapped with a hanging indent. */
export function block(sheet: Paper, label: string, texts: readonly string[]): string[] {
  const indent = ' '.repeat(LABEL);
  return texts
    .flatMap((text) => wrap(text, sheet.width - LABEL).map((line, n) => (n === 0 ? line : `  ${line}`)))
    .map((line, n) => (n === 0 ? sheet.ink.bold(label.padEnd(LABEL)) : indent) + line);
}
