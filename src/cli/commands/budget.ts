/** `irqsim budget`: who has the vectors, what still fits, and how many CPUs may go offline. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, type Io } from '../io.ts';
import {
  failOnOption,
  type MachineOptions,
  readingOf,
  refuseLists,
  reportWidth,
  withMachineOptions,
} from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

interface BudgetOptions extends MachineOptions, OutputOption {
  readonly format: DocumentFormat;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly fit: readonly number[];
  readonly verbose?: boolean;
}

const HELP = `
A CPU has about 200 vectors for devices. Queues that the driver spreads reserve one on every CPU of their mask; other
interrupts take one where most are free, and have to move to another CPU when theirs goes offline.

What still fits is found by probing more devices in the model until one gets too few vectors. How many CPUs may go
offline follows from the free vectors of those that stay; the worst set is then taken offline in the model.

Examples:
  irqsim budget server.yaml
  irqsim budget /                          the machine it runs on
  irqsim budget --fit 9 server.yaml        how many virtual functions of 9 vectors each fit besides
  irqsim budget --set devices.nic.count=8 server.yaml
  irqsim budget --format json server.yaml | jq .offlineAtMost

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or input.`;

const MOST_VECTORS = 2048;

function fitSize(value: string, earlier: readonly number[]): number[] {
  const n = Number(value);
  if (!/^\d+$/.test(value) || n < 1 || n > MOST_VECTORS)
    throw new InvalidArgumentError(`A number of vectors from 1 to ${MOST_VECTORS} is expected.`);
  return [...earlier, n];
}

async function budget(input: string, options: BudgetOptions, io: Io): Promise<number> {
  refuseLists(options);
  const [{ judge }, { budgetOf }, { budgetReport }, { readMachine }, { settingsOf }, { exitCodeOf }] =
    await Promise.all([
      import('../../findings/triage/judge.ts'),
      import('../../questions/budget/budget.ts'),
      import('../../report/budget/index.ts'),
      import('../input/input.ts'),
      import('../project/settings.ts'),
      import('../verdict.ts'),
    ]);
  const settings = settingsOf(options, io);
  const machine = await readMachine(input, readingOf(options));
  const analysis = judge(machine, settings);
  io.out(
    await budgetReport(options.format, analysis, budgetOf(machine, options.fit), {
      version: VERSION,
      vectors: false,
      verbose: options.verbose === true,
      width: reportWidth(options, io),
      colour: colourLevel(io),
      quiet: io.quiet === true,
    }),
  );
  return exitCodeOf(analysis, options.failOn);
}

export const budgetCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('budget')))
    .description('Accounts for the interrupt vectors of every CPU, and says what still fits.')
    .argument('<input>', 'a machine description, or - for standard input')
    .addOption(new Option('--format <name>', 'form of the report').choices(DOCUMENT_FORMATS).default('text'))
    .addOption(
      new Option('--fit <vectors>', 'also ask how many devices of so many vectors each fit; repeatable')
        .argParser(fitSize)
        .default([], 'none'),
    )
    .addOption(failOnOption())
    .option('-v, --verbose', 'text, markdown: every CPU and device')
    .addHelpText('after', HELP)
    .action(async (input: string, options: BudgetOptions) => {
      done(await reporting(options, [input], io, (to) => budget(input, options, to)));
    });
