/**
 * Fields of the JSON report by their dotted path: `summary.queues.dead`, `devices.0.health`. An element of a list
 * goes by its number, its `name` or its `rule`; `length` is that of a list, `count` the number of CPUs in a CPU
 * list.
 */
import type { Analysis } from '../../findings/analyze.ts';
import { isMapping } from '../../formats/text/values.ts';
import { parseCpuList } from '../../lib/cpumask.ts';
import { suggestion } from '../../machine/did-you-mean.ts';
import { jsonReport } from '../json.ts';

export interface Field {
  /** As typed. */
  readonly name: string;
  readonly steps: readonly string[];
}

/** Keys that a report has only where there is something to say. */
const OPTIONAL: readonly string[] = [
  'fatal',
  'fallback',
  'stopped',
  'msix',
  'redirectedTo',
  'imported',
  'suppressed',
];

/** Throws RangeError for a path that cannot be one. */
export function parseField(name: string): Field {
  const steps = name.trim().split('.');
  if (steps.includes('')) throw new RangeError('expected a dotted path such as summary.queues.dead');
  return { name: name.trim(), steps };
}

/** The part of the report that the fields are looked up in; no more of it is made than they need. */
export function reportFor(analysis: Analysis, fields: readonly Field[], version: string): object {
  if (fields.every(({ steps }) => steps[0] === 'summary')) return { summary: analysis.summary };
  const vectors = fields.some(({ steps }) => steps[0] === 'vectors' && steps[1] === 'perCpu');
  return jsonReport(analysis, version, { vectors });
}

const isCpuList = (value: unknown): value is string => typeof value === 'string' && /^[\d,-]*$/.test(value);

function elementNames(list: readonly unknown[]): string[] {
  return list.flatMap((one) => {
    const named = isMapping(one) ? (one.name ?? one.rule) : undefined;
    return typeof named === 'string' ? [named] : [];
  });
}

/** The value one step further, undefined if there is none. */
function stepInto(value: unknown, step: string): unknown {
  if (Array.isArray(value)) {
    if (step === 'length') return value.length;
    return /^\d+$/.test(step) ? value[Number(step)] : value[elementNames(value).indexOf(step)];
  }
  if (isMapping(value)) return Object.hasOwn(value, step) ? value[step] : undefined;
  if (step === 'count' && isCpuList(value)) {
    return parseCpuList(value).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }
  return undefined;
}

/** The field's value in a report; undefined where the report has none. */
export function fieldValue(report: object, { steps }: Field): unknown {
  return steps.reduce<unknown>(stepInto, report);
}

const withoutNumber = (name: string): string => name.replace(/\d+$/, '');

/** Whether a step that leads nowhere here may lead somewhere in another report of the same kind. */
function mayBeThere(value: unknown, step: string): boolean {
  if (!Array.isArray(value)) return isMapping(value) ? OPTIONAL.includes(step) : value === null;
  if (value.length === 0 || /^\d+$/.test(step)) return true;
  const names = elementNames(value);
  return (
    names.some((name) => withoutNumber(name) === withoutNumber(step)) || /^[a-z0-9]+(-[a-z0-9]+)+$/.test(step)
  );
}

/** What is wrong with a field, by a report that should have it; null if nothing is, as far as it can be seen. */
export function problemWith(report: object, { steps }: Field): string | null {
  let value: unknown = report;
  for (const [depth, step] of steps.entries()) {
    const next = stepInto(value, step);
    if (next === undefined) {
      if (mayBeThere(value, step)) return null;
      const place = depth === 0 ? 'the report' : steps.slice(0, depth).join('.');
      if (isMapping(value))
        return `${place} has no "${step}"${suggestion(step, Object.keys(value), 'fields')}`;
      if (Array.isArray(value)) {
        const names = ['length', ...new Set(elementNames(value))].slice(0, 12);
        return `${place} has no "${step}"${suggestion(step, names, 'elements')}`;
      }
      return `${place} is ${JSON.stringify(value)}, which has no "${step}"`;
    }
    value = next;
  }
  return null;
}
