/** The options that every command understands, before its name and after it: `--quiet` and `--color`. */
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

/** Commands that say nothing beside what they are asked for: there is nothing to be quiet about. */
const NOTHING_TO_HUSH: readonly string[] = [
  'explain',
  'rules',
  'kernels',
  'policies',
  'schema',
  'completion',
  'man',
  'engine',
  'lsp',
];

const quietOption = () =>
  new Option('-q, --quiet', 'results and errors only; a report for people is one line then');

const colourOption = () =>
  new Option(
    '--color [when]',
    `colours in text: ${COLOUR_CHOICES.join(', ')} (WHEN left out: always)`,
  ).argParser(colourChoice);

const noColourOption = () => new Option('--no-color', 'the same as --color=never');

/** True for what has, or lies above what has, a text that may be coloured. */
const hasText = ({ options, parent }: Command): boolean =>
  parent === null ||
  options.some(({ long, argChoices }) => long === '--format' && argChoices?.includes('text'));

/** Gives the options to a command and all below it; they are listed where they do something, and understood everywhere. */
export function addEverydayOptions(command: Command, hushes = true): void {
  const isHushed = hushes && !NOTHING_TO_HUSH.includes(command.name());
  const coloured = hasText(command);
  command.addOption(quietOption().hideHelp(!isHushed));
  for (const option of [colourOption(), noColourOption()]) command.addOption(option.hideHelp(!coloured));
  for (const below of command.commands) addEverydayOptions(below, isHushed);
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
