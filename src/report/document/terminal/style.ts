/** How text is put on a terminal: width, colours, the columns that a report is laid out in. Pure. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { TextOptions } from '../../text-options.ts';
import { type Cell, type Inline, piecesOf, type Tone } from '../block.ts';
import { COLOURLESS, type Colourless } from './colourless.ts';
import { grounded } from './heat.ts';
import { wrap } from './wrap.ts';

/** The columns of one report. */
export interface Layout {
  /** Least width of the column of names; a longer name widens it. */
  readonly names: number;
  readonly nameFace: 'bold' | 'dim';
  /** Blanks before facts. */
  readonly margin: number;
  /** Blanks before what stands below a title: items, texts of an entry, a table with a caption. */
  readonly indent: number;
  /** Blanks before the second line of a text, beyond those before its first. */
  readonly hang: number;
  /** How the texts of headlines and facts are broken into lines. */
  readonly wrap: (text: string, width: number) => string[];
  /** Columns that are used at most, however wide the terminal is. */
  readonly maxWidth: number;
}

const LAYOUT: Layout = {
  names: 10,
  nameFace: 'bold',
  margin: 0,
  indent: 0,
  hang: 2,
  wrap,
  maxWidth: Number.POSITIVE_INFINITY,
};

const COLOURS = {
  good: 'green',
  doubt: 'yellow',
  bad: 'red',
  idle: 'blue',
  hurt: 'magenta',
  worst: 'redBright',
  absent: 'gray',
  note: 'cyan',
  neutral: 'yellow',
  aside: 'dim',
  strong: 'bold',
} as const satisfies Record<Tone, keyof ChalkInstance>;

export interface TerminalStyle extends Layout {
  readonly width: number;
  readonly chalk: ChalkInstance | Colourless;
}

export function terminalStyle(
  { width, colour }: Pick<TextOptions, 'width' | 'colour'>,
  layout: Partial<Layout> = {},
): TerminalStyle {
  const columns = { ...LAYOUT, ...layout };
  const chalk = colour === 0 ? COLOURLESS : new Chalk({ level: colour });
  return { ...columns, width: Math.min(width, columns.maxWidth), chalk };
}

/** Text in the colour of its tone. */
export function coloured(text: string, tone: Tone | undefined, chalk: TerminalStyle['chalk']): string {
  return tone === undefined ? text : chalk[COLOURS[tone]](text);
}

/** The text of a cell, cut and padded as it may be, in the cell's colours. */
export function tinted(
  text: string,
  { tone, ground }: Pick<Cell, 'tone' | 'ground'>,
  chalk: TerminalStyle['chalk'],
): string {
  return ground === undefined ? coloured(text, tone, chalk) : grounded(text, ground, chalk);
}

/** Running text without marks: a terminal shows code as it is. */
export function plainText(text: Inline): string {
  return piecesOf(text)
    .map((piece) => (typeof piece === 'string' ? piece : 'code' in piece ? piece.code : piece.prose))
    .join('');
}
