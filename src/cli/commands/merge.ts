/** `irqsim merge`: the outputs of all shards of a batch as one, and one exit code. */
import { Command } from 'commander';
import type { MergeOptions } from '../batch/merge.ts';
import { failOnOption, withProject } from '../options/machine-options.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Every file must be finished and untouched, all of the same run, and every shard there once; whatever is not so
is named. The result is byte for byte what one run without shards writes. Without -o it goes to standard output.

Examples:
  irqsim merge out-*.ndjson -o verdicts.ndjson
  irqsim merge out-*.ndjson --check --fail-on warning

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 shards that make no whole or records with errors,
3 records of a bug in irqsim.`;

export const mergeCommand: DefineCommand = (io, done) =>
  withProject(new Command('merge'))
    .summary('put the outputs of all shards of a batch together')
    .description(
      'Checks that the outputs of all shards are there, and puts them into the order of the inputs.',
    )
    .argument('<file...>', 'outputs of irqsim batch')
    .option('-o, --output <file>', 'write here, not to standard output; whole or not at all')
    .option('--check', 'check only, write nothing')
    .addOption(failOnOption())
    .addHelpText('after', HELP)
    .action(async (files: string[], options: MergeOptions) => {
      const { runMerge } = await import('../batch/merge.ts');
      done(await runMerge(files, options, io));
    });
