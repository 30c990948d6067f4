/** `irqsim advise`: the cheapest changes after which nothing is wrong, each proved by another analysis. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { withMachineOptions } from '../options/machine-options.ts';
import { reporting, withOutput } from '../options/output-option.ts';
import type { AdviseOptions } from '../tasks/advice.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Looks for the cheapest sets of changes (of the hypervisor, firmware, kernel, its parameters, the topology, the
devices) after which no finding of the level is left. Every answer is proved: the changed machine is analysed
again. Expectations of the description (\`expect:\`) are about the machine as written, and are not checked here.

Costs say how hard a change is for a person, and add up: 1 a kernel parameter, 2 a hypervisor setting, 3 another
topology or a virtual IOMMU, 4 firmware setup, 5 another version of firmware or product, 6 and more a newer kernel
series, 8 and more fewer hot-plug slots or queues, 9 a kernel built for the purpose, 12 plugged CPUs removed that do
not work anyway, 20 and more working CPUs removed.

--fix writes an answer into the input (to standard output if the input came from standard input); --patch shows
it as a diff for patch -p1 or git apply. Changes that cannot be written into the input are listed on standard error.

Examples:
  irqsim advise guest.yaml                        the cheapest changes, in the words of each hypervisor
  irqsim advise --fail-on warning guest.xml       until no warning is left, either
  irqsim advise --patch vm.yaml | git apply       write the cheapest answer into a KubeVirt manifest
  irqsim advise --fix --choose 2 guest.yaml       write the second answer
  irqsim advise --stack kubevirt=1.4 vm.yaml --format json

Exit codes: 0 nothing to fix, or answers found (with --fix and --patch: written); 1 no change helps, none was found
within --budget, or nothing of the answer can be written into this input; 2 bad usage or input.`;

/** A whole number from 1. */
function positive(max: number): (value: string) => number {
  return (value) => {
    const n = Number(value);
    if (/^\d+$/.test(value) && n >= 1 && n <= max) return n;
    throw new InvalidArgumentError(`A number from 1 to ${max} is expected.`);
  };
}

const MAX_ANSWERS = 20;
const MAX_BUDGET = 1_000_000;

export const adviseCommand: DefineCommand = (io, done) =>
  withOutput(
    withMachineOptions(new Command('advise')),
    'write to this file, completely or not at all; with --fix: the changed input, with --patch: the patch',
  )
    .description('Finds the cheapest changes after which nothing is wrong, each proved by another analysis.')
    .argument('<input>', 'a machine description of any format, or - for standard input')
    .addOption(
      new Option('--format <name>', 'form of the advice')
        .choices(['text', 'json', 'markdown', 'html'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--fail-on <level>',
        'mend all findings of this level and above (default: error; warning where there is no error)',
      ).choices(['error', 'warning', 'note']),
    )
    .addOption(
      new Option('--max <n>', 'number of answers to look for').argParser(positive(MAX_ANSWERS)).default(3),
    )
    .addOption(
      new Option(
        '--budget <n>',
        'largest number of analyses (default: up to 2000, fewer for large machines)',
      ).argParser(positive(MAX_BUDGET)),
    )
    .option('--fix', 'write an answer into the input: the cheapest that can be written there')
    .option('--patch', 'print that change as a unified diff; the advice goes to standard error')
    .addOption(
      new Option('--choose <n>', 'with --fix and --patch: the nth answer').argParser(positive(MAX_ANSWERS)),
    )
    .addHelpText('after', HELP)
    .action(async (input: string, options: AdviseOptions) => {
      const { adviseInput } = await import('../tasks/advice.ts');
      // With --fix the file is not of the report.
      const reportFile = options.fix ? {} : options;
      done(await reporting(reportFile, [input], io, (to) => adviseInput(input, options, to)));
    });
