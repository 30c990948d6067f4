/** The JSON Schema of `irqsim sweep --format json`; the points are those of `--format ndjson` too. */
import { headFields } from './answer-schema.ts';
import { summary } from './report-schema.ts';
import { choice, list, object, orNull, rootSchema, text } from './schema-fields.ts';

const point = object(
  'One combination',
  {
    point: { type: 'object', description: 'Value by key', additionalProperties: text('As given') },
    verdict: choice('Verdict; invalid: there is no such machine', ['pass', 'warn', 'fail', 'invalid']),
    summary: orNull(summary),
  },
  {
    show: { type: 'object', description: 'With --show: value by field; null: the report has no such field' },
    problem: text('Why there is no such machine'),
    report: {
      type: 'object',
      description: 'With --reports: the report of analyze, see irqsim schema report',
    },
  },
);

export function sweepJsonSchema(): object {
  return rootSchema('a grid of what-ifs', {
    ...headFields,
    source: text('File, "-" for standard input'),
    axes: list(
      'Keys that vary, the slowest first',
      object('', { key: text('Key of --set'), values: list('Values in order', text('As given')) }),
    ),
    points: list('Points, the last key varying fastest', point),
  });
}
