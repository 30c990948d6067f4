/** A name and two columns, wrapped to fit a width. Pure text: colours are put on by the caller. */

import { visible } from '../../../lib/visible.ts';

/** Breaks text, made visible, at blanks and after commas so that lines fit `width`; what is still too long is cut into pieces. */
export function wrapCell(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of visible(text).match(/[^\s,]*,|[^\s,]+|\s+/g) ?? []) {
    if (line !== '' && line.length + piece.trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || piece.trim() !== '') line += piece;
    for (; line.trimEnd().length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** Columns of a table whose rows are `[name, before, after]`. */
export interface Widths {
  readonly name: number;
  readonly value: number;
}

/** Blanks between columns. */
const GAP = 2;
const VALUE_MIN = 12;

/** The narrowest columns that hold all rows, or that fit `width`; names take at most two fifths of it. */
export function widthsOf(rows: readonly (readonly [string, string, string])[], width: number): Widths {
  const longest = (texts: readonly string[]) => texts.reduce((max, { length }) => Math.max(max, length), 0);
  const name = Math.min(longest(rows.map(([first]) => first)), Math.floor(width * 0.4));
  const room = Math.floor((width - name) / 2) - GAP;
  const wanted = longest(rows.flatMap(([, before, after]) => [before, after]));
  return { name, value: Math.min(room, Math.max(VALUE_MIN, wanted)) };
}

/** The lines of one row, without blanks at their ends. */
export function rowLines([name, before, after]: readonly [string, string, string], widths: Widths): string[] {
  const cells = [
    wrapCell(name, widths.name),
    wrapCell(before, widths.value),
    wrapCell(after, widths.value),
  ] as const;
  const height = Math.max(...cells.map(({ length }) => length));
  const gap = ' '.repeat(GAP);
  return Array.from({ length: height }, (_, line) => {
    const [first = '', second = '', third = ''] = cells.map((cell) => cell[line]);
    return [first.padEnd(widths.name), second.padEnd(widths.value), third].join(gap).trimEnd();
  });
}
