/** What a point of a sweep is in a table or grid: its verdict, or a field of its report. */
import { shortenList } from '../../lib/ids.ts';
import type { Cell, GridMark, Ground, Scale } from '../document/block.ts';
import type { SweepRow } from './row.ts';

type PointVerdict = SweepRow['verdict'];

export const VERDICTS = ['pass', 'warn', 'fail', 'invalid'] as const satisfies readonly PointVerdict[];

interface VerdictMark extends GridMark {
  readonly ground: Exclude<Ground, number>;
}

export const VERDICT_MARKS: Readonly<Record<PointVerdict, VerdictMark>> = {
  pass: { word: 'pass', sign: '.', meaning: 'pass', ground: 'good' },
  warn: { word: 'warn', sign: 'w', meaning: 'warn', ground: 'doubt' },
  fail: { word: 'FAIL', sign: 'F', meaning: 'fail', ground: 'bad' },
  invalid: {
    word: 'n/a',
    sign: '-',
    meaning: 'invalid',
    ground: 'absent',
    remark: 'the description is not valid there',
  },
};

/** The numbers among the values of a field; null if there are none. */
export function scaleOf(name: string, values: readonly unknown[]): Scale | null {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number') continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return lowest <= highest ? { kind: 'scale', name, lowest, highest } : null;
}

function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (typeof value === 'string') return shortenList(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function verdictCell({ verdict }: SweepRow): Cell {
  const { word, ground } = VERDICT_MARKS[verdict];
  return { text: word, ground };
}

const place = (value: number, { lowest, highest }: Scale): number =>
  highest === lowest ? 0 : (value - lowest) / (highest - lowest);

/** The field by its number; a number has its place on the scale, `ground` is that of anything else. */
export function fieldCell(row: SweepRow, field: number, scale: Scale | null, ground?: Ground): Cell {
  const value = row.shown[field];
  if (row.verdict === 'invalid') return verdictCell(row);
  if (typeof value === 'number' && scale) return { text: String(value), ground: place(value, scale) };
  return { text: valueText(value), ...(ground === undefined ? {} : { ground }) };
}
