/** The forms of a sweep: for people all points at once, for scripts one by one; each is loaded only when asked for. */
import { documentWriter, type WrittenFormat } from '../document/writer.ts';
import type { SweepFormat } from './formats.ts';
import type { SweepRow } from './row.ts';
import type { BeginSweep } from './writer.ts';

/** A value as it is shown: nothing at all would be seen of an empty one. */
const shownValue = (value: string): string => value || '""';

/** Keeps the points, for a column is as wide as its widest cell: no more than a grid may have. */
const asDocument = (format: WrittenFormat) => async (): Promise<BeginSweep> => {
  const [{ sweepDocument }, { whole }] = await Promise.all([import('./document.ts'), documentWriter(format)]);
  return (options) => {
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
      end: () => whole(sweepDocument({ ...options, axes, rows }), options),
    };
  };
};

export const SWEEPS: Readonly<Record<SweepFormat, () => Promise<BeginSweep>>> = {
  text: asDocument('text'),
  csv: async () => (await import('./data.ts')).csv,
  json: async () => (await import('./data.ts')).json,
  ndjson: async () => (await import('./data.ts')).ndjson,
  markdown: asDocument('markdown'),
  html: asDocument('html'),
};
