/** `irqsim explore`: a page that shows a machine and recomputes it as the reader changes it. */
import { Command } from 'commander';
import { EXIT, type Io, UsageError } from '../io.ts';
import { type MachineOptions, refuseLists, withReadOptions } from '../options/machine-options.ts';
import { type OutputOption, withOutput } from '../options/output-option.ts';
import type { DefineCommand } from './command.ts';

interface ExploreOptions extends MachineOptions, OutputOption {
  readonly force?: boolean;
}

const HELP = `
The page shows what irqsim analyze reports, with the CPUs and queues drawn, and carries irqsim itself: change
the kernel, the policy, interrupt remapping, the topology or queue counts, take CPUs offline on the map, and see
at once what differs. Click a CPU or a queue to see the decisions behind it. The page is one file that loads
nothing and sends nothing; changes can be copied as options, as a patch of the input or as YAML. Without INPUT the
page asks for a machine.

Examples:
  irqsim explore guest.yaml                     writes guest.yaml.html and prints that name
  irqsim explore guest.xml -o report.html --kernel 6.12
  virsh dumpxml guest | irqsim explore - -o guest.html
  irqsim explore -o irqsim.html                 a page to paste or drop machines into

Exit codes: 0 written, whatever the verdict; 2 bad usage or input.`;

/** What a page begins with that irqsim wrote before: that may be replaced. */
const OURS = '<meta name="generator" content="irqsim">';

function outputFor(input: string | undefined, output: string | undefined): string {
  if (output !== undefined) return output;
  if (input === undefined || input === '-')
    throw new UsageError('explore: name the page to write with -o FILE');
  return `${input.replace(/\/+$/, '').split('/').pop()}.html`;
}

async function writePage(path: string, page: string, force: boolean): Promise<void> {
  const [{ readFileSync, statSync }, { replaceFile }] = await Promise.all([
    import('node:fs'),
    import('../output/replace-file.ts'),
  ]);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() && !force && !readFileSync(path, 'utf8').slice(0, 4096).includes(OURS))
    throw new UsageError(`${path} exists and is no page of irqsim; --force overwrites it`);
  replaceFile(path, page);
}

async function exploreInput(input: string | undefined, options: ExploreOptions, io: Io): Promise<void> {
  refuseLists(options);
  const toStdout = options.output === '-';
  const path = toStdout ? undefined : outputFor(input, options.output);
  const { explore, pagePrograms } = await import('../tasks/explorer.ts');
  const { explorerPage } = await import('../../web/explorer.ts');
  const page =
    input === undefined ? explorerPage(pagePrograms(io)) : (await explore(input, options, io)).page;
  if (path === undefined) return io.out(page);
  await writePage(path, page, options.force === true);
  io.out(`${path}\n`);
}

export const exploreCommand: DefineCommand = (io, done) =>
  withOutput(
    withReadOptions(new Command('explore'), ['--width']),
    'file to write; by default the name of the input with .html',
  )
    .description('Writes a page that shows a machine, carries irqsim and recomputes what the reader changes.')
    .argument('[input]', 'a machine description of any format, or - for standard input')
    .option('--force', 'overwrite a file that is not a page of irqsim')
    .addHelpText('after', HELP)
    .action(async (input: string | undefined, options: ExploreOptions) => {
      await exploreInput(input, options, io);
      done(EXIT.clean);
    });
