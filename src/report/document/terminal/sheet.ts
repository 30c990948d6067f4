/** Columns that fit the width: those that do not fit follow in further blocks, below the same key columns. */
import { visible } from '../../../lib/visible.ts';
import type { Cell } from '../block.ts';
import { type TerminalStyle, tinted } from './style.ts';

export interface SheetColumn {
  readonly head: string;
  readonly cells: readonly Cell[];
  readonly align: 'left' | 'right' | 'centre';
  /** It may be cut to what is left of its line. */
  readonly elastic?: true | undefined;
}

const GAP = ' ';
/** Even a narrow terminal leaves so many characters of a value. */
const LEAST = 6;
/** An elastic column is not cut to less. */
const LEAST_ELASTIC = 24;

/** The text, or its beginning with an ellipsis. */
function cut(text: string, width: number): string {
  const shown = visible(text);
  return shown.length <= width ? shown : `${shown.slice(0, Math.max(1, width - 1))}…`;
}

function pad(text: string, width: number, align: SheetColumn['align']): string {
  if (align === 'left') return text.padEnd(width);
  if (align === 'right') return text.padStart(width);
  return text.padStart(Math.ceil((width + text.length) / 2)).padEnd(width);
}

function widthOf({ head, cells }: SheetColumn, most: number): number {
  return Math.min(
    most,
    cells.reduce((widest, { text }) => Math.max(widest, visible(text).length), visible(head).length),
  );
}

interface Sized {
  readonly column: SheetColumn;
  readonly width: number;
}

/** Deals the columns out to blocks that are no wider than `room`; a wider column has a block of its own. */
function intoBlocks(columns: readonly Sized[], room: number): Sized[][] {
  const blocks: Sized[][] = [];
  let left = 0;
  for (const { column, width } of columns) {
    const fits = column.elastic && left > LEAST_ELASTIC;
    const one = { column, width: fits ? Math.min(width, left - GAP.length) : width };
    const needed = one.width + GAP.length;
    if (blocks.length === 0 || needed > left) {
      blocks.push([]);
      left = room;
    }
    blocks[blocks.length - 1].push(one);
    left -= needed;
  }
  return blocks.length === 0 ? [[]] : blocks;
}

/** The columns from number `keys` on stand below the heading `over`. */
function blockLines(
  columns: readonly Sized[],
  keys: number,
  over: string | undefined,
  { width: most, chalk }: TerminalStyle,
): string[] {
  const head = columns.map(({ column, width }) => pad(cut(column.head, width), width, column.align));
  const lines = [chalk.bold(head.join(GAP).trimEnd())];
  if (over !== undefined) {
    const indent = columns.slice(0, keys).reduce((sum, { width }) => sum + width + GAP.length, 0);
    lines.unshift(chalk.bold(' '.repeat(indent) + cut(over, most - indent)));
  }
  const count = columns[0]?.column.cells.length ?? 0;
  for (let row = 0; row < count; row++) {
    const cells = columns.map(({ column, width }) => {
      const cell = column.cells[row];
      return tinted(pad(cut(cell.text, width), width, column.align), cell, chalk);
    });
    lines.push(cells.join(GAP).trimEnd());
  }
  return lines;
}

/** The blocks that columns are dealt out to in `width` columns of a terminal, and the keys at the left of each. */
function layOut(
  keys: readonly SheetColumn[],
  columns: readonly SheetColumn[],
  width: number,
): { keys: Sized[]; blocks: Sized[][] } {
  const keyMost = Math.max(LEAST, Math.floor(width / 2 / keys.length) - GAP.length);
  const sizedKeys = keys.map((column) => ({ column, width: widthOf(column, keyMost) }));
  const keyRoom = sizedKeys.reduce((sum, one) => sum + one.width + GAP.length, 0);
  // The last column of a line has no gap behind it.
  const room = width - keyRoom + GAP.length;
  const most = Math.max(LEAST, room - GAP.length);
  const sized = columns.map((column) => ({ column, width: widthOf(column, most) }));
  return { keys: sizedKeys, blocks: intoBlocks(sized, room) };
}

/** Lines of the blocks, an empty one between. `keys` stand at the left of every block, `over` above its other columns. */
export function sheetLines(
  keys: readonly SheetColumn[],
  columns: readonly SheetColumn[],
  style: TerminalStyle,
  over?: string,
): string[] {
  const sheet = layOut(keys, columns, style.width);
  return sheet.blocks.flatMap((block, n) => [
    ...(n === 0 ? [] : ['']),
    ...blockLines([...sheet.keys, ...block], keys.length, over, style),
  ]);
}

/** How many blocks the columns need beside the keys. */
export function blockCount(
  keys: readonly SheetColumn[],
  columns: readonly SheetColumn[],
  width: number,
): number {
  return layOut(keys, columns, width).blocks.length;
}
