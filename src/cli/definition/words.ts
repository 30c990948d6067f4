/** What may stand in each place of a command line, for completion: words, files or directories. */
import { isKeyOf } from '../../lib/lookup.ts';
import type { ArgumentModel, OptionModel } from './model.ts';

/** Candidates for one place. */
export type Candidates =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'directories' | 'nothing' };

/** Lists that only the program knows. A word that ends in "=" is the beginning of one. */
export interface KnownWords {
  readonly rules: readonly string[];
  readonly kernels: readonly string[];
  readonly policies: readonly string[];
  readonly readers: readonly string[];
  readonly keys: readonly string[];
  readonly products: readonly string[];
  readonly events: readonly string[];
  readonly properties: readonly string[];
  /** The commands beside `help`. */
  readonly commands: readonly string[];
}

const assigned = (words: readonly string[]) => words.map((word) => `${word}=`);

/** By the long name of an option. */
const OPTION_WORDS = {
  '--kernel': ({ kernels }) => kernels,
  '--policy': ({ policies }) => [...policies, 'all'],
  '--from': ({ readers }) => readers,
  '--set': ({ keys }) => assigned(keys),
  '--vary': ({ keys }) => assigned(keys),
  '--stack': ({ products }) => assigned(products),
  '--stack-after': ({ products }) => assigned(products),
  '--event': ({ events }) => events,
  '--property': ({ properties }) => properties,
  '--level': ({ rules }) => assigned(rules),
} satisfies Readonly<Record<string, (known: KnownWords) => readonly string[]>>;

/** By the name of an argument. */
const ARGUMENT_WORDS = {
  'rule-or-message': ({ rules }) => rules,
  command: ({ commands }) => commands,
} satisfies Readonly<Record<string, (known: KnownWords) => readonly string[]>>;

/** Names of values that are files, directories, or what nobody can know. */
const FILES = /^(file|input|capture|path|glob|a|b|before|after|config|baseline|record|out(put)?)s?$/i;
const DIRECTORIES = /^(dir|directory|folder)$/i;

function byName(name: string): Candidates {
  return { kind: FILES.test(name) ? 'files' : DIRECTORIES.test(name) ? 'directories' : 'nothing' };
}

const words = (list: readonly string[]): Candidates => ({ kind: 'words', words: list });

/** For an option that takes a value. */
export function optionCandidates({ long, value = '', choices }: OptionModel, known: KnownWords): Candidates {
  if (choices.length > 0) return words(choices);
  if (long === '--color') return words(['always', 'never', 'auto']);
  const list = isKeyOf(OPTION_WORDS, long) ? OPTION_WORDS[long](known) : undefined;
  return list ? words(list) : byName(value);
}

export function argumentCandidates({ name, choices }: ArgumentModel, known: KnownWords): Candidates {
  if (choices.length > 0) return words(choices);
  const list = isKeyOf(ARGUMENT_WORDS, name) ? ARGUMENT_WORDS[name](known) : undefined;
  return list ? words(list) : byName(name);
}
