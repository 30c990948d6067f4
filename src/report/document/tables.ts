/** Blocks of rows and columns, and what explains the colours and signs in them. */
import type { Inline, Tone } from './inline.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand below each other by their last digit. */
  readonly numbers?: true;
  /** Short words stand in the middle. */
  readonly centred?: true;
  /** Its texts may be broken into lines, where the table would be too wide. */
  readonly breaks?: true;
  /** In a table with keys: its texts may be cut to what is left of the line. */
  readonly elastic?: true;
}

/** What a cell is on a map of heat: good to bad, or a part (0 to 1) of a scale of numbers. */
export type Ground = Extract<Tone, 'good' | 'doubt' | 'bad' | 'absent'> | number;

export interface Cell {
  readonly text: string;
  /** The same text with the code in it marked, for forms that have a face for code. */
  readonly marked?: Inline;
  readonly tone?: Tone;
  /** Where there are colours, one behind the text. */
  readonly ground?: Ground;
}

export interface Table {
  readonly kind: 'table';
  readonly caption?: Inline;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** So many columns at the left say what a row is: where others do not fit, they go on below, beside these again. */
  readonly keys?: number;
}

/** One of the few words that a grid holds; a sign stands for it where the words would not fit side by side. */
export interface GridMark {
  readonly word: string;
  readonly sign: string;
  readonly meaning: string;
  readonly ground: Ground;
  /** What there is to say of it that the word does not. */
  readonly remark?: string;
}

/** One thing by two others: what varies down names the rows, what varies across the columns. */
export interface Grid {
  readonly kind: 'grid';
  readonly caption?: Inline;
  readonly down: string;
  readonly across: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** By row, then column. */
  readonly cells: readonly (readonly Cell[])[];
  readonly numbers?: true;
  /** All words that the cells may hold, if they are few. */
  readonly marks?: readonly GridMark[];
}

/** From which number to which the cells called `name` go. */
export interface Scale {
  readonly kind: 'scale';
  readonly name: string;
  readonly lowest: number;
  readonly highest: number;
}

/** What the marks mean that are used in a grid, or in grids of the same size. */
export interface Legend {
  readonly kind: 'legend';
  readonly grid: Grid;
  readonly used: readonly GridMark[];
}
