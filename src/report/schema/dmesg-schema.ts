/** The JSON Schema of `irqsim dmesg --format json`. Fields are only ever added. */
import { DRIVER_NAMES } from '../../machine/driver-names.ts';
import { PLATFORMS } from '../../machine/machine.ts';
import { answerSchema, machineSchema } from './answer-schema.ts';
import { reportJsonSchema } from './report-schema.ts';
import { choice, cpus, flag, list, number, object, orNull, type Schema, text } from './schema-fields.ts';

const lines = list(
  'The lines that are understood, in the order in which the first of each kind stands',
  object('', {
    line: number('Line of the input: of the first of them', 1),
    text: text('The message of that line, without what stands before it'),
    entry: orNull(text('Name for irqsim explain; null: the line tells a value')),
    means: text('What it means'),
    matters: flag('It is, or may be, a sign of trouble'),
    mattersText: orNull(text('Whether it matters, and to whom; null: what it means says it')),
    times: number('How many lines are like it, but for numbers', 1),
    last: number('Line of the last of them', 1),
  }),
);

const differences = list(
  'Where the log and what the model predicts from it differ',
  object('', {
    kind: choice('missing: only the model prints it; unexpected: only the log has it', [
      'missing',
      'unexpected',
    ]),
    text: text('The message'),
    line: orNull(number('Line of the input; null: it is not there', 1)),
    times: number('How many lines are like it, but for numbers', 1),
    model: orNull(text('What the model has instead; null: nothing')),
  }),
);

const maybe = (description: string): Schema => orNull(number(description));

const facts = object('What the log says, as values; null: it does not tell', {
  kernel: orNull(text('The release, as the kernel prints it')),
  platform: orNull(choice('What the kernel says that it runs on', PLATFORMS)),
  cmdline: orNull(text('The command line, with module parameters that the queues show')),
  possible: maybe('Possible CPUs'),
  present: maybe('Plugged CPUs'),
  broughtUp: maybe('CPUs online at the end of the boot'),
  nrCpus: maybe('CONFIG_NR_CPUS'),
  refused: cpus('CPUs that the kernel refused to start'),
  routing: orNull(text('How APICs are addressed')),
  remapping: orNull(
    choice('Mode of interrupt remapping; null: no line says that it is on', ['x2apic', 'xapic']),
  ),
  devices: list(
    'Devices that log their queues or vectors, or that they are there',
    object('', {
      name: text('Device'),
      driver: choice('Driver', DRIVER_NAMES),
      queues: maybe('Queues with an interrupt'),
      pollQueues: maybe('Queues without one'),
      vectors: maybe('Vectors'),
    }),
  ),
  boots: number('Boots that the log holds from their beginning; the last one is read'),
});

export function dmesgJsonSchema(): object {
  const schema = answerSchema('an annotated kernel log', {
    lines,
    differences,
    notCompared: list('What was not compared, and why', { type: 'string' }),
    facts,
    analysis: orNull(reportJsonSchema() as Schema),
    ask: list('What to ask for next', { type: 'string' }),
  }) as { properties: Record<string, Schema> };
  return {
    ...schema,
    properties: {
      ...schema.properties,
      machine: orNull(machineSchema),
      notAnalysed: text('Why there is no analysis, where it is null'),
    },
  };
}
