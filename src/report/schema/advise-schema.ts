/** The JSON Schema of `irqsim advise --format json`, as `advice/json.ts` writes it. */
import { LEVELS } from '../../findings/rules/rule.ts';
import { PLATFORMS } from '../../machine/machine.ts';
import { headFields } from './answer-schema.ts';
import { summary } from './report-schema.ts';
import {
  choice,
  counts,
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

const titles = (description: string): Schema => list(description, text('Title of a change'));

const short = { rule: text('Rule'), level: choice('Level', LEVELS), message: text('What is wrong') };

const INTENT_FIELDS: Fields = {
  vendor: choice('Of the IOMMU', ['intel', 'amd']),
  release: text('Linux release'),
  add: list('Kernel parameters to add', text('As written')),
  remove: list('Kernel parameters to remove', text('As written')),
  key: text('Key of the kernel configuration'),
  value: { description: 'The new value' },
  topology: counts('CPUs by topology', ['sockets', 'dies', 'modules', 'cores', 'threads', 'max', 'present']),
  setting: choice('How firmware hands over x2APIC', ['auto', 'supported', 'enabled']),
  device: text('Path of the device'),
  name: text('Its name'),
  queues: number('Queues that it offers'),
  vectors: number('Size of its MSI-X table'),
  present: flag('The guest has an HPET'),
  product: text('Product'),
  version: text('Its version'),
  path: text('Path of the value'),
};

const change = object('One change', {
  family: text('The remedy that it is of'),
  title: text('What to do'),
  cost: number('How hard it is'),
  costs: text('Why it is'),
  givesUp: orNull(text('What is lost by it')),
  intents: list(
    'The change without the words of a product',
    object(
      '',
      { kind: text('Kind of the change; which other fields there are depends on it') },
      INTENT_FIELDS,
    ),
  ),
  wording: {
    type: 'object',
    description: 'Lines to paste, by product',
    additionalProperties: list('', text('A line')),
  },
});

const answer = object('A set of changes after which nothing of the level is left', {
  cost: number('Sum of the costs'),
  changes: list('What to do', change),
  sets: list('The same as options: --set', text('KEY=VALUE')),
  stack: list('And --stack', text('PRODUCT=VERSION')),
  setsProve: flag('These options alone prove it'),
  after: summary,
  brings: object('What is gained', {
    cpus: object('Usable CPUs', { gained: number('CPUs'), lost: number('CPUs') }),
    queues: object(
      'Queues',
      { gained: number('Queues'), lost: number('Queues') },
      { started: number('Queues'), stopped: number('Queues') },
    ),
    text: text('In one sentence'),
  }),
  findings: object('Findings', {
    gone: list('No longer there', text('Rule')),
    came: list('New', text('Rule')),
    left: list('Below the level', object('', short)),
  }),
  file: orNull(
    object('What --fix can do; null: nothing', {
      written: titles('Written into the input'),
      elsewhere: titles('For which the input has no place'),
    }),
  ),
});

export function adviseJsonSchema(): object {
  return rootSchema('the cheapest changes', {
    ...headFields,
    machine: object('The machine', {
      name: text('Name by the description'),
      source: text('File, "-" for standard input'),
      format: text('How it was read'),
      kernel: text('Linux release that is modelled'),
      platform: choice('What the kernel runs on', PLATFORMS),
    }),
    level: choice('Findings of this level and above have to go', LEVELS),
    status: choice('What came of the search; not-found: the budget ended it', [
      'nothing-to-fix',
      'advised',
      'no-change-helps',
      'not-found',
    ]),
    before: summary,
    unknown: cpus('CPUs whose APIC IDs nobody knows'),
    assumed: list('What the input does not tell', text('In words')),
    inTheWay: list('Findings that have to go', object('', short)),
    aboutWriting: list(
      'Findings on expectations and suppressions, which no change concerns',
      object('', short),
    ),
    answers: list('Answers, the cheapest first', answer),
    nearest: orNull(
      object('Without an answer: the changes that leave least', {
        changes: titles('What to do'),
        stays: list('What stays', object('', { ...short, reason: text('Why') })),
      }),
    ),
    tried: list(
      'What was tried',
      object('', {
        family: text('Remedy'),
        title: text('What it is about'),
        changes: number('How many changes of it'),
      }),
    ),
    runs: number('Machines that were analysed'),
    cutShort: flag('The budget ended the search'),
  });
}
