/** Grids on a terminal, and what their signs and colours mean. */
import { visible } from '../../../lib/visible.ts';
import type { Cell, Grid, GridMark, Legend, Scale } from '../block.ts';
import { grounded, ramp } from './heat.ts';
import { blockCount, type SheetColumn, sheetLines } from './sheet.ts';
import { plainText, type TerminalStyle } from './style.ts';
import { wrap } from './wrap.ts';

const keyOf = ({ down, rows }: Grid): SheetColumn => ({
  head: down,
  cells: rows.map((text) => ({ text })),
  align: 'left',
});

function columnsOf({ columns, cells, numbers }: Grid, shown: (cell: Cell) => Cell): SheetColumn[] {
  return columns.map((head, column) => ({
    head,
    cells: cells.map((row) => shown(row[column])),
    align: numbers ? 'right' : 'centre',
  }));
}

/** Words if they need no more blocks than signs do; the same for all grids of one size, whatever is in them. */
function needsSigns(grid: Grid, width: number): boolean {
  const { marks = [] } = grid;
  if (marks.length === 0) return false;
  const blocks = (textOf: (mark: GridMark) => string): number => {
    const widest = Math.max(...marks.map((mark) => textOf(mark).length));
    const columns = columnsOf(grid, () => ({ text: ' '.repeat(widest) }));
    return blockCount([keyOf(grid)], columns, width);
  };
  return blocks(({ word }) => word) > blocks(({ sign }) => sign);
}

/** A row below the other, columns side by side; what does not fit goes on below. */
export function gridLines(grid: Grid, style: TerminalStyle): string[] {
  const { caption, marks = [], across } = grid;
  const signs = new Map(needsSigns(grid, style.width) ? marks.map(({ word, sign }) => [word, sign]) : []);
  const columns = columnsOf(grid, (cell) => ({ ...cell, text: signs.get(cell.text) ?? cell.text }));
  return [
    ...(caption === undefined
      ? []
      : wrap(plainText(caption), style.width).map((line) => style.chalk.bold(line))),
    ...sheetLines([keyOf(grid)], columns, style, across),
  ];
}

/** Signs with what they mean, where signs stand for words; remarks on one or the other. */
export function legendLines({ grid, used }: Legend, { width, chalk }: TerminalStyle): string[] {
  const signs = needsSigns(grid, width);
  const meanings = used.map(
    ({ sign, ground, meaning }) => `${grounded(` ${sign} `, ground, chalk)} ${meaning}`,
  );
  return [
    ...(signs && used.length > 0 ? [meanings.join('  ')] : []),
    ...used.flatMap(({ sign, word, remark }) =>
      remark === undefined ? [] : wrap(`${signs ? sign : word}: ${remark}`, width),
    ),
  ];
}

/** "summary.errors: lowest 0 [colours] highest 7". */
export function scaleLines({ name, lowest, highest }: Scale, { chalk }: TerminalStyle): string[] {
  const shown = visible(name);
  if (lowest === highest) return [`${shown}: ${lowest} everywhere`];
  const drawn = ramp(chalk);
  return [`${shown}: lowest ${lowest}${drawn === '' ? ',' : ` ${drawn}`} highest ${highest}`];
}
