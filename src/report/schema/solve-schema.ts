/** The JSON Schema of `irqsim solve --format json`. Fields are only ever added. */
import { answerSchema } from './answer-schema.ts';
import { choice, flag, list, number, object, orNull, text } from './schema-fields.ts';

const ANSWER = {
  path: text('The path that was solved for; "offline": CPUs that may go offline'),
  want: choice('Whether it is to be as large or as small as can be', ['most', 'least']),
  best: orNull(number('The number; null: none works', -1)),
  verdict: orNull(choice('Verdict there', ['pass', 'warn', 'fail'])),
  next: orNull(number('The next number beyond it, which does not work; null: there is none')),
  stoppedBy: orNull(
    object('What breaks there', {
      rule: text('A rule, a property, or "invalid": there is no such machine'),
      message: text('In words'),
    }),
  ),
  monotone: orNull(flag('All numbers up to it work and none beyond; null: not all were tried')),
  tried: number('How many numbers were tried'),
};

const VALUES = list(
  'Every number that was tried, ascending; only where not all up to the best are known to work',
  object('One number', {
    value: number('It'),
    verdict: choice('Verdict of the machine', ['pass', 'warn', 'fail', 'invalid']),
    works: flag('It keeps what is demanded'),
  }),
);

const FRONTIER = list(
  'With two targets: the best of the second for each number of the first',
  object('One number of the first', { value: number('It'), ...ANSWER }, { values: VALUES }),
);

export function solveJsonSchema(): object {
  const { path, want, ...one } = ANSWER;
  const outer = text('With two targets: the first');
  return answerSchema(
    'largest or smallest machine that works',
    {
      subjectTo: list(
        'What is demanded',
        text('"no errors", "no warnings", a property or what the description expects to survive'),
      ),
      path,
      want,
    },
    {
      ...one,
      leftOut: list(
        'What the description expects of the numbers that it was written with, which does not count',
        text('A path, as expect.online'),
      ),
      values: VALUES,
      outer,
      frontier: FRONTIER,
    },
  );
}
