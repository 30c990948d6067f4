/** `irqsim init --config`: a commented project file to begin with, made of its schema. */
import { NEWEST_KNOWN } from '../../formats/stack.ts';
import type { Mapping } from './template-examples.ts';
import { commentLines, entryLines, MORE, propertiesOf, type SchemaNode, sentence } from './template-lines.ts';

/** What is written out; all else is shown as comments. */
const WRITTEN: Mapping = { 'fail-on': 'error' };

const EXAMPLES: Mapping = {
  levels: { 'sparse-apic-ids': 'off' },
  suppress: [
    {
      rule: 'queue-never-starts',
      reason: 'the disk is for backups only',
      until: '2031-12-31',
      devices: ['backup'],
      files: ['vms/**/*.xml'],
    },
  ],
  stack: NEWEST_KNOWN,
  baseline: 'irqsim-baseline.json',
  docs: 'https://docs.example.org/irqsim',
};

const HEAD: readonly string[] = [
  '# yaml-language-server: $schema=./irqsim-project.schema.json',
  '# How irqsim judges findings, for all inputs in this folder and below it. Save it as .irqsim.yaml.',
  '# The schema, for editors that complete and check: irqsim schema project > irqsim-project.schema.json',
];

/** The text of a project file with every key of its JSON Schema. */
export function projectTemplate(schema: SchemaNode): string {
  const keys = Object.entries(propertiesOf(schema));
  const entry = ([key, node]: [string, SchemaNode]) => [
    '',
    ...commentLines(sentence(node)),
    ...entryLines(key, node, WRITTEN[key], EXAMPLES),
  ];
  const written = keys.filter(([key]) => Object.hasOwn(WRITTEN, key));
  const others = keys.filter(([key]) => !Object.hasOwn(WRITTEN, key));
  return `${[...HEAD, ...written.flatMap(entry), '', ...MORE, ...others.flatMap(entry)].join('\n')}\n`;
}
