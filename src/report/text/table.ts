/** Tables without borders; colour comes from the cells alone. */
import Table from 'cli-table3';

const NONE = '';

/** A table whose columns from `rightFrom` on are aligned to the right. */
export function plainTable(head: string[], rightFrom: number): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, column) => (column >= rightFrom ? 'right' : 'left')),
    chars: {
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
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true },
  });
}

/** The table's lines, without trailing blanks. */
export function tableLines(table: Table.Table): string[] {
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
