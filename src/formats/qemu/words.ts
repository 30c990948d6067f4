/** The words behind QEMU's name → options with their arguments, and words that belong to none. */
import type { Word } from '../text/shell.ts';
import { TextError } from '../text/text.ts';
import { fullName, optionKind } from './option-names.ts';

/** Options taken: far more than any machine has. */
export const MAX_OPTIONS = 20_000;

/** An option as it stands on a command line. */
export interface WrittenOption {
  /** Without dashes, in full: "machine" also for -M. */
  readonly name: string;
  readonly word: Word;
  /** Undefined for switches, and for an unknown option with none behind it. */
  readonly argument: Word | undefined;
}

export interface CommandWords {
  readonly options: readonly WrittenOption[];
  /** Disk images, and what nobody understands: leftovers, expansions that only the shell knows. */
  readonly rest: readonly Word[];
}

/** Throws TextError for an option without the argument it needs, or far too many. */
export function commandWords(words: readonly Word[]): CommandWords {
  const options: WrittenOption[] = [];
  const rest: Word[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const name = optionName(word);
    if (name === undefined) {
      if (word.text !== '') rest.push(word);
      continue;
    }
    if (options.length >= MAX_OPTIONS) throw new TextError(word.at(0), `more than ${MAX_OPTIONS} options`);
    const kind = optionKind(name);
    const next = words.at(index + 1);
    const takes = kind ? kind.takesArgument : next !== undefined && optionName(next) === undefined;
    if (takes) index++;
    if (takes && !next && kind?.role === 'read') {
      throw new TextError(word.at(0), `${word.text}: requires an argument`);
    }
    options.push({ name, word, argument: takes ? next : undefined });
  }
  return { options, rest };
}

/** "machine" for "-M", "--machine"; undefined for other words. */
function optionName({ text, unknowns }: Word): string | undefined {
  const dashes = /^--?(?=[A-Za-z])/.exec(text);
  return dashes && !unknowns ? fullName(text.slice(dashes[0].length)) : undefined;
}
