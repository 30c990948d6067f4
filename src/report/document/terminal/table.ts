/** Tables without borders; colour comes from the cells alone. */
import { visible } from '../../../lib/visible.ts';
import type { Column, Table } from '../block.ts';
import { columnsOf } from './columns-of.ts';
import { type SheetColumn, sheetLines } from './sheet.ts';
import { stackedTable } from './stacked.ts';
import { plainText, type TerminalStyle, tinted } from './style.ts';
import { longestWord, wrap } from './wrap.ts';

const GAP = '  ';
/** However many columns there are, one whose texts are broken has so many characters. */
const LEAST = 12;

/** A table whose columns share the width; texts that do not fit are broken into lines. */
function brokenTable({ columns, rows }: Table, { chalk, width }: TerminalStyle): string[] {
  const table = [columns.map(({ title }) => title), ...rows.map((row) => row.map(({ text }) => text))].map(
    (row) => row.map(visible),
  );
  const longest = columns.map((_, n) => Math.max(...table.map((row) => row[n].length)));
  const shared = columns.filter(({ breaks }) => breaks).length;
  const taken = columns.reduce((sum, { breaks }, n) => (breaks ? sum : sum + longest[n]), 0);
  const room = Math.floor((width - taken - GAP.length * (columns.length - 1)) / shared);
  const widths = columns.map(({ breaks }, n) =>
    breaks ? Math.min(Math.max(LEAST, room), longest[n]) : longest[n],
  );
  return table.flatMap((row, line) => {
    const cells = row.map((text, n) => (columns[n].breaks ? wrap(text, widths[n]) : [text]));
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, part) => {
      const texts = cells.map((cell, n) => (cell[part] ?? '').padEnd(widths[n]));
      return line === 0
        ? chalk.bold(texts.join(GAP).trimEnd())
        : texts
            .map((text, n) => tinted(text, rows[line - 1][n], chalk))
            .join(GAP)
            .trimEnd();
    });
  });
}

/** A table whose columns go on below, beside its keys, where they do not fit. */
function keyedTable({ columns, rows }: Table, keys: number, style: TerminalStyle): string[] {
  const sheet = columns.map(
    ({ title, numbers, centred, elastic }, n): SheetColumn => ({
      head: title,
      cells: rows.map((row) => row[n]),
      align: numbers ? 'right' : centred ? 'centre' : 'left',
      elastic,
    }),
  );
  return sheetLines(sheet.slice(0, keys), sheet.slice(keys), style);
}

/** The columns that a table needs, with texts that may be broken as narrow as they may be. */
function leastWidth({ columns, rows }: Table): number {
  const widths = columns.map(({ title, breaks }, n) => {
    const texts = [title, ...rows.map((row) => row[n].text)];
    const most = (of: (text: string) => number): number =>
      texts.reduce((max, text) => Math.max(max, of(text)), 0);
    const widest = most((text) => columnsOf(visible(text)));
    return breaks ? Math.min(Math.max(LEAST, most(longestWord)), widest) : widest;
  });
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

function uncaptioned(block: Table, style: TerminalStyle): string[] {
  if (block.keys !== undefined) return keyedTable(block, block.keys, style);
  if (leastWidth(block) > style.width) return stackedTable(block, style);
  return block.columns.some(({ breaks }) => breaks) ? brokenTable(block, style) : wholeTable(block, style);
}

/** The table's lines, without trailing blanks; below a caption they are indented. */
export function tableLines(block: Table, style: TerminalStyle): string[] {
  if (block.caption === undefined) return uncaptioned(block, style);
  const { indent, width, chalk } = style;
  const lines = uncaptioned(block, { ...style, width: width - indent });
  const caption = wrap(plainText(block.caption), width);
  return [...caption.map((line) => chalk.bold(line)), ...lines.map((line) => ' '.repeat(indent) + line)];
}

/** Blanks before and behind a text in a column. */
function blanks(text: string, width: number, { numbers, centred }: Column): readonly [string, string] {
  const all = width - columnsOf(text);
  const before = numbers ? all : centred ? Math.floor(all / 2) : 0;
  return [' '.repeat(before), ' '.repeat(all - before)];
}

/** A table whose columns are as wide as their texts. */
function wholeTable({ columns, rows }: Table, { chalk }: TerminalStyle): string[] {
  const head = columns.map(({ title }) => title);
  const texts = rows.map((row) => row.map(({ text }) => visible(text)));
  const widths = head.map((title, n) =>
    texts.reduce((widest, row) => Math.max(widest, columnsOf(row[n])), columnsOf(title)),
  );
  const line = (row: readonly string[], faced: (text: string, n: number) => string): string =>
    row
      .map((text, n) => {
        const [before, behind] = blanks(text, widths[n], columns[n]);
        return `${before}${faced(text, n)}${behind}`;
      })
      .join(GAP)
      .trimEnd();
  return [
    line(head, (title) => chalk.bold(title)),
    ...texts.map((row, r) => line(row, (text, n) => tinted(text, rows[r][n], chalk))),
  ];
}
