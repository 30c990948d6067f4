/** How a text report is written: a terminal's style, and whether everything is shown. */

import { factLines } from '../document/terminal/facts.ts';
import { type TerminalStyle, terminalStyle } from '../document/terminal/style.ts';
import type { TextOptions } from '../text-options.ts';

export interface TextStyle extends TerminalStyle {
  readonly verbose: boolean;
}

/** Width of the column of names. */
export const LABEL = 10;

export function textStyle(options: TextOptions): TextStyle {
  return { ...terminalStyle(options), verbose: options.verbose };
}

/** Texts under a name. */
export function named(style: TextStyle, name: string, texts: readonly string[]): string[] {
  return factLines({ kind: 'facts', facts: [{ name, texts }] }, style);
}
