/**
 * A sweep for the terminal. One axis, or several fields: a row a point. Two axes: a grid, the first down and the
 * second across. More: a grid for each combination of the leading ones. Colours make a heat map of the verdict or
 * of a number; words and numbers say the same without.
 */
import { shortenList } from '../../lib/ids.ts';
import { grouped } from '../../machine/limits.ts';
import { wrap } from '../document/terminal/wrap.ts';
import { type Heat, heatOf, PLAIN, type Scale, scaleOf } from './heat.ts';
import type { SweepRow } from './row.ts';
import { blockCount, type Cell, type Column, tableBlocks } from './table.ts';
import type { BeginSweep, SweepOptions } from './writer.ts';

type VerdictStyle = Readonly<Record<SweepRow['verdict'], string>>;
const WORDS: VerdictStyle = { pass: 'pass', warn: 'warn', fail: 'FAIL', invalid: 'n/a' };
/** For grids that are wide. */
const LETTERS: VerdictStyle = { pass: '.', warn: 'w', fail: 'F', invalid: '-' };
const RULES_SHOWN = 2;

/** All that the parts of the report share. */
interface SweepReport extends SweepOptions {
  readonly rows: readonly SweepRow[];
  readonly heat: Heat;
  /** Of each field; null where it has no numbers. */
  readonly scales: readonly (Scale | null)[];
}

function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (typeof value === 'string') return shortenList(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function verdictCell({ verdict }: SweepRow, { heat }: SweepReport, style: VerdictStyle): Cell {
  return { text: style[verdict], paint: heat.verdict[verdict] };
}

/** A number has the colour of its place on the scale, anything else that of the verdict where `tinted`. */
function fieldCell(row: SweepRow, field: number, { heat, scales }: SweepReport, tinted: boolean): Cell {
  const value = row.shown[field];
  const scale = scales[field];
  if (row.verdict === 'invalid') return { text: WORDS.invalid, paint: heat.verdict.invalid };
  if (typeof value === 'number' && scale) return { text: String(value), paint: heat.number(value, scale) };
  return { text: valueText(value), paint: tinted ? heat.verdict[row.verdict] : PLAIN };
}

const plainCells = (texts: readonly string[]): Cell[] => texts.map((text) => ({ text, paint: PLAIN }));

function axisColumn({ axes, rows }: SweepReport, axis: number): Column {
  return { head: axes[axis].key, cells: plainCells(rows.map(({ point }) => point[axis])), align: 'left' };
}

function rulesText({ rules, problem }: SweepRow): string {
  if (problem !== null) return problem.message;
  const more = rules.length - RULES_SHOWN;
  return [...rules.slice(0, RULES_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** A row a point. */
function listLines(report: SweepReport): string[] {
  const { rows, axes, fields, heat, width } = report;
  const counts = (['errors', 'warnings', 'notes'] as const).map(
    (head): Column => ({
      head,
      cells: plainCells(rows.map(({ summary }) => String(summary?.[head] ?? '-'))),
      align: 'right',
    }),
  );
  const verdicts: Column = {
    head: 'verdict',
    cells: rows.map((row) => verdictCell(row, report, WORDS)),
    align: 'centre',
  };
  const shown = fields.map(
    ({ name }, field): Column => ({
      head: name,
      cells: rows.map((row) => fieldCell(row, field, report, false)),
      align: report.scales[field] ? 'right' : 'left',
    }),
  );
  const findings: Column = {
    head: 'findings',
    cells: plainCells(rows.map(rulesText)),
    align: 'left',
    elastic: true,
  };
  const columns = [verdicts, ...counts, ...(fields.length > 0 ? shown : [findings])];
  const keys = axes.map((_, axis) => axisColumn(report, axis));
  return joined(tableBlocks(keys, columns, { width, bold: heat.chalk.bold }));
}

function joined(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((lines, n) => (n === 0 ? lines : ['', ...lines]));
}

/** The columns of one grid, whose points begin at row `from`. */
function gridColumns(report: SweepReport, from: number, cellOf: (row: SweepRow) => Cell): Column[] {
  const [down, across] = report.axes.slice(-2);
  return across.values.map(({ text }, column) => ({
    head: text,
    cells: down.values.map((_, row) => cellOf(report.rows[from + row * across.values.length + column])),
    align: report.fields.length === 1 && report.scales[0] ? 'right' : 'centre',
  }));
}

function gridKey({ axes }: SweepReport): Column {
  const [down] = axes.slice(-2);
  return {
    head: down.key,
    cells: plainCells(down.values.map(({ text }) => text)),
    align: 'left',
  };
}

/** Words if they need no more blocks than letters do. */
function verdictStyle(report: SweepReport): VerdictStyle {
  const blocks = (style: VerdictStyle) =>
    blockCount(
      [gridKey(report)],
      gridColumns(report, 0, () => ({ text: style.pass, paint: PLAIN })),
      report.width,
    );
  return blocks(WORDS) > blocks(LETTERS) ? LETTERS : WORDS;
}

/** A grid for each combination of the leading axes; returns the style of its verdicts too. */
function gridLines(report: SweepReport): { lines: string[]; style: VerdictStyle } {
  const { axes, rows, fields, heat, width } = report;
  const style = verdictStyle(report);
  const cellOf = (row: SweepRow): Cell =>
    fields.length === 1 ? fieldCell(row, 0, report, true) : verdictCell(row, report, style);
  const leading = axes.slice(0, -2);
  const over = axes[axes.length - 1].key;
  const size = axes.slice(-2).reduce((product, { values }) => product * values.length, 1);
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const caption = leading.map(({ key }, axis) => `${key} = ${rows[from].point[axis]}`).join(', ');
    if (from > 0) lines.push('');
    if (caption !== '') lines.push(...wrap(caption, width).map((line) => heat.chalk.bold(line)));
    const columns = gridColumns(report, from, cellOf);
    lines.push(...joined(tableBlocks([gridKey(report)], columns, { width, bold: heat.chalk.bold, over })));
  }
  return { lines, style };
}

const VERDICTS = ['pass', 'warn', 'fail', 'invalid'] as const;

/** What the colours and letters mean. */
function legendLines({ fields, scales, heat, rows, width }: SweepReport, style: VerdictStyle): string[] {
  const lines = fields.flatMap(({ name }, field) => {
    const scale = scales[field];
    if (!scale) return [];
    const { lowest, highest } = scale;
    if (lowest === highest) return [`${name}: ${lowest} everywhere`];
    return [`${name}: lowest ${lowest}${heat.ramp === '' ? ',' : ` ${heat.ramp}`} highest ${highest}`];
  });
  const meanings = VERDICTS.filter(
    (verdict) => style !== WORDS && rows.some((row) => row.verdict === verdict),
  );
  if (meanings.length > 0 && fields.length !== 1) {
    lines.push(
      meanings.map((verdict) => `${heat.verdict[verdict](` ${style[verdict]} `)} ${verdict}`).join('  '),
    );
  }
  if (rows.some(({ verdict }) => verdict === 'invalid')) {
    const mark = fields.length === 1 ? WORDS.invalid : style.invalid;
    lines.push(...wrap(`${mark}: the description is not valid there`, width));
  }
  return lines;
}

/** "24 points: 12 pass, 8 warn, 4 fail". */
function countLine({ rows, heat }: SweepReport): string {
  const parts = VERDICTS.flatMap((verdict) => {
    const n = rows.filter((row) => row.verdict === verdict).length;
    return n > 0 ? [`${grouped(n)} ${verdict}`] : [];
  });
  return heat.chalk.bold(`${grouped(rows.length)} point${rows.length === 1 ? '' : 's'}: ${parts.join(', ')}`);
}

function title({ source, axes, fields, heat, width }: SweepReport): string[] {
  const name = source === '-' ? 'standard input' : source;
  const what = fields.length === 1 ? `${fields[0].name} by ` : '';
  return wrap(`${name}: ${what}${axes.map(({ key }) => key).join(' × ')}`, width).map((line) =>
    heat.chalk.bold(line),
  );
}

function reportText(report: SweepReport): string {
  // Where nothing is valid, what is wrong says it all.
  if (report.quiet || report.rows.every(({ verdict }) => verdict === 'invalid'))
    return `${countLine(report)}\n`;
  const inGrid = report.axes.length > 1 && report.fields.length < 2;
  const { lines, style } = inGrid ? gridLines(report) : { lines: listLines(report), style: WORDS };
  const legend = legendLines(report, style);
  return `${[...title(report), '', ...lines, '', ...legend, countLine(report)].join('\n')}\n`;
}

/** A value as it is shown: nothing at all would be seen of an empty one. */
const shownValue = (value: string): string => value || '""';

export const text: BeginSweep = (options) => {
  const axes = options.axes.map(({ key, values }) => ({
    key,
    values: values.map((value) => ({ ...value, text: shownValue(value.text) })),
  }));
  const rows: SweepRow[] = [];
  return {
    add(row) {
      rows.push({ ...row, point: row.point.map(shownValue) });
      return '';
    },
    end() {
      const scales = options.fields.map((_, field) => scaleOf(rows.map(({ shown }) => shown[field])));
      return reportText({ ...options, axes, rows, heat: heatOf(options.colour), scales });
    },
  };
};
