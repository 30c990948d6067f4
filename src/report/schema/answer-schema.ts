/** What JSON Schemas (draft 2020-12) of answers on one machine have in common. */
import { PLATFORMS } from '../../machine/machine.ts';
import { choice, type Fields, object, rootSchema, text } from './schema-fields.ts';

/** The machine that an answer is about. */
export const machineSchema = object('The machine', {
  name: text('Name by the description'),
  source: text('File, "-" for standard input'),
  kernel: text('Linux release that is modelled, as written'),
  platform: choice('What the kernel runs on', PLATFORMS),
  policy: text('What the kernel does about unreachable CPUs'),
});

/** Which version of the schema, and who wrote the answer. */
export const headFields: Fields = {
  schemaVersion: { const: 1, description: 'Fields are only ever added while it stays' },
  tool: object('What wrote it', { name: { const: 'irqsim' }, version: text('Version') }),
};

/** The schema of an answer with these fields besides, and fields that may be there. */
export function answerSchema(title: string, fields: Fields, optional: Fields = {}): object {
  return rootSchema(title, { ...headFields, machine: machineSchema, ...fields }, optional);
}
