/**
 * A sweep for scripts, written point by point.
 *
 * CSV (RFC 4180): a header, then a row a point: the axes, verdict, errors, warnings, notes, the fields of --show.
 * NDJSON: an object a point: `point` (key → value as text), `verdict` (pass, warn, fail or invalid), `summary` as in
 * the JSON report (null if invalid), with --show `show` (field → value, null where the report has none), `problem`
 * if invalid, with --reports `report`. JSON: one object with `schemaVersion`, `tool`, `source`, `axes` (each `key` and
 * `values`) and `points` (as in NDJSON).
 */
import { jsonText } from '../../lib/json-text.ts';
import { csvCell } from '../csv-cell.ts';
import { documentHead } from '../json.ts';
import type { SweepRow } from './row.ts';
import type { BeginSweep, SweepOptions } from './writer.ts';

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return csvCell(value);
  return csvCell(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

export const csv: BeginSweep = ({ axes, fields }) => {
  const head = [
    ...axes.map(({ key }) => key),
    'verdict',
    'errors',
    'warnings',
    'notes',
    ...fields.map(({ name }) => name),
  ];
  let header = `${head.map(cell).join(',')}\r\n`;
  const take = (): string => {
    const text = header;
    header = '';
    return text;
  };
  return {
    add({ point, verdict, summary, shown }) {
      const counts = [summary?.errors, summary?.warnings, summary?.notes];
      return `${take()}${[...point, verdict, ...counts, ...shown].map(cell).join(',')}\r\n`;
    },
    end: take,
  };
};

function pointObject(row: SweepRow, { axes, fields }: SweepOptions): object {
  const { point, verdict, summary, shown, problem, report } = row;
  return {
    point: Object.fromEntries(axes.map(({ key }, n) => [key, point[n]])),
    verdict,
    summary,
    ...(fields.length > 0
      ? { show: Object.fromEntries(fields.map(({ name }, n) => [name, shown[n] ?? null])) }
      : {}),
    ...(problem === null ? {} : { problem: problem.text }),
    ...(report === null ? {} : { report }),
  };
}

export const ndjson: BeginSweep = (options) => ({
  add: (row) => `${jsonText(pointObject(row, options))}\n`,
  end: () => '',
});

export const json: BeginSweep = (options) => {
  const { version, source, axes } = options;
  const head = {
    ...documentHead(version),
    source,
    axes: axes.map(({ key, values }) => ({ key, values: values.map(({ text }) => text) })),
  };
  // The object is opened by hand, so that a large grid is not held in memory; a line a point.
  let lead = `${jsonText(head).slice(0, -1)},"points":[\n`;
  const next = (): string => {
    const text = lead;
    lead = ',\n';
    return text;
  };
  return {
    add: (row) => next() + jsonText(pointObject(row, options)),
    end: () => (lead === ',\n' ? '\n]}\n' : `${next()}]}\n`),
  };
};
