/** One point of a sweep as all formats write it. */
import type { Summary, Verdict } from '../../findings/analyze.ts';
import { InputError } from '../../machine/locate.ts';
import type { SweptPoint } from '../../questions/whatif/sweep.ts';
import { jsonReport } from '../json.ts';
import { type Field, fieldValue, reportFor } from './field.ts';

export interface SweepRow {
  /** The value of each axis, in their order. */
  readonly point: readonly string[];
  readonly verdict: Verdict | 'invalid';
  /** Null for an invalid point. */
  readonly summary: Summary | null;
  /** The value of each field; undefined where the report has none. */
  readonly shown: readonly unknown[];
  /** Rules of the findings, each once, the gravest first. */
  readonly rules: readonly string[];
  /** First problem of a description that is not valid; null if it is. */
  readonly problem: { readonly message: string /** With its place. */; readonly text: string } | null;
  /** The whole JSON report, if it was asked for. */
  readonly report: object | null;
}

export interface RowOptions {
  readonly version: string;
  readonly fields: readonly Field[];
  /** Keep the whole reports, and whether they list the vectors of every CPU. */
  readonly reports: boolean;
  readonly vectors: boolean;
}

export function rowOf(swept: SweptPoint, { version, fields, reports, vectors }: RowOptions): SweepRow {
  const point = swept.point.map(({ text }) => text);
  if (swept.analysis === null) {
    const { problems } = swept.invalid;
    const problem = { message: problems[0].message, text: new InputError(problems.slice(0, 1)).format() };
    return {
      point,
      verdict: 'invalid',
      summary: null,
      shown: fields.map(() => undefined),
      rules: [],
      problem,
      report: null,
    };
  }
  const { analysis } = swept;
  const source = reportFor(analysis, fields, version);
  return {
    point,
    verdict: analysis.summary.verdict,
    summary: analysis.summary,
    shown: fields.map((field) => fieldValue(source, field)),
    rules: [...new Set(analysis.findings.map(({ rule }) => rule))],
    problem: null,
    report: reports ? jsonReport(analysis, version, { vectors }) : null,
  };
}
