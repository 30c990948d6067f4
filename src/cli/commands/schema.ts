/** `irqsim schema`: the JSON Schema of machine descriptions. */
import { Command } from 'commander';
import { EXIT } from '../io.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Examples:
  irqsim schema > irqsim.schema.json
  # first line of a description, for editors with the YAML language server:
  # yaml-language-server: $schema=./irqsim.schema.json`;

export const schemaCommand: DefineCommand = (io, done) =>
  new Command('schema')
    .summary('print the JSON Schema of machine descriptions')
    .description(
      'Prints the JSON Schema (draft 2020-12) of machine descriptions, made from the schema irqsim checks with.',
    )
    .addHelpText('after', HELP)
    .action(async () => {
      const { machineJsonSchema } = await import('../../machine/schema.ts');
      io.out(`${JSON.stringify(machineJsonSchema(), null, 2)}\n`);
      done(EXIT.clean);
    });
