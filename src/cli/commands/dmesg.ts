/** `irqsim dmesg`: a kernel log, annotated and held against the model's own prediction from it. */
import { Command, Option } from 'commander';
import { InputError } from '../../machine/locate.ts';
import type { Judged } from '../../questions/dmesg/dmesg.ts';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, EXIT, type Io, oneLine, UsageError } from '../io.ts';
import {
  changesOf,
  failOnOption,
  type MachineOptions,
  refuseLists,
  reportWidth,
  withMachineOptions,
} from '../options/machine-options.ts';
import { type OutputOption, reporting, withOutput } from '../options/output-option.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

interface DmesgOptions extends MachineOptions, OutputOption {
  readonly format: DocumentFormat;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly verbose?: boolean;
}

const HELP = `
FILE is the output of dmesg, journalctl -k (also -o json) or a serial console, also quoted in a mail or in
Markdown; of a captured machine (a directory or an archive) its log is read. Each line that irqsim understands is
listed with what it means; repeated lines are listed once. irqsim analyses the machine that the log describes, and
compares the messages of the model with those of the log. What the log cannot tell is named, with what to ask for.

Examples:
  dmesg | irqsim dmesg -
  irqsim dmesg boot.log
  journalctl -k -b -1 -o json | irqsim dmesg -
  irqsim dmesg --format markdown boot.log > boot.md
  irqsim dmesg --format json boot.log | jq '.lines[] | select(.matters)'
  irqsim dmesg --set extDestId=true guest.log

Exit codes: 0 nothing at or above --fail-on, or a part of a log that tells of no machine; 1 findings, 2 bad usage or
input.`;

/** The text of the log: that of a file, or the log of a captured machine. Throws InputError or UsageError. */
async function logText(input: string, options: DmesgOptions): Promise<{ text: string; file: string }> {
  const [{ nameOf, readBytes }, { treeOf }, { kernelLogIn }] = await Promise.all([
    import('../input/input.ts'),
    import('../input/tree.ts'),
    import('../../formats/linux-capture/kernel-log.ts'),
  ]);
  const tree = await treeOf(input);
  if (!tree)
    return {
      text: new TextDecoder().decode(readBytes(input)),
      file: nameOf(input, { stdinName: options.stdinFilename }),
    };
  const found = kernelLogIn(tree, input);
  if (!found) throw new UsageError(`${input}: there is no kernel log in it`);
  return { text: found.text, file: `${input.replace(/\/$/, '')}/${found.path}` };
}

/** The analysis of the machine in the log, or why there is none. Throws InputError for what options get wrong. */
async function judgedLog(text: string, file: string, options: DmesgOptions, io: Io): Promise<Judged> {
  const [{ judge }, { settingsOf }, { machineOf, readSources }] = await Promise.all([
    import('../../findings/triage/judge.ts'),
    import('../project/settings.ts'),
    import('../../questions/source.ts'),
  ]);
  const settings = settingsOf(options, io);
  let sources: Awaited<ReturnType<typeof readSources>>;
  try {
    sources = await readSources({ bytes: new TextEncoder().encode(text), file, from: 'kernel-log' });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { why: error.problems[0].message };
  }
  return { analysis: judge(machineOf(sources[0], changesOf(options)), settings) };
}

async function dmesg(input: string, options: DmesgOptions, io: Io): Promise<number> {
  refuseLists(options);
  if (options.from !== undefined && !['kernel-log', 'machine'].includes(options.from))
    throw new UsageError(`dmesg reads kernel logs, not ${options.from}`);
  const [{ annotateLog }, { dmesgReport }, { exitCodeOf }] = await Promise.all([
    import('../../questions/dmesg/dmesg.ts'),
    import('../../report/dmesg/index.ts'),
    import('../verdict.ts'),
  ]);
  const { text, file } = await logText(input, options);
  const judged = await judgedLog(text, file, options, io);
  const annotated = annotateLog(text, file, judged);
  if (annotated.lines.length === 0 && annotated.facts.boots === 0)
    throw new UsageError(
      `${file}: this is no kernel log, or no line of it is known; irqsim analyze reads configurations`,
    );
  io.out(
    await dmesgReport(options.format, annotated, {
      version: VERSION,
      vectors: false,
      verbose: options.verbose === true,
      width: reportWidth(options, io),
      colour: colourLevel(io),
      quiet: io.quiet === true,
    }),
  );
  if ('analysis' in judged) return exitCodeOf(judged.analysis, options.failOn);
  const changes = changesOf(options);
  if (changes.length > 0)
    io.err(oneLine(`${file}: the log tells of no machine, so nothing was changed by ${changes.join(', ')}`));
  return EXIT.clean;
}

export const dmesgCommand: DefineCommand = (io, done) =>
  withOutput(withMachineOptions(new Command('dmesg'), ['--stack', '--define']))
    .description('Annotates a kernel log, and compares it with what the model predicts from the same log.')
    .argument('<file>', 'a kernel log, a captured machine that has one, or - for standard input')
    .addOption(new Option('--format <name>', 'form of the report').choices(DOCUMENT_FORMATS).default('text'))
    .addOption(failOnOption())
    .option('-v, --verbose', 'text, markdown: every line that irqsim knows, and everything it knows about it')
    .addHelpText('after', HELP)
    .action(async (input: string, options: DmesgOptions) => {
      done(await reporting(options, [input], io, (to) => dmesg(input, options, to)));
    });
