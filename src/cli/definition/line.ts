/** A command line that is being written, as a shell hands it over: which words stand before the cursor, and what they are. */
import type { CommandModel } from './model.ts';
import { flagsOf } from './places.ts';

export interface Line {
  /** The word below the cursor, as far as it is written; of `--set=a`, `a`. */
  readonly current: string;
  /** The option whose value that is: "--set". */
  readonly option: string | undefined;
  /** The arguments before the cursor. */
  readonly before: readonly string[];
  /** All arguments but the one below the cursor. */
  readonly all: readonly string[];
}

/** bash breaks words at "=": `--set=a` comes as three. */
function joined(words: readonly string[]): string[] {
  const whole: string[] = [];
  for (const word of words) {
    const last = whole.at(-1);
    if (last !== undefined && (word === '=' || last.endsWith('='))) whole[whole.length - 1] = last + word;
    else whole.push(word);
  }
  return whole;
}

/** The arguments among words, and the option that waits for its value behind them. */
function argumentsIn(
  words: readonly string[],
  valued: readonly string[],
): { readonly list: readonly string[]; readonly pending: string | undefined } {
  const list: string[] = [];
  let pending: string | undefined;
  let literal = false;
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (literal || !/^-./.test(word)) list.push(word);
    else if (word === '--') literal = true;
    else if (valued.includes(word)) pending = word;
  }
  return { list, pending };
}

/** `words`: those behind the command's own name; `at`: which of them is below the cursor. */
export function lineOf(words: readonly string[], at: number, { options }: CommandModel): Line {
  const valued = options.filter(({ value }) => value !== undefined).flatMap(flagsOf);
  const upTo = joined(words.slice(0, at + 1));
  const current = upTo.pop() ?? '';
  const [, assigned, value = ''] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  const { list: before, pending } = argumentsIn(upTo, valued);
  const behind = argumentsIn(joined(words.slice(at + 1)), valued).list;
  if (assigned !== undefined)
    return { current: value, option: assigned, before, all: [...before, ...behind] };
  return { current, option: pending, before, all: [...before, ...behind] };
}

/** A word as it was typed without the quotes and backslashes of a shell; nothing in it is run or expanded. */
export function unquoted(word: string, home: string | undefined): string {
  const plain = word.replace(/\\(.)|['"]/gs, '$1');
  return home !== undefined && /^~(?=\/)/.test(word) ? home + plain.slice(1) : plain;
}
