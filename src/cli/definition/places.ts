/** Every place of a command line, and what may stand there: the table that the completion scripts look up. */
import type { CommandModel, OptionModel } from './model.ts';
import { argumentCandidates, type Candidates, type KnownWords, optionCandidates } from './words.ts';

/** A command as completion sees it. */
export interface CommandPlaces {
  /** "engine spread"; "" is irqsim itself. */
  readonly path: string;
  readonly command: CommandModel;
  readonly below: readonly CommandModel[];
  /** Options with a value, and what it may be. */
  readonly values: readonly { readonly option: OptionModel; readonly candidates: Candidates }[];
  /** Arguments in order; the last one repeats if `variadic`. */
  readonly arguments: readonly Candidates[];
  readonly variadic: boolean;
}

export function placesOf(command: CommandModel, known: KnownWords): CommandPlaces[] {
  const names = command.commands.map(({ name }) => name);
  return [
    placesIn(command, known),
    ...command.commands.flatMap((below) => placesOf(below, { ...known, commands: names })),
  ];
}

function placesIn(command: CommandModel, known: KnownWords): CommandPlaces {
  return {
    path: command.path.join(' '),
    command,
    below: command.commands,
    values: command.options
      .filter(({ value }) => value !== undefined)
      .map((option) => ({ option, candidates: optionCandidates(option, known) })),
    arguments: command.arguments.map((argument) => argumentCandidates(argument, known)),
    variadic: command.arguments.some(({ variadic }) => variadic),
  };
}

/** "-o", "--output". */
export function flagsOf({ short, long }: OptionModel): string[] {
  return short === undefined ? [long] : [short, long];
}
