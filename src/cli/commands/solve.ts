/** `irqsim solve`: the largest or smallest number along a path at which a machine still works. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { DOCUMENT_FORMATS } from '../../report/document/formats.ts';
import { withReadOptions } from '../options/machine-options.ts';
import { reporting, withOutput } from '../options/output-option.ts';
import type { SolveOptions } from '../tasks/solve.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
PATH is a key of --set with whole numbers: 1..64, 1..64..8 (in steps of 8), 1..256*2 or 8,16,32. Without numbers irqsim
goes up from 1 as far as the machine works, and some way beyond; to 256 where no number works. "offline" stands for the
number of CPUs that may go offline, whichever they are (proved, see irqsim prove). With two targets the first needs
numbers, and the answer is the best of the second for each of them.

Demands (--subject-to, repeatable): "no errors" (the default), "no warnings", and properties of irqsim prove such as
no-io-hangs, for every set of at most --offline-at-most CPUs that go offline.

expect.survives and expect.verdict of the description are kept, too; what else it expects is said of the numbers that
it was written with, and left out. It need be no valid machine itself, if it is one with the numbers.

More is not always worse: as APIC IDs have holes, 240 vCPUs in sockets of 5 cores fail where 256 in sockets of 8 work.
irqsim tries every number where it can; where there are too many, the answer says so.

Examples:
  irqsim solve guest.yaml --maximise topology.sockets
  irqsim solve guest.yaml --maximise devices.nic.count --subject-to "no warnings"
  irqsim solve guest.yaml --maximise topology.cores=1..64 --subject-to no-io-hangs --offline-at-most 2
  irqsim solve guest.yaml --maximise offline --subject-to no-queue-stops
  irqsim solve guest.yaml --minimise devices.nvme.queues=1..64
  irqsim solve guest.yaml --maximise topology.sockets=1..16 --maximise topology.cores
  irqsim solve guest.yaml --maximise devices.nic.count --format json | jq .best

Exit codes: 0 found, 1 no number works, 2 bad usage or input, also where no number makes a valid machine.`;

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

function cpuCount(value: string): number {
  if (!/^\d{1,5}$/.test(value)) throw new InvalidArgumentError('A number of CPUs is expected.');
  return Number(value);
}

export const solveCommand: DefineCommand = (io, done) =>
  withOutput(withReadOptions(new Command('solve')))
    .description(
      'Finds the largest or smallest number along a path of the description at which the machine works.',
    )
    .argument('<input>', 'a machine description of any format, or - for standard input')
    .addOption(
      new Option('--maximise <path>', 'find the largest value of this key, e.g. topology.sockets=1..64')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--minimise <path>', 'find the smallest value of this key')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--subject-to <demand>', 'demands that must hold; several with commas between')
        .argParser(collect)
        .default([], 'no errors'),
    )
    .addOption(
      new Option('--offline-at-most <k>', 'properties hold for every set of this many CPUs that go offline')
        .argParser(cpuCount)
        .default(1),
    )
    .addOption(new Option('--format <name>', 'form of the answer').choices(DOCUMENT_FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action(async (input: string, options: SolveOptions) => {
      const { runSolve } = await import('../tasks/solve.ts');
      done(await reporting(options, [input], io, (to) => runSolve(input, options, to)));
    });
