/** The JSON Schema of `irqsim whatif` and `irqsim diff --format json`, as `difference/json.ts` writes it. */
import { HEALTHS } from '../../linux/sim/run.ts';
import { headFields, machineSchema } from './answer-schema.ts';
import { finding, summary } from './report-schema.ts';
import {
  choice,
  cpus,
  type Fields,
  flag,
  list,
  number,
  object,
  orNull,
  rootSchema,
  type Schema,
  text,
} from './schema-fields.ts';

const VERDICTS = ['pass', 'warn', 'fail'] as const;

const both = (description: string, of: Schema): Schema => object(description, { before: of, after: of });

const side = (description: string): Schema =>
  orNull(
    object(description, {
      title: text('What the machine is called'),
      changes: list('Options that change it', text('As typed')),
      machine: machineSchema,
      summary,
    }),
  );

const change = (description: string): Schema =>
  orNull(
    object(description, {
      count: number('How many CPUs', 1),
      cpus: cpus('Numbered as on the side that has them'),
      apicIds: cpus('Their APIC IDs, as far as they are known'),
      because: list('Why the other side does not have them', text('A reason')),
    }),
  );

const deviceSide = orNull(
  object('null: there is no such device', {
    driver: text('Driver'),
    health: text('Health of the device'),
    vectorsAsked: number('Vectors that the driver asked for'),
    vectorsGranted: number('Vectors that it got'),
    fallback: orNull(text('How the driver got less than it asked for')),
    queues: object(
      'Queues by health',
      {},
      Object.fromEntries(HEALTHS.map((one) => [one, number('How many')])),
    ),
  }),
);

const stopped = orNull(number('The CPU; null: stopped', 0));

const device = object('A device that differs', {
  name: text('Name'),
  before: deviceSide,
  after: deviceSide,
  queues: list(
    'Queues that differ, with what of them differs',
    object(
      '',
      { index: number('Number of the queue') },
      {
        only: choice('The one side that has it', ['before', 'after']),
        health: {
          description: 'Its health; where one side has it alone, that one',
          anyOf: [text(''), both('', text(''))],
        },
        state: both('Its state', text('State')),
        affinity: both('CPUs that may take its interrupt', cpus('CPUs')),
        effective: both('The CPU that takes its interrupt', stopped),
      },
    ),
  ),
  interrupts: list(
    'Interrupts that serve no queue, where they differ',
    object('', {
      vectorIndex: number("Index in the device's MSI-X table"),
      before: orNull(object('', { affinity: cpus('CPUs'), effective: stopped })),
      after: orNull(object('', { affinity: cpus('CPUs'), effective: stopped })),
    }),
  ),
});

const facets = (description: string): Schema =>
  list(description, object('', { name: text('What'), before: text('Before'), after: text('After') }));

const findings = (description: string, one: Schema): Schema =>
  object(description, {
    gone: list('Only before', one),
    came: list('Only after', one),
    changed: list('With another level or message', both('', one)),
  });

const amounts = (description: string): Schema =>
  object(description, {
    cpus: number('CPUs that are online and reachable'),
    queues: number('Queues that are not dead'),
    devices: number('Devices'),
  });

const COMPARED: Fields = {
  same: flag('Nothing differs'),
  verdict: both('Verdicts', choice('Verdict', VERDICTS)),
  gained: amounts('What only the second side has'),
  lost: amounts('What only the first side has'),
  numbering: object('How CPUs of both sides are paired', {
    by: choice('By number, or by APIC ID where numbers mean other CPUs', ['number', 'apic-id']),
    renumbered: orNull(
      object('CPU numbers that have another APIC ID', {
        count: number('How many', 1),
        cpu: number('The first of them'),
        before: number('Its APIC ID before'),
        after: number('And after'),
      }),
    ),
  }),
  facets: facets('What was described and decided, where it differs'),
  cpus: list(
    'Sets of CPUs that differ',
    object('', {
      set: choice('Set', ['possible', 'present', 'online', 'reachable']),
      before: cpus('Before'),
      after: cpus('After'),
      gained: change('CPUs only after'),
      lost: change('CPUs only before'),
    }),
  ),
  devices: list('Devices that differ', device),
  vectors: facets('Vectors, where they differ'),
  findings: findings('Findings that differ', finding),
  suppressed: findings('The same of findings that users decided not to count', finding),
};

/** Where a side has no such machine, the comparison is missing. */
export function differenceJsonSchema(): object {
  return rootSchema(
    'what differs between two machines',
    {
      ...headFields,
      before: side('The machine as it was; null: only the second input has it'),
      after: side('The machine as it would be; null: only the first input has it'),
    },
    COMPARED,
  );
}
