/** The JSON Schema of `irqsim verify --format json`. */
import { PLATFORMS } from '../../machine/machine.ts';
import { headFields } from './answer-schema.ts';
import { choice, list, number, object, rootSchema, text } from './schema-fields.ts';

export function verifyJsonSchema(): object {
  return rootSchema('a prediction compared with a captured machine', {
    ...headFields,
    machine: object('The machine', {
      source: text('Folder or archive'),
      kernel: text('Linux release that is modelled'),
      platform: choice('What the kernel runs on', PLATFORMS),
    }),
    stages: list('Stages of the capture', text('Name')),
    verdict: choice('match: all that was compared is as predicted; unknown: the kernel had to be guessed', [
      'match',
      'mismatch',
      'unknown',
    ]),
    kinds: list(
      'What was compared',
      object('', {
        kind: text('Kind of value'),
        compared: number('Values'),
        matched: number('As predicted'),
      }),
    ),
    mismatches: list(
      'Values that are not as predicted',
      object('', {
        stage: text('Stage'),
        kind: text('Kind of value'),
        what: text('Which value'),
        predicted: text('By the model'),
        found: text('In the capture'),
      }),
    ),
    notCompared: list(
      'Values that were not compared',
      object('', {
        stage: text('Stage'),
        kind: text('Kind of value'),
        count: number('How many'),
        why: text('Why'),
      }),
    ),
    unknown: list('What the capture does not tell', text('In words')),
    assumptions: list('What was assumed', text('In words')),
  });
}
