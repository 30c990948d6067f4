/** `irqsim diff`: two inputs side by side. */
import { Command } from 'commander';
import type { Machine } from '../../machine/machine.ts';
import { type Io, UsageError } from '../io.ts';
import {
  DIFFERENCE_EXIT_CODES,
  type DifferenceOptions,
  withDifferenceOptions,
} from '../options/difference-options.ts';
import { readingOf, refuseLists } from '../options/machine-options.ts';
import { reporting } from '../options/output-option.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
The inputs may have different formats: libvirt XML and a description, a capture and a plan. --set, --event,
--kernel, --policy, --from and --stack apply to both; with such changes, expectations (\`expect:\`) are not
checked. Where the inputs contain several machines, those of the same name are compared, then unnamed ones in
order; a machine without a counterpart is named.

Examples:
  irqsim diff before.yaml after.yaml
  irqsim diff guest.xml captured-guest.tar.gz
  irqsim diff old.yaml new.yaml --kernel 5.10
  git show main:guest.yaml | irqsim diff - guest.yaml --format markdown

${DIFFERENCE_EXIT_CODES}`;

async function diff(first: string, second: string, options: DifferenceOptions, io: Io): Promise<number> {
  if (first === '-' && second === '-') {
    throw new UsageError('diff: only one of the inputs can be standard input');
  }
  refuseLists(options);
  const [{ readMachines }, { pairMachines }, { changeTexts, reportPairs, titled }, { varied }] =
    await Promise.all([
      import('../input/input.ts'),
      import('../tasks/pair-machines.ts'),
      import('../tasks/differences.ts'),
      import('../../machine/vary.ts'),
    ]);
  const how = readingOf(options);
  const asWritten = how.set.length === 0;
  const expecting = (machine: Machine) => (asWritten ? machine : varied(machine, {}));
  const changes = changeTexts(options);
  const before = titled((await readMachines(first, how)).map(expecting), changes);
  const after = titled((await readMachines(second, how)).map(expecting), changes);
  return await reportPairs(pairMachines(before, after), options, io);
}

export const diffCommand: DefineCommand = (io, done) =>
  withDifferenceOptions(new Command('diff'))
    .description('Compares two machines of any format: what the second one gains and loses.')
    .argument('<before>', 'a machine description of any format, or - for standard input')
    .argument('<after>', 'the same')
    .addHelpText('after', HELP)
    .action(async (first: string, second: string, options: DifferenceOptions) => {
      done(await reporting(options, [first, second], io, (to) => diff(first, second, options, to)));
    });
