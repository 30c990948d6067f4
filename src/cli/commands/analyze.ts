/** `irqsim analyze`: the report on one or more machines. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { globProblem } from '../../findings/triage/glob.ts';
import { InputError, inputError } from '../../machine/locate.ts';
import { FORMATS } from '../../report/formats.ts';
import type { ReportOptions } from '../../report/reporter.ts';
import { colourLevel, EXIT, type Io, oneLine } from '../io.ts';
import {
  failOnOption,
  formatList,
  type MachineOptions,
  readingOf,
  reportWidth,
  withMachineOptions,
} from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import type { Reports } from '../tasks/reports.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

interface AnalyzeOptions extends MachineOptions, OutputOption {
  readonly watch?: boolean;
  readonly format: string;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly audit?: boolean;
  readonly verbose?: boolean;
  readonly vectors: boolean;
  readonly statistics?: boolean;
  /** Patterns that choose among the files of a folder. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

const help = () => `
INPUT is a file, a directory, or - for standard input. A directory is a captured machine, or a folder of machine files,
of which those with a known ending are read, in folders below it too. Several inputs give several reports, in
order; an input that cannot be read does not keep the others from being reported.

Formats, recognised by content or forced with --from:
${formatList()}

Reports, by --format:
${Object.entries(FORMATS)
  .map(([name, title]) => `  ${name.padEnd(16)}  ${title}`)
  .join('\n')}

Examples:
  irqsim analyze scenarios/384-of-512-vcpus.yaml
  irqsim analyze --kernel 5.10 --set extDestId=true guest.yaml
  irqsim analyze --kernel 5.4,6.1,6.12,7.0 guest.yaml     only what differs between the kernels
  irqsim analyze --policy all guest.yaml                  what each policy for unreachable CPUs costs
  irqsim analyze --format ndjson machines/*.yaml | jq -r '.machine.source + " " + .summary.verdict'
  irqsim analyze --format sarif -o irqsim.sarif machines/*.yaml
  irqsim analyze --statistics --exclude 'old/' vms/       a folder: which rules are broken, and how often
  irqsim analyze --level sparse-apic-ids=off --fail-on warning guest.yaml
  irqsim analyze --fail-on never --write-baseline known.json machines/*.yaml
  irqsim analyze --baseline known.json machines/*.yaml    only new findings count
  irqsim analyze --format markdown machines/*.yaml >> "$GITHUB_STEP_SUMMARY"
  irqsim analyze --watch guest.yaml                       again after each change, until Ctrl-C
  generate-machine | irqsim analyze -

Findings that are known do not count: by --level, --baseline, a comment "# irqsim: ignore RULE -- reason" in the
input, or suppress and levels in a description or in .irqsim.yaml (see: irqsim explain suppression-unused).
What does not count is listed in the report all the same.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or input.`;

/** A pattern of names in a folder. */
function addPattern(pattern: string, earlier: readonly string[]): string[] {
  const problem = globProblem(pattern);
  if (problem)
    throw new InvalidArgumentError('A pattern relative to the folder is expected, with *, **, ? and {a,b}.');
  return [...earlier, pattern];
}

const patternOption = (flags: string, text: string) =>
  new Option(flags, text).argParser(addPattern).default([], 'none');

/** Options as the reporters want them. */
function styleOf(options: AnalyzeOptions, io: Io): ReportOptions {
  return {
    version: VERSION,
    vectors: options.vectors,
    verbose: options.verbose === true,
    width: reportWidth(options, io),
    colour: colourLevel(io),
    quiet: io.quiet === true,
    failOn: options.failOn,
    ...(options.project?.docs !== undefined && { docs: options.project.docs }),
  };
}

/** As many machines as make a document of several. */
const MANY = 2;

/** Each item, and whether it is the only one. */
async function* countedReadings<T>(
  items: AsyncIterable<T>,
): AsyncGenerator<{ readonly item: T; readonly isOnly: boolean }> {
  let first: { item: T } | undefined;
  let count = 0;
  for await (const item of items) {
    if (count++ === 0) {
      first = { item };
      continue;
    }
    if (first) yield { item: first.item, isOnly: false };
    first = undefined;
    yield { item, isOnly: false };
  }
  if (first) yield { item: first.item, isOnly: true };
}

async function analyzeInputs(inputs: readonly string[], options: AnalyzeOptions, io: Io): Promise<number> {
  const [
    { reportsOf },
    { settingsOf },
    { wrapUp },
    { withoutComparison },
    { eachReading },
    { machineOf },
    failure,
    verdict,
  ] = await Promise.all([
    import('../tasks/reports.ts'),
    import('../project/settings.ts'),
    import('../project/wrap-up.ts'),
    import('../tasks/compare.ts'),
    import('../input/each-reading.ts'),
    import('../../questions/source.ts'),
    import('../failure.ts'),
    import('../verdict.ts'),
  ]);
  const settings = settingsOf(options, io);
  const begin = await reportsOf(options, styleOf(options, io), settings);
  const after = wrapUp(settings, options.writeBaseline, io);
  const { include, exclude } = options;
  // Also with -q: a PASS says nothing of what was not read.
  const folder = { include, exclude, note: (text: string) => io.err(oneLine(`irqsim: not read: ${text}`)) };
  const how = { ...readingOf(withoutComparison(options)), folder };
  if (include.length + exclude.length > 0) {
    const { unchosenText } = await import('../input/folder.ts');
    const text = unchosenText(inputs);
    if (text !== undefined) io.err(oneLine(text));
  }
  let reports: Reports | undefined;
  let code: number = EXIT.clean;
  let unreadable = false;
  for (const input of inputs) {
    for await (const { item: reading, isOnly } of countedReadings(eachReading(input, how))) {
      try {
        const machines = (await reading.read()).map((source) => machineOf(source, how.set));
        reports ??= begin(inputs.length > 1 ? inputs.length : isOnly ? machines.length : MANY);
        for (const machine of machines) {
          const { text, analyses } = reports.add(machine);
          io.out(text);
          after.see(analyses);
          code = Math.max(code, ...analyses.map((one) => verdict.exitCodeOf(one, options.failOn)));
        }
      } catch (error) {
        const failed = failure.reportFailure(error, io);
        if (failed === EXIT.bug) return failed;
        unreadable = true;
        reports ??= begin(inputs.length > 1 || isOnly ? inputs.length : MANY);
        const told =
          error instanceof InputError ? error : inputError(reading.input, (error as Error).message);
        io.out(reports.failed(reading.input, told));
      }
    }
  }
  if (reports) io.out(reports.end());
  after.end(!unreadable);
  return unreadable ? EXIT.badInput : code;
}

export const analyzeCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('analyze')))
    .description('Reports which CPUs can receive device interrupts, and the fate of every queue.')
    .argument('<input...>', 'machine descriptions of any format, or - for standard input')
    .addOption(
      new Option('--format <name>', 'form of the report').choices(Object.keys(FORMATS)).default('text'),
    )
    .addOption(failOnOption())
    .addOption(
      new Option(
        '--write-baseline <file>',
        'record the findings of this run there, for --baseline; report and exit code do not change',
      ).conflicts('baseline'),
    )
    .option('--audit', 'also list assumptions of the kernel that do not hold on this machine')
    .option(
      '-v, --verbose',
      'text: every queue, the queue that takes the I/O of each CPU, and the lines the kernel would log',
    )
    .addOption(
      patternOption(
        '--include <pattern>',
        'of a folder, only files that this matches, e.g. "**/*.xml"; repeatable',
      ),
    )
    .addOption(
      patternOption('--exclude <pattern>', 'of a folder, no file or folder that this matches; repeatable'),
    )
    .addOption(
      new Option('--watch', 'report again whenever an input or the project file changes').conflicts(
        'writeBaseline',
      ),
    )
    .option('--statistics', 'instead of the reports: the rules found, how often, and the worst machines')
    .option('--no-vectors', 'json: leave out the vectors of every CPU')
    .addHelpText('after', help)
    .action(async (inputs: string[], options: AnalyzeOptions) => {
      if (options.watch && io.again) {
        const { watch } = await import('../tasks/watch.ts');
        return done(await watch(inputs, options, io, io.again));
      }
      done(await reporting(options, inputs, io, (to) => analyzeInputs(inputs, options, to)));
    });
