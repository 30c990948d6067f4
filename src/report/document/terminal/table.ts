/** Tables without borders; colour comes from the cells alone. */
import CliTable from 'cli-table3';
import { visible } from '../../../lib/visible.ts';
import type { Table } from '../block.ts';
import { type SheetColumn, sheetLines } from './sheet.ts';
import { plainText, type TerminalStyle, tinted } from './style.ts';
import { wrap } from './wrap.ts';

const NONE = '';
const CHARS = {
  top: NONE,
  'top-mid': NONE,
  'top-left': NONE,
  'top-right': NONE,
  bottom: NONE,
  'bottom-mid': NONE,
  'bottom-left': NONE,
  'bottom-right': NONE,
  left: NONE,
  'left-mid': NONE,
  mid: NONE,
  'mid-mid': NONE,
  right: NONE,
  'right-mid': NONE,
  middle: ' ',
};

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
  const room = Math.floor((width - taken) / shared) - GAP.length;
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

function uncaptioned(block: Table, style: TerminalStyle): string[] {
  if (block.keys !== undefined) return keyedTable(block, block.keys, style);
  return block.columns.some(({ breaks }) => breaks) ? brokenTable(block, style) : wholeTable(block, style);
}

/** The table's lines, without trailing blanks; below a caption they are indented. */
export function tableLines(block: Table, style: TerminalStyle): string[] {
  const lines = uncaptioned(block, style);
  if (block.caption === undefined) return lines;
  const caption = visible(plainText(block.caption));
  return [style.chalk.bold(caption), ...lines.map((line) => ' '.repeat(style.indent) + line)];
}

function wholeTable({ columns, rows }: Table, { chalk }: TerminalStyle): string[] {
  const table = new CliTable({
    head: columns.map(({ title }) => chalk.bold(title)),
    colAligns: columns.map(({ numbers, centred }) => (numbers ? 'right' : centred ? 'center' : 'left')),
    chars: CHARS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true },
  });
  table.push(...rows.map((row) => row.map((cell) => tinted(visible(cell.text), cell, chalk))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
