/** The options that every command takes, before its name and after it: `--quiet` and `--color`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { COLOUR_CHOICES, type ColourChoice } from '../io.ts';

/** What these options decide; undefined where nobody gave them. */
export interface EverydayChoices {
  readonly quiet?: boolean;
  readonly color?: ColourChoice;
}

function colourChoice(text: string): ColourChoice {
  const choice = COLOUR_CHOICES.find((one) => one === text);
  if (choice) return choice;
  throw new InvalidArgumentError(
    'Always, never or auto is expected; before another argument write --color=always.',
  );
}

const quietOption = () =>
  new Option('-q, --quiet', 'print results and errors only; analyze: one line for each input');

const colourOption = () =>
  new Option(
    '--color [when]',
    `colours in text: ${COLOUR_CHOICES.join(', ')} (WHEN left out: always)`,
  ).argParser(colourChoice);

const noColourOption = () => new Option('--no-color', 'the same as --color=never');

/** Gives the options to a command and all commands below it. */
export function addEverydayOptions(command: Command): void {
  for (const option of [quietOption, colourOption, noColourOption]) command.addOption(option());
  for (const below of command.commands) addEverydayOptions(below);
}

/** What the words before and after the name of the called command decided; the later word counts. */
export function everydayChoices(called: Command): EverydayChoices {
  const { quiet, color } = called.opts<{ quiet?: true; color?: ColourChoice | boolean }>();
  const before: EverydayChoices = called.parent ? everydayChoices(called.parent) : {};
  return {
    ...before,
    ...(quiet ? { quiet } : {}),
    ...(color === undefined ? {} : { color: typeof color === 'string' ? color : color ? 'always' : 'never' }),
  };
}

/** The names of the options, for those who list the options of a command without them. */
export const EVERYDAY_FLAGS: readonly string[] = ['--quiet', '--color', '--no-color'];
