/** `irqsim why`: the chain of decisions that makes a CPU, queue or device what it is. */
import { Argument, Command, Option } from 'commander';
import { answerText } from '../../report/document/answer.ts';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, EXIT, type Io, UsageError } from '../io.ts';
import { type MachineOptions, readingOf, reportWidth, withReadOptions } from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import type { DefineCommand } from './command.ts';

interface WhyCommandOptions extends MachineOptions, OutputOption {
  readonly format: DocumentFormat;
}

const KINDS = ['cpu', 'apic', 'queue', 'device'] as const;

const HELP = `
First the verdict with the shortest chain of reasons, then every decision on the way, with the kernel function
that makes it and the place in the input (or the default) that it comes from.

Examples:
  irqsim why guest.yaml cpu 300           the CPU with this number
  irqsim why guest.yaml apic 0x123        the CPU with this APIC ID, also one that got no number
  irqsim why guest.yaml queue nvme0:7     one queue of a device
  irqsim why guest.yaml device nvme0      a device: how many vectors and queues, and why
  irqsim why --kernel 5.10 --set extDestId=true guest.yaml cpu 300
  irqsim why --format markdown guest.yaml cpu 300 >> "$GITHUB_STEP_SUMMARY"

Exit codes: 0 answered, whatever the answer; 2 bad usage or input, or no such CPU, queue or device.`;

async function whyOne(
  input: string,
  kind: (typeof KINDS)[number],
  id: string,
  options: WhyCommandOptions,
  io: Io,
): Promise<number> {
  const [{ analyze }, { askWhy }, { WHY_LAYOUT, whyDocument, whyObject }, { readMachine }] =
    await Promise.all([
      import('../../findings/analyze.ts'),
      import('../../questions/why/why.ts'),
      import('../../report/why.ts'),
      import('../input/input.ts'),
    ]);
  const machine = await readMachine(input, readingOf(options));
  const asked = askWhy(analyze(machine), kind, id);
  if ('problem' in asked) throw new UsageError(`why: ${asked.problem}`);
  const kernel = machine.kernel.text;
  const style = { width: reportWidth(options, io), colour: colourLevel(io), quiet: io.quiet === true };
  const answer = {
    json: () => whyObject(asked.why, kernel),
    document: () => whyDocument(asked.why, kernel),
    layout: WHY_LAYOUT,
  };
  io.out(await answerText(answer, options.format, style));
  return EXIT.clean;
}

export const whyCommand: DefineCommand = (io, done) =>
  withOutput(withReadOptions(new Command('why')))
    .description('Follows one CPU, queue or device from the description through each kernel decision.')
    .argument('<input>', 'a machine description, or - for standard input')
    .addArgument(new Argument('<kind>', 'what the question is about').choices(KINDS))
    .argument('<id>', 'a CPU number, an APIC ID, DEVICE:QUEUE or a device name')
    .addOption(new Option('--format <name>', 'form of the answer').choices(DOCUMENT_FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action(async (input: string, kind: (typeof KINDS)[number], id: string, options: WhyCommandOptions) => {
      done(await reporting(options, [input], io, (to) => whyOne(input, kind, id, options, to)));
    });
