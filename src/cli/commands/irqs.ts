/** `irqsim irqs`: one row an interrupt, and which of them a tuning script may move. */
import { Command, Option } from 'commander';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, type Io, UsageError } from '../io.ts';
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

interface IrqsOptions extends MachineOptions, OutputOption {
  readonly format: DocumentFormat;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly movable?: boolean;
  readonly to?: string;
}

const HELP = `
The kernel refuses a write to /proc/irq/N/smp_affinity of a managed interrupt: EIO before Linux 6.12, EPERM since. With
interrupt remapping, a write of CPUs without a free vector gives ENOSPC; without, it is accepted and has no effect.
Text and Markdown join consecutive interrupts of a device; JSON lists each one.

Examples:
  irqsim irqs machine.yaml
  irqsim irqs --movable machine.yaml
  irqsim irqs --movable --to 0-3 machine.yaml      what can be moved away from the other CPUs
  irqsim irqs --kernel 5.10 --event offline=3 machine.yaml
  irqsim irqs --movable --format json machine.yaml | jq '.interrupts[].irq'

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or input.`;

async function irqs(input: string, options: IrqsOptions, io: Io): Promise<number> {
  refuseLists(options);
  const [
    { judge },
    { bringToLife },
    { askedCpus },
    { irqsReport },
    { readMachine },
    { settingsOf },
    { exitCodeOf },
  ] = await Promise.all([
    import('../../findings/triage/judge.ts'),
    import('../../linux/proof/live.ts'),
    import('../../questions/irqs/asked-cpus.ts'),
    import('../../report/irqs/index.ts'),
    import('../input/input.ts'),
    import('../project/settings.ts'),
    import('../verdict.ts'),
  ]);
  const settings = settingsOf(options, io);
  const machine = await readMachine(input, readingOf(options));
  const analysis = judge(machine, settings);
  const to = options.to === undefined ? null : askedCpus(analysis.enumeration, options.to);
  if (typeof to === 'string') throw new UsageError(`--to ${options.to}: ${to}`);
  const asked = { system: bringToLife(machine).stage?.system ?? null, to };
  io.out(
    await irqsReport(options.format, analysis, asked, options.movable === true, {
      version: VERSION,
      vectors: false,
      verbose: false,
      width: reportWidth(options, io),
      colour: colourLevel(io),
      quiet: io.quiet === true,
    }),
  );
  return exitCodeOf(analysis, options.failOn);
}

export const irqsCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('irqs')))
    .description('Lists the interrupts of devices: CPUs, isolation, and what a write to smp_affinity gives.')
    .argument('<input>', 'a machine description, or - for standard input')
    .addOption(new Option('--format <name>', 'form of the report').choices(DOCUMENT_FORMATS).default('text'))
    .addOption(failOnOption())
    .option('--movable', 'only interrupts whose smp_affinity can be written, and that follow it')
    .option('--to <cpus>', 'the CPUs to write, such as 0-3,8 (default: any with a free vector)')
    .addHelpText('after', HELP)
    .action(async (input: string, options: IrqsOptions) => {
      done(await reporting(options, [input], io, (to) => irqs(input, options, to)));
    });
