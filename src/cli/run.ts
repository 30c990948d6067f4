/** One run of the command line: arguments in, exit code out. Commands are loaded when they are called. */
import { Command, CommanderError, Help, type Option } from 'commander';
import { asciiText } from '../lib/ascii.ts';
import { shellWord } from '../lib/shell-word.ts';
import { visible } from '../lib/visible.ts';
import { commandsFor, definedCommand, listedCommand } from './commands/index.ts';
import { addEverydayOptions, type EverydayChoices, everydayChoices } from './definition/everyday.ts';
import { reportFailure } from './failure.ts';
import { takeStandardInput } from './input/read-bytes.ts';
import { EXIT, type Io, UsageError } from './io.ts';
import { type AtWork, atWork } from './output/at-work.ts';
import { VERSION } from './version.ts';

const DESCRIPTION =
  'Which CPUs of an x86 machine or guest can receive device interrupts, and what that means for every multi-queue device, before the machine boots.';
/** The description of a default that is an empty list. */
const NOTHING_BY_DEFAULT = 'none';
/** Columns of help texts where no terminal says otherwise. */
const HELP_WIDTH = 100;

const EPILOGUE = `
Examples:
  irqsim analyze machine.yaml                 the report for people
  irqsim analyze --format json machine.yaml   the report for scripts
  irqsim why machine.yaml cpu 300             the decisions behind one CPU, queue or device
  irqsim explain apic-id-above-limit          what a finding means and what to change
  irqsim schema > irqsim.schema.json          the JSON Schema of machine descriptions, for editors

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or input, 3 a bug in irqsim.`;

/** A file in the place of a command is to be analysed. */
function fileHint(message: string): string {
  const [, name = ''] = /^error: unknown command '(.*)'$/.exec(message) ?? [];
  return /[./]/.test(name) ? `(for the report on a file: irqsim analyze ${visible(shellWord(name))})\n` : '';
}

/** A usage error of commander: what was typed stays on its line; the suggestion has one of its own. */
function usageText(text: string): string {
  const [, message = text, suggestion = ''] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n*$/s.exec(text) ?? [];
  return `${visible(message)}${suggestion === '' ? '' : `\n${visible(suggestion.trim())}`}\n${fileHint(message)}`;
}

/** Options that may be repeated begin with none: their help need not say so. */
function optionDescription(option: Option): string {
  if (option.defaultValueDescription === NOTHING_BY_DEFAULT) return option.description;
  return Help.prototype.optionDescription.call(new Help(), option);
}

/** `argv`: the command line, whose words choose what is defined. */
async function program(
  argv: readonly string[],
  { io, begin }: AtWork,
  done: (code: number) => void,
): Promise<Command> {
  const root = new Command('irqsim')
    .description(DESCRIPTION)
    .version(VERSION, '-V, --version')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(irqsim --help lists the commands)')
    .configureHelp({ optionDescription })
    .configureOutput({
      writeOut: (text) => io.out(legible(text, io)),
      writeErr: (text) => io.err(legible(text, io)),
      outputError: (text, write) => write(usageText(text)),
      getOutHelpWidth: () => io.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => io.columns ?? HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  let choices: EverydayChoices = {};
  let isText = false;
  const chosen = withChoices(
    io,
    () => choices,
    () => isText,
  );
  addEverydayOptions(root);
  for (const { name, isNamed } of commandsFor(argv)) {
    const command = isNamed ? await definedCommand(name, chosen, done) : listedCommand(name);
    root.addCommand(command);
    if (!isNamed) continue;
    inheritSettings(command, root);
    addEverydayOptions(command);
  }
  root.hook('preAction', async (_, called) => {
    choices = everydayChoices(called);
    isText = writesText(called);
    await begin(called, choices.quiet === true);
  });
  return root;
}

/** Output, width and exits of the root, for a command and all commands below it. */
function inheritSettings(command: Command, root: Command, path = root.name()): void {
  const name = `${path} ${command.name()}`;
  command.copyInheritedSettings(root).showHelpAfterError(`(${name} --help tells what it takes)`);
  for (const below of command.commands) inheritSettings(below, root, name);
}

/** A text for people as the terminal can show it. */
const legible = (text: string, { asciiOnly }: Io): string => (asciiOnly ? asciiText(text) : text);

/** Whether standard output is a text for people: data of every kind is UTF-8 by definition. */
function writesText(called: Command): boolean {
  const { format, patch, fix } = called.opts<{ format?: string; patch?: boolean; fix?: boolean }>();
  return format === 'text' && !patch && !fix;
}

/** The world as the options of every command and the locale have it: they are known when a command is called, not when it is defined. */
function withChoices(io: Io, choices: () => EverydayChoices, isText: () => boolean): Io {
  const shown = (text: string) => (isText() ? legible(text, io) : text);
  return {
    ...io,
    shown,
    out: (text) => io.out(shown(text)),
    err: (text) => io.err(legible(text, io)),
    note: (text) => {
      if (!choices().quiet) io.note(legible(text, io));
    },
    get quiet() {
      return choices().quiet === true;
    },
    get color() {
      return choices().color;
    },
  };
}

/** Runs irqsim. Never throws: a failure is a message on standard error and an exit code. */
export const run = (argv: readonly string[], io: Io): Promise<number> =>
  runOnce(argv, {
    ...io,
    async again() {
      let isBadUsage = false;
      const code = await runOnce(argv, io, (error) => {
        isBadUsage = error instanceof UsageError;
      });
      return { code, isBadUsage };
    },
  });

/** Enters a folder, for names of files are those of the process; gives the way back. */
function enter(folder: string | undefined): () => void {
  if (folder === undefined) return () => {};
  const before = process.cwd();
  process.chdir(folder);
  return () => process.chdir(before);
}

async function runOnce(
  argv: readonly string[],
  io: Io,
  failed: (error: unknown) => void = () => {},
): Promise<number> {
  let code: number = EXIT.clean;
  takeStandardInput(io.stdin);
  const work = atWork(io);
  let leave = () => {};
  try {
    leave = enter(io.cwd);
    const root = await program(argv, work, (result) => {
      code = result;
    });
    await root.parseAsync(argv as string[], { from: 'user' });
    return code;
  } catch (error) {
    failed(error);
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.badInput;
    return reportFailure(error, { ...io, err: (text) => work.io.err(legible(text, io)) });
  } finally {
    work.end();
    leave();
  }
}
