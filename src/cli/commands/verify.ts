/** `irqsim verify`: the model held against a machine. */
import { Command, Option } from 'commander';
import { answerText } from '../../report/document/answer.ts';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, EXIT, type Io, UsageError } from '../io.ts';
import { kernelOption, setOption } from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

interface VerifyOptions extends OutputOption {
  readonly format: DocumentFormat;
  readonly set: readonly string[];
  readonly kernel?: string;
  readonly verbose?: boolean;
}

const HELP = `
CAPTURE is a directory that looks like / (/ itself, an unpacked sosreport, what irqsim capture collects),
a .tar, .tar.gz or .tar.xz of one, or of several stages of one machine. From the firmware tables, the
kernel release and the command line irqsim predicts the CPU sets, the APIC mode and the state of every
interrupt, and compares them with what the machine shows. Where the order in which devices were probed
matters, it is taken from the capture.

Examples:
  sudo irqsim verify /
  irqsim verify --format json capture.tar.xz | jq .mismatches
  irqsim verify --format markdown capture.tar.xz > verified.md

Exit codes: 0 everything compared is as predicted, 1 a mismatch or a kernel that had to be guessed, 2 bad usage
or input.`;

async function verify(input: string, options: VerifyOptions, io: Io): Promise<number> {
  const { format, verbose = false } = options;
  const [{ treeOf }, { verifyCapture }, report] = await Promise.all([
    import('../input/tree.ts'),
    import('../../questions/verify/verify.ts'),
    import('../../report/verification.ts'),
  ]);
  const tree = await treeOf(input);
  if (!tree)
    throw new UsageError(`${input}: a directory, or a .tar, .tar.gz or .tar.xz archive, is expected`);
  const kernel = options.kernel === undefined ? [] : [`--kernel ${options.kernel}`];
  const result = verifyCapture(tree, input, [...options.set, ...kernel]);
  const style = { width: io.columns ?? 100, colour: colourLevel(io), quiet: io.quiet === true };
  const answer = {
    json: () => report.verificationJson(input, result, VERSION),
    document: () => report.verificationDocument(input, result, verbose),
    layout: report.VERIFICATION_LAYOUT,
  };
  io.out(await answerText(answer, format, style));
  return report.verdictOf(result) === 'match' ? EXIT.clean : EXIT.findings;
}

export const verifyCommand: DefineCommand = (io, done) =>
  withOutput(new Command('verify'))
    .description(
      'Predicts the CPUs and interrupts of a captured machine, and compares them with what it shows.',
    )
    .argument('<capture>', 'a directory that looks like /, or an archive of one')
    .addOption(new Option('--format <name>', 'form of the report').choices(DOCUMENT_FORMATS).default('text'))
    .addOption(setOption())
    .addOption(kernelOption())
    .option('-v, --verbose', 'text, markdown: every mismatch')
    .addHelpText('after', HELP)
    .action(async (input: string, options: VerifyOptions) => {
      done(await reporting(options, [input], io, (to) => verify(input, options, to)));
    });
