/** `irqsim import`: a configuration of another product, as a machine description of irqsim's own. */
import { Command } from 'commander';
import type { Defines } from '../../formats/reader.ts';
import type { Stack } from '../../formats/stack.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import {
  defineOption,
  eventOption,
  formatList,
  fromOption,
  readingOf,
  setOption,
  stackOption,
  stdinNameOption,
  withProject,
} from '../options/machine-options.ts';
import { withOutput } from '../options/output-option.ts';
import { namedFile } from '../output/named-file.ts';
import type { DefineCommand } from './command.ts';

interface ImportOptions {
  readonly output?: string;
  readonly set: readonly string[];
  readonly event: readonly string[];
  readonly from?: string;
  readonly stack: Stack;
  readonly define: Defines;
  /** What standard input is called. */
  readonly stdinFilename?: string;
}

const help = () => `
The description contains what the input says. Defaults of the product are written out, with a comment that names
the product and its version; what the product would refuse is said at the top. Analysing the description gives
the same report as analysing the input. An input with several machines needs -o: -o guest.yaml writes
guest-1.yaml, guest-2.yaml ...

Formats, recognised by content or forced with --from:
${formatList()}

Examples:
  irqsim import guest.xml -o guest.yaml
  irqsim import --stack libvirt=10.5,qemu=9.0 guest.xml
  virsh dumpxml guest | irqsim import -

Exit codes: 0 written, 2 bad usage or input.`;

/** "guest.yaml" → "guest-2.yaml" */
function numbered(path: string, number: number): string {
  const dot = path.lastIndexOf('.');
  const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  return `${path.slice(0, end)}-${number}${path.slice(end)}`;
}

async function importInput(input: string, options: ImportOptions, io: Io): Promise<void> {
  const [{ readDescriptions }, { descriptionText }, { writeNewFile }] = await Promise.all([
    import('../input/input.ts'),
    import('../../report/description.ts'),
    import('../output/write-file.ts'),
  ]);
  const output = namedFile(options.output);
  const found = await readDescriptions(input, readingOf(options));
  const texts = found.map(({ machine, description }) => descriptionText(description, machine));
  if (output === undefined) {
    if (texts.length === 1) return io.out(texts[0]);
    throw new UsageError(`${input} holds ${texts.length} machines: name files for them, e.g. -o guest.yaml`);
  }
  for (const [index, text] of texts.entries()) {
    writeNewFile(texts.length === 1 ? output : numbered(output, index + 1), text, true);
  }
}

export const importCommand: DefineCommand = (io, done) =>
  withOutput(withProject(new Command('import')), 'write there instead of to standard output')
    .description('Turns a configuration of QEMU, libvirt and others into a machine description of irqsim.')
    .argument('<input>', 'a configuration of any format, or - for standard input')
    .addOption(setOption())
    .addOption(eventOption())
    .addOption(fromOption())
    .addOption(stackOption())
    .addOption(defineOption())
    .addOption(stdinNameOption())
    .addHelpText('after', help)
    .action(async (input: string, options: ImportOptions) => {
      await importInput(input, options, io);
      done(EXIT.clean);
    });
