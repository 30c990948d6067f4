/** `irqsim engine`: the engine by itself, case by case. */
import { Command } from 'commander';
import type { Kernel } from '../../machine/kernel.ts';
import { type Io, UsageError } from '../io.ts';
import { kernelOption } from '../options/machine-options.ts';
import type { RunCase } from '../tasks/engine-cases.ts';
import type { DefineCommand } from './command.ts';

const EXIT_CODES = `
Exit codes: 0 every case was run, 2 bad usage, or a case that cannot be read.`;

const HELP = `
FILE contains one JSON case on each line (gzip accepted); without FILE, standard input is read. One result line
is written for each case, in order; a case that cannot be read gives {"id","error"}.

Examples:
  irqsim engine spread cases.ndjson.gz
  zcat cases.ndjson.gz | irqsim engine matrix
  irqsim engine spread --kernel 5.10.13 < cases.ndjson
${EXIT_CODES}`;

const help = (kind: Kind) => `
Examples:
  irqsim engine ${kind} cases.ndjson.gz
  zcat cases.ndjson.gz | irqsim engine ${kind} --kernel 6.12
${EXIT_CODES}`;

async function runEngine(
  kind: Kind,
  file: string | undefined,
  kernel: string | undefined,
  io: Io,
): Promise<number> {
  const [{ runCases }, runCase] = await Promise.all([
    import('../tasks/engine-cases.ts'),
    KINDS[kind](kernel),
  ]);
  return runCases(file, runCase, io);
}

const KINDS = {
  spread: async (kernel?: string): Promise<RunCase> => {
    const { runSpreadCase, spreadCaseKernel } = await import('../../linux/cases/spread.ts');
    const override = kernel === undefined ? undefined : forcedKernel(kernel, spreadCaseKernel);
    return (input) => runSpreadCase(input, override);
  },
  matrix: async (): Promise<RunCase> => (await import('../../linux/cases/matrix.ts')).runMatrixCase,
  lifecycle: async (kernel?: string): Promise<RunCase> => {
    const [{ runLifecycleCase }, { kernelProfile }] = await Promise.all([
      import('../../linux/cases/lifecycle.ts'),
      import('../../machine/kernel.ts'),
    ]);
    const override = kernel === undefined ? undefined : forcedKernel(kernel, kernelProfile);
    return (input) => runLifecycleCase(input, override);
  },
};

/** The profile that --kernel asks for. */
function forcedKernel(text: string, profile: (text: string) => Kernel): Kernel {
  try {
    return profile(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--kernel: ${error.message}`);
    throw error;
  }
}
type Kind = keyof typeof KINDS;

const SUMMARIES: Record<Kind, string> = {
  spread: 'spread vectors over CPUs (irq_create_affinity_masks)',
  matrix: 'run operations on the vector matrix (kernel/irq/matrix.c)',
  lifecycle: 'run interrupts through allocation, request, affinity and CPU hotplug',
};

export const engineCommand: DefineCommand = (io, done) => {
  const command = new Command('engine')
    .description('Runs the engine alone: cases in, results out, one JSON object on each line.')
    .addHelpText('after', HELP);
  for (const kind of Object.keys(KINDS) as Kind[]) {
    command.addCommand(
      new Command(kind)
        .description(SUMMARIES[kind])
        .argument('[file]', 'cases, one JSON object a line; gzip accepted (default: standard input)')
        .addOption(kernelOption())
        .addHelpText('after', help(kind))
        .action(async (file: string | undefined, { kernel }: { kernel?: string }) => {
          done(await runEngine(kind, file, kernel, io));
        }),
    );
  }
  return command;
};
