/** `irqsim merge`: the outputs of all shards of a batch as one, and one exit code. */
import { Command, Option } from 'commander';
import { DOCUMENT_FORMATS } from '../../report/document/formats.ts';
import type { MergeOptions } from '../batch/merge.ts';
import { failOnOption, withProject } from '../options/machine-options.ts';
import { withOutput } from '../options/output-option.ts';
import { namedFile } from '../output/named-file.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Every file must be finished and unchanged, all must be of the same run, and every shard must be there once;
anything else is named. The result is byte for byte what one run without shards writes. Without -o it goes to
standard output. --format text, markdown, html or json writes a summary of the records instead, of one file too.

Examples:
  irqsim merge out-*.ndjson -o verdicts.ndjson
  irqsim merge out-*.ndjson --check --fail-on warning
  irqsim merge verdicts.ndjson --format html -o fleet.html     what a fleet suffers from, as a page

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 missing or unfinished shards, or records with errors,
3 records of a bug in irqsim.`;

export const mergeCommand: DefineCommand = (io, done) =>
  withOutput(withProject(new Command('merge')))
    .description('Checks that no shard is missing, and joins the outputs in the order of the inputs.')
    .argument('<file...>', 'outputs of irqsim batch')
    .addOption(
      new Option('--format <name>', 'the records, or a summary: the rules found, the worst machines')
        .choices(['ndjson', ...DOCUMENT_FORMATS])
        .default('ndjson'),
    )
    .option('--check', 'check only, write nothing')
    .addOption(failOnOption())
    .addHelpText('after', HELP)
    .action(async (files: string[], options: MergeOptions) => {
      const { runMerge } = await import('../batch/merge.ts');
      done(await runMerge(files, { ...options, output: namedFile(options.output) }, io));
    });
