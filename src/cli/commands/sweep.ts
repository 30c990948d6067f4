/** `irqsim sweep`: a machine at every point of a grid of changes. */
import { Command, Option } from 'commander';
import { SWEEP_FORMATS, type SweepFormat } from '../../report/sweep/formats.ts';
import { colourLevel, type Io, UsageError } from '../io.ts';
import {
  changesOf,
  failOnOption,
  type MachineOptions,
  refuseLists,
  reportWidth,
  withMachineOptions,
} from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

interface SweepCommandOptions extends MachineOptions, OutputOption {
  readonly vary: readonly string[];
  readonly show: readonly string[];
  readonly format: SweepFormat;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly reports?: boolean;
  readonly vectors: boolean;
  readonly ignoreInvalid?: boolean;
  readonly audit?: boolean;
}

const HELP = `
KEY is a key of --set (also KEY+=...). Values are separated by commas: values of --set, or a range of numbers:
  1..8        each number from 1 to 8
  1..64..8    in steps of 8: 1, 9, 17 ... 57
  1..256*2    each twice the one before: 1, 2, 4 ... 256
A value with a comma in it is written as JSON: --vary 'topology.present="0-3,8",4'. Every combination is one
point; the first key varies slowest, and the last two make rows and columns. --set, --event, --kernel and
--policy apply to every point. Expectations of the description (\`expect:\`) are not checked.

--show FIELD is any field of the JSON report by its path: summary.queues.dead, apic.mode, devices.nvme0.health,
devices.0.vectorsGranted, reach.unreachable, reach.unreachable.count (CPUs in it), findings.length.

Examples:
  irqsim sweep guest.yaml --vary remapping=off,on --vary extDestId=off,on
  irqsim sweep guest.yaml --vary topology.sockets=1..8 --vary kernel=5.10,6.12,7.0
  irqsim sweep guest.yaml --vary devices.nvme.queues=1..64*2 --vary remapping=off,on --show summary.queues.dead
  irqsim sweep guest.yaml --vary 'cmdline+="",nox2apic,maxcpus=4' --format csv > sweep.csv
  irqsim sweep guest.yaml --vary policy=mainline,P3,P5 --format ndjson | jq -r .verdict
  irqsim sweep guest.yaml --vary remapping=off,on --vary extDestId=off,on --format markdown >> "$GITHUB_STEP_SUMMARY"

Exit codes: 0 no point has a finding at or above --fail-on, 1 some have, 2 bad usage or input, or some points
are no valid machine (--ignore-invalid: they do not count).`;

const REPORTING: readonly SweepFormat[] = ['json', 'ndjson'];

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

export const sweepCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('sweep')))
    .description('Analyzes every combination of the values of some keys: a grid of what-ifs.')
    .argument('<input>', 'a machine description of any format, or - for standard input')
    .addOption(
      new Option(
        '--vary <key=values>',
        'values that a key takes in turn, e.g. topology.sockets=1..8; repeatable',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--show <field>', 'show this field of the JSON report for every point; repeatable')
        .argParser(collect)
        .default([], 'the verdict'),
    )
    .addOption(new Option('--format <name>', 'form of the result').choices(SWEEP_FORMATS).default('text'))
    .addOption(failOnOption())
    .option('--reports', 'json, ndjson: include the whole JSON report of every point')
    .option('--no-vectors', 'json, ndjson: leave the vectors of every CPU out of those reports')
    .option('--ignore-invalid', 'ignore points that are no valid machine')
    .option('--audit', 'also list assumptions of the kernel that do not hold on this machine')
    .addHelpText('after', HELP)
    .action(async (input: string, options: SweepCommandOptions) => {
      if (options.vary.length === 0)
        throw new UsageError('sweep: say what to vary: --vary KEY=VALUE,VALUE,...');
      refuseLists(options);
      if (options.reports && !REPORTING.includes(options.format)) {
        throw new UsageError(`--reports goes with --format ${REPORTING.join(' or ')}`);
      }
      const { runSweep } = await import('../tasks/sweep.ts');
      const { changes, stdinFilename: stdinName } = { ...options, changes: changesOf(options) };
      const into = async (to: Io) => {
        const style = { width: reportWidth(options, to), colour: colourLevel(to), version: VERSION };
        return runSweep(input, { ...options, ...style, changes, stdinName }, to);
      };
      done(await reporting(options, [input], io, into));
    });
