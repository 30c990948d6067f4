/** The JSON Schema of the lines that `irqsim batch` writes: records, and a trailer at the end. */
import { LEVELS } from '../../findings/rules/rule.ts';
import { HEALTHS } from '../../linux/sim/run.ts';
import { PLATFORMS } from '../../machine/machine.ts';
import { headFields } from './answer-schema.ts';
import { location } from './report-schema.ts';
import {
  choice,
  counts,
  cpus,
  type Fields,
  list,
  number,
  object,
  orNull,
  type Schema,
  text,
} from './schema-fields.ts';

const set = (description: string): Schema =>
  object(description, { count: number('How many'), list: cpus('Which') });

const head: Fields = {
  id: text('Path, "FILE:LINE", or the id that the input gives'),
  index: number('Number of the input among all, from 0'),
  ...headFields,
  options: text('Digest of all options that decide what is in a record'),
};
const placed: Fields = {
  part: object('Which machine of its input', { number: number('From 1', 1), of: number('How many', 1) }),
  inputSha256: text('Digest of the input'),
};

const judged = object(
  'A machine',
  {
    ...head,
    name: text('Name by the description'),
    kernelProfile: text('Linux release that is modelled'),
    platform: choice('What the kernel runs on', PLATFORMS),
    policy: text('What the kernel does about unreachable CPUs'),
    verdict: choice('Verdict', ['pass', 'warn', 'fail']),
    errors: number('Findings of level error'),
    warnings: number('Findings of level warning'),
    notes: number('Findings of level note'),
    suppressed: number('Findings that do not count'),
    cpus: object('CPUs', {
      possible: set('CPUs that could exist in this boot'),
      present: set('Plugged CPUs'),
      online: set('Running CPUs'),
      reachable: set('CPUs that interrupts reach'),
      unreachable: set('CPUs that they cannot reach'),
      unknown: set('CPUs of which it is not known'),
    }),
    queues: counts('Queues by health', HEALTHS),
    findings: list(
      'Findings by level',
      object('', {
        rule: text('Rule'),
        level: choice('Level', LEVELS),
        message: text('What is wrong'),
        cpus: cpus('CPUs that it is about'),
        devices: list('Devices that it is about', text('Name')),
        location: orNull(location),
      }),
    ),
  },
  {
    ...placed,
    report: { type: 'object', description: 'With --reports: the report of analyze (irqsim schema report)' },
  },
);

const unread = object(
  'An input that gave no machine',
  {
    ...head,
    error: object(
      'Why',
      {
        kind: choice('input: the input is wrong; internal: a bug in irqsim', ['input', 'internal']),
        message: text('In words'),
        problems: list(
          'What is wrong with the input, at most 20',
          object('', {
            file: text('File'),
            line: number('Line'),
            column: number('Column'),
            message: text('What is wrong'),
          }),
        ),
      },
      { more: number('Problems that are not listed') },
    ),
  },
  placed,
);

const trailer = object('The last line: proof that nothing is missing', {
  trailer: object('', {
    ...headFields,
    records: number('Record lines'),
    verdicts: counts('Records by verdict', ['pass', 'warn', 'fail']),
    noted: number('Records of verdict pass that have notes'),
    errors: counts('Records with errors', ['input', 'internal']),
    shard: text('As 2/8; 1/1: all'),
    inputs: number('Inputs of all shards'),
    sha256: text('Digest of the record lines'),
    options: text('Digest of the options'),
  }),
});

export function batchJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'irqsim: a line of batch',
    description: 'A line of the output of irqsim batch. Fields are only ever added.',
    anyOf: [judged, unread, trailer],
  };
}
