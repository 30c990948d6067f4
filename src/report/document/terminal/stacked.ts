/** A table on a terminal that is too narrow for its columns: each row by itself, its cells one after the other by name. */
import { visible } from '../../../lib/visible.ts';
import type { Cell, Table } from '../block.ts';
import { type TerminalStyle, tinted } from './style.ts';
import { wrap, wrapPieces } from './wrap.ts';

const INDENT = 2;
/** What a cell holds where there is nothing to say. */
const NOTHING: readonly string[] = ['', '-'];

/** "dead 3": the lines of one row below its first cell. */
function restLines(columns: Table['columns'], cells: readonly Cell[], style: TerminalStyle): string[] {
  const { width, chalk } = style;
  const said = cells
    .map((cell, n) => ({ cell, title: visible(columns[n].title), text: visible(cell.text) }))
    .filter(({ text }) => !NOTHING.includes(text));
  const pieces = said.map(({ cell, title, text }, n) => {
    const end = n === said.length - 1 ? '' : ',';
    const lead = title === '' ? '' : `${title} `;
    return { plain: `${lead}${text}${end}`, shown: `${lead}${tinted(text, cell, chalk)}${end}` };
  });
  return wrapPieces(pieces, ' ', width - INDENT).map((line) => ' '.repeat(INDENT) + line);
}

/** Lines that fit the width, but for words that do not. */
export function stackedTable({ columns, rows }: Table, style: TerminalStyle): string[] {
  const { width, chalk } = style;
  const title = visible(columns[0].title);
  return [
    ...(title === '' ? [] : wrap(title, width).map((line) => chalk.bold(line))),
    ...rows.flatMap(([first, ...cells]) => [
      ...wrap(first.text, width).map((line) => tinted(line, first, chalk)),
      ...restLines(columns.slice(1), cells, style),
    ]),
  ];
}
