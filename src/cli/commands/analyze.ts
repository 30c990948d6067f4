/** `irqsim analyze`: the report on one or more machines. */
import { Command, Option } from 'commander';
import type { Machine } from '../../machine/machine.ts';
import { colourLevel, EXIT, type Io } from '../io.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';
import {
  changesOf,
  failOnOption,
  formatList,
  type MachineOptions,
  reportWidth,
  withMachineOptions,
} from './options.ts';

interface AnalyzeOptions extends MachineOptions {
  readonly format: string;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly audit?: boolean;
  readonly verbose?: boolean;
  readonly vectors: boolean;
}

const help = () => `
INPUT is a file, a directory (a captured machine), or - for standard input. Several inputs give several
reports, in order; an input that cannot be read does not keep the others from being reported.

Formats, recognised by content or forced with --from:
${formatList()}

Examples:
  irqsim analyze scenarios/g3-384-of-512-vcpus.yaml
  irqsim analyze --kernel 5.10 --set extDestId=true guest.yaml
  irqsim analyze --kernel 5.4,6.1,6.12,7.0 guest.yaml     only what differs between the kernels
  irqsim analyze --policy all guest.yaml                  what each way to treat unreachable CPUs costs
  irqsim analyze --format ndjson machines/*.yaml | jq -r '.machine.source + " " + .summary.verdict'
  generate-machine | irqsim analyze -

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or input.`;

async function analyzeInputs(inputs: readonly string[], options: AnalyzeOptions, io: Io): Promise<number> {
  const [{ analyze }, { REPORTERS }, { readMachines }, { reportFailure }, { exitCodeOf }] = await Promise.all(
    [
      import('../../analyze.ts'),
      import('../../report/index.ts'),
      import('../input.ts'),
      import('../failure.ts'),
      import('../verdict.ts'),
    ],
  );
  const { comparisonOf, withoutComparison } = await import('../compare.ts');
  const compare = comparisonOf(options);
  const { frame, report } = await REPORTERS[options.format]();
  const style = {
    version: VERSION,
    vectors: options.vectors,
    verbose: options.verbose === true,
    width: reportWidth(options, io),
    colour: colourLevel(io),
  };
  const reportOn = (machine: Machine) => {
    const analysis = analyze(machine, { audit: options.audit === true });
    return { text: report(analysis, style), analyses: [analysis] };
  };
  let code: number = EXIT.clean;
  let unreadable = false;
  let written = 0;
  let framed = frame(inputs.length);
  for (const input of inputs) {
    try {
      const set = changesOf(withoutComparison(options));
      const machines = await readMachines(input, { from: options.from, stack: options.stack, set });
      if (inputs.length === 1) framed = frame(machines.length);
      for (const machine of machines) {
        const { text, analyses } = compare?.(machine, style) ?? reportOn(machine);
        io.out((written++ === 0 ? framed.open : framed.between) + text);
        code = Math.max(code, ...analyses.map((one) => exitCodeOf(one, options.failOn)));
      }
    } catch (error) {
      const failed = reportFailure(error, io);
      if (failed === EXIT.bug) return failed;
      unreadable = true;
    }
  }
  if (written > 0) io.out(framed.close);
  return unreadable ? EXIT.badInput : code;
}

export const analyzeCommand: DefineCommand = (io, done) =>
  withMachineOptions(new Command('analyze'))
    .summary('report which CPUs and queues work, and why')
    .description('Reports which CPUs can receive device interrupts, and the fate of every queue.')
    .argument('<input...>', 'machine descriptions of any format, or - for standard input')
    .addOption(
      new Option('--format <name>', 'form of the report').choices(['text', 'json', 'ndjson']).default('text'),
    )
    .addOption(failOnOption())
    .option('--audit', 'also note the assumptions of the kernel that do not hold on the machine')
    .option('-v, --verbose', 'text: every queue, and the lines the kernel would log')
    .option('--no-vectors', 'json: leave out the vectors of every CPU')
    .addHelpText('after', help)
    .action(async (inputs: string[], options: AnalyzeOptions) => {
      done(await analyzeInputs(inputs, options, io));
    });
