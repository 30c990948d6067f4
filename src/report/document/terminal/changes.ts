/** Changes on a terminal: two columns of what differs, and below each row what more there is to say. */
import type { Change, Changes } from '../block.ts';
import { rowLines, type Widths, widthsOf, wrapCell } from './columns.ts';
import { coloured, type TerminalStyle } from './style.ts';

/** Blanks before a row, where its sign stands, and before what is said below it. */
const SIGN = 2;
const DETAIL = 4;

const SIDES = ['', 'before', 'after'] as const;

function detailLines(detail: string, { width }: TerminalStyle): string[] {
  const lines = wrapCell(detail, width - DETAIL - 2);
  return lines.map((line, n) => ' '.repeat(n === 0 ? DETAIL : DETAIL + 2) + line);
}

function changeLines(change: Change, widths: Widths, style: TerminalStyle): string[] {
  const { sign, tone, name, before, after, details } = change;
  const { chalk } = style;
  const [first, ...more] = rowLines([name, before, after], widths).map((line) => coloured(line, tone, chalk));
  return [
    `${coloured(chalk.bold(sign), tone, chalk)} ${first}`,
    ...more.map((line) => ' '.repeat(SIGN) + line),
    ...details.flatMap((detail) => detailLines(detail, style)),
  ];
}

export function changesLines({ groups }: Changes, style: TerminalStyle): string[] {
  const rows = groups.flatMap((group) => group.rows);
  const widths = widthsOf(
    [SIDES, ...rows.map((row) => [row.name, row.before, row.after] as const)],
    style.width - SIGN,
  );
  const [columns] = rowLines(SIDES, widths);
  return [
    style.chalk.dim(' '.repeat(SIGN) + columns),
    ...groups.flatMap(({ title, rows: own, remark }, n) => [
      ...(n === 0 ? [] : ['']),
      style.chalk.bold(title),
      ...(remark === undefined ? [] : detailLines(remark, style)),
      ...own.flatMap((row) => changeLines(row, widths, style)),
    ]),
  ];
}
