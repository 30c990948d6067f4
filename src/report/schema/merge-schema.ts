/** The JSON Schema of the summary that `irqsim merge` and `irqsim analyze --statistics` write with `--format json`. */
import { LEVELS } from '../../findings/rules/rule.ts';
import { headFields } from './answer-schema.ts';
import { choice, counts, list, number, object, rootSchema, text } from './schema-fields.ts';

export function mergeJsonSchema(): object {
  return rootSchema('what many machines have in common', {
    ...headFields,
    records: number('Machines, and inputs that could not be read'),
    verdicts: counts('Machines by verdict', ['pass', 'warn', 'fail']),
    unread: number('Inputs that could not be read'),
    rules: list(
      'What was found, the gravest and most frequent first',
      object('', {
        rule: text('Rule'),
        level: choice('Level', LEVELS),
        machines: number('Machines with such a finding', 1),
        examples: list('Some of them', text('Record id')),
      }),
    ),
    machines: list(
      'The worst machines, at most 50',
      object('', {
        id: text('Record id'),
        verdict: choice('Verdict', ['warn', 'fail']),
        present: number('Plugged CPUs'),
        unreachable: number('CPUs that interrupts cannot reach'),
        dead: number('Dead queues'),
        rules: list('Errors, or warnings where there is no error', text('Rule')),
      }),
    ),
    problems: list(
      'Inputs that could not be read, at most 50',
      object('', { id: text('Record id'), message: text('Why') }),
    ),
  });
}
