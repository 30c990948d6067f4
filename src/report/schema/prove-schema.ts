/** The JSON Schema of `irqsim prove --format json`. Fields are only ever added. */
import { answerSchema } from './answer-schema.ts';
import { choice, cpus, flag, list, number, object, orNull, text } from './schema-fields.ts';

const counterexample = object(
  'A smallest one, confirmed by simulating it',
  {
    events: list('Events of a description: played behind its own they show the failure', {
      type: 'object',
      description: 'An event as a description has it',
    }),
    shows: text('What is wrong then'),
    smallest: flag('That no smaller one exists is proved'),
  },
  { probeOrder: list('The order in which the devices are probed', text('Device')) },
);

const answer = object(
  'What is proved of one property',
  {
    property: text('Property, and the number behind its name'),
    policy: text('Policy that it is proved under'),
    answer: choice('Whether it holds', ['holds', 'fails', 'unknown']),
    offlineAtMost: orNull(number('Sets of at most so many CPUs that go offline; null: it is not about them')),
    among: cpus('CPUs that may go offline'),
    method: orNull(
      choice('closed-form: all sets at once; symmetry: one for its like; exhaustive: each', [
        'closed-form',
        'symmetry',
        'exhaustive',
      ]),
    ),
    sets: {
      anyOf: [
        number('As a number'),
        { type: 'string', pattern: '^[0-9]+$', description: 'In decimal digits' },
      ],
      description: 'Sets of CPUs, orders or CPUs that the answer covers',
    },
    because: list('Why; of unknown: what is not covered', text('A sentence without its end')),
  },
  { largest: number('The largest number of CPUs that it holds for, where that was asked'), counterexample },
);

export function proveJsonSchema(): object {
  return answerSchema('proofs about a machine', {
    answers: list('By policy, then property, in the order asked', answer),
    summary: object('Answers in numbers', {
      holds: number('Properties that hold'),
      fails: number('Properties that fail'),
      unknown: number('Properties of which neither is proved'),
    }),
  });
}
