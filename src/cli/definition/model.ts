/** The command definitions as plain data: what completion scripts and the manual page are made of. */
import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';

export interface OptionModel {
  /** "-q", if there is one. */
  readonly short: string | undefined;
  /** "--quiet". */
  readonly long: string;
  readonly description: string;
  /** "key=value" of `--set <key=value>`; undefined for a switch. */
  readonly value: string | undefined;
  /** The value may be left out. */
  readonly optional: boolean;
  readonly repeatable: boolean;
  readonly choices: readonly string[];
  /** The default in words. */
  readonly usual: string | undefined;
}

export interface ArgumentModel {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly choices: readonly string[];
}

export interface CommandModel {
  /** Words after "irqsim": [] is irqsim itself. */
  readonly path: readonly string[];
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: string;
  readonly options: readonly OptionModel[];
  readonly arguments: readonly ArgumentModel[];
  readonly commands: readonly CommandModel[];
  /** What `--help` says after the options. */
  readonly notes: string;
}

/** The command that all others are below. */
export function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

/** A command and all below it, with the `help` and `--help` that commander adds. */
export function commandModel(command: Command, path: readonly string[] = []): CommandModel {
  const help = command.createHelp();
  return {
    path,
    name: command.name(),
    summary: command.summary() || command.description(),
    description: command.description(),
    usage: command.usage(),
    options: help.visibleOptions(command).map(optionModel),
    arguments: command.registeredArguments.map(argumentModel),
    commands: help.visibleCommands(command).map((below) => commandModel(below, [...path, below.name()])),
    notes: notesOf(command),
  };
}

function optionModel(option: Option): OptionModel {
  const [, value] = /[<[]([^>\]]+)[>\]]/.exec(option.flags) ?? [];
  return {
    short: option.short,
    long: option.long ?? option.flags,
    description: option.description,
    value: value?.replace(/\.\.\.$/, ''),
    optional: option.optional,
    repeatable: option.variadic || /\brepeatable\b/.test(option.description),
    choices: option.argChoices ?? [],
    usual: usualOf(option),
  };
}

function usualOf({ defaultValue, defaultValueDescription, negate }: Option): string | undefined {
  if (negate || defaultValue === undefined || typeof defaultValue === 'boolean') return undefined;
  return defaultValueDescription ?? String(defaultValue);
}

function argumentModel(argument: Argument): ArgumentModel {
  return {
    name: argument.name(),
    description: argument.description,
    required: argument.required,
    variadic: argument.variadic,
    choices: argument.argChoices ?? [],
  };
}

/** What was added with addHelpText('after', ...): commander keeps it as a listener, which its types leave out. */
function notesOf(command: Command): string {
  let text = '';
  (command as unknown as EventEmitter).emit('afterHelp', {
    error: false,
    command,
    write: (part: string) => {
      text += part;
    },
  });
  return text.trim();
}
