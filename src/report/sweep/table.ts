/** A table that fits the width: columns that do not fit follow in further blocks, below the same key columns. */
import { visible } from '../../lib/visible.ts';
import { type Paint, PLAIN } from './heat.ts';

export interface Cell {
  readonly text: string;
  readonly paint: Paint;
}

export interface Column {
  readonly head: string;
  readonly cells: readonly Cell[];
  readonly align: 'left' | 'right' | 'centre';
  /** It may be cut to what is left of its line. */
  readonly elastic?: true;
}

/** What a table is drawn with. */
export interface TableStyle {
  readonly width: number;
  readonly bold: Paint;
  /** Stands above the columns that are no keys. */
  readonly over?: string;
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

function pad(text: string, width: number, align: Column['align']): string {
  if (align === 'left') return text.padEnd(width);
  if (align === 'right') return text.padStart(width);
  return text.padStart(Math.ceil((width + text.length) / 2)).padEnd(width);
}

function widthOf({ head, cells }: Column, most: number): number {
  return Math.min(
    most,
    cells.reduce((widest, { text }) => Math.max(widest, visible(text).length), visible(head).length),
  );
}

interface Sized {
  readonly column: Column;
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
  { width: most, bold, over }: TableStyle,
): string[] {
  const head = columns.map(({ column, width }) => pad(cut(column.head, width), width, column.align));
  const lines = [bold(head.join(GAP).trimEnd())];
  if (over !== undefined) {
    const indent = columns.slice(0, keys).reduce((sum, { width }) => sum + width + GAP.length, 0);
    lines.unshift(bold(' '.repeat(indent) + cut(over, most - indent)));
  }
  const count = columns[0]?.column.cells.length ?? 0;
  for (let row = 0; row < count; row++) {
    const cells = columns.map(({ column, width }) => {
      const { text, paint } = column.cells[row];
      return paint(pad(cut(text, width), width, column.align));
    });
    lines.push(cells.join(GAP).trimEnd());
  }
  return lines;
}

/** Lines of the blocks, each block by itself. `keys` are the columns at the left of every block. */
export function tableBlocks(
  keys: readonly Column[],
  columns: readonly Column[],
  style: TableStyle,
): string[][] {
  const { width } = style;
  const keyMost = Math.max(LEAST, Math.floor(width / 2 / keys.length) - GAP.length);
  const sizedKeys = keys.map((column) => ({ column, width: widthOf(column, keyMost) }));
  const keyRoom = sizedKeys.reduce((sum, one) => sum + one.width + GAP.length, 0);
  // The last column of a line has no gap behind it.
  const room = width - keyRoom + GAP.length;
  const most = Math.max(LEAST, room - GAP.length);
  const sized = columns.map((column) => ({ column, width: widthOf(column, most) }));
  return intoBlocks(sized, room).map((block) => blockLines([...sizedKeys, ...block], keys.length, style));
}

/** How many blocks the columns would need beside the keys. */
export function blockCount(keys: readonly Column[], columns: readonly Column[], width: number): number {
  return tableBlocks(keys, columns, { width, bold: PLAIN }).length;
}
