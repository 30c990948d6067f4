/** `irqsim batch`: a verdict on each of thousands of machines, as records. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { BatchOptions } from '../batch/batch.ts';
import { failOnOption, withMachineOptions } from '../options/machine-options.ts';
import { withOutput } from '../options/output-option.ts';
import { namedFile } from '../output/named-file.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
INPUT is a file of any format, a captured machine, or a directory, of which all files with a known ending are
read; a quoted pattern such as 'vms/**/*.xml'; or a stream of records: *.ndjson, *.jsonl (.gz too), or - for
standard input. A record is a JSON object on one line: a machine description (or a KubeVirt object), or
  {"id": "vm-17", "machine": {"topology": {"cores": 8}}}
  {"id": "vm-18", "format": "libvirt", "text": "<domain type='kvm'>..."}      format is optional

Output: one JSON line for each machine, in the order of the inputs and the same bytes whatever -j is, and a last
line {"trailer": ...} that proves that nothing is missing. An input that cannot be read gives a record with
"error". With -o the lines are in FILE.part until all are done; --resume continues after any kind of interruption.

Shards: --shard 2/8 takes every 8th input, from the 2nd. Without it, IRQSIM_SHARD=2/8; JOB_COMPLETION_INDEX
with IRQSIM_SHARD_COUNT (Kubernetes); SLURM_ARRAY_TASK_ID (a complete array from 0 or 1; for tasks that may be
submitted again, use --shard "$SLURM_ARRAY_TASK_ID/8"); CI_NODE_INDEX with CI_NODE_TOTAL (GitLab).
irqsim merge joins the outputs.

Examples:
  irqsim batch vms/ -o verdicts.ndjson
  irqsim batch 'vms/**/*.xml' --stack libvirt=10.5 -o verdicts.ndjson --resume
  kubectl get vm -A -o json | irqsim batch - | jq -r 'select(.verdict == "fail").id'
  find /srv/vms -name '*.xml' -print0 | irqsim batch --files-from - -0 -o verdicts.ndjson
  irqsim batch fleet.ndjson.gz --shard 2/8 -o out-2.ndjson

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or records with errors, 3 a bug in irqsim,
143 and 130 stopped by SIGTERM and SIGINT.`;

const MAX_JOBS = 1024;

function jobs(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > MAX_JOBS)
    throw new InvalidArgumentError(`A number from 1 to ${MAX_JOBS} is expected.`);
  return n;
}

export const batchCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('batch'), ['--width', '--stdin-filename']))
    .description('Analyses every input and writes one record a machine, in the order of the inputs.')
    .argument('[input...]', 'files, directories, patterns, streams of records, or - for standard input')
    .addOption(new Option('-j, --jobs <n>', 'threads (default: the CPUs that may be used)').argParser(jobs))
    .option('--shard <i/n>', 'take every n-th input, from the i-th')
    .option('--no-shard', 'take all inputs, whatever the environment says')
    .option('--resume', 'go on with the output of a run that was ended')
    .addOption(new Option('--force', 'start over, whatever an earlier run has left').conflicts('resume'))
    .option('--files-from <file>', 'read the paths of inputs from a file, one a line; - for standard input')
    .option('-0, --null', 'the paths of --files-from end with NUL')
    .option('--reports', 'put the whole JSON report into each record, as "report"')
    .addOption(
      new Option('--on-error <what>', 'what an input that cannot be read does')
        .choices(['record', 'stop'])
        .default('record'),
    )
    .addOption(failOnOption())
    .option('--exit-zero', 'exit with 0 whatever the records say')
    .option('--audit', 'also list assumptions of the kernel that do not hold on this machine')
    .addHelpText('after', HELP)
    .action(async (inputs: string[], options: BatchOptions) => {
      const { runBatch } = await import('../batch/batch.ts');
      done(await runBatch(inputs, { ...options, output: namedFile(options.output) }, io));
    });
