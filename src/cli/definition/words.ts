/** What may stand in each place of a command line, for completion: words, files or directories. */
import { isKeyOf } from '../../lib/lookup.ts';
import type { ArgumentModel, OptionModel } from './model.ts';

/** Candidates for one place. */
export type Candidates =
  | {
      readonly kind: 'words';
      readonly words: readonly string[];
      /** What may stand behind "KEY=", by key; "*" in a key is any name. */
      readonly after?: Assigned;
      /** The machine in the file that the line names has more of them. */
      readonly asks?: true;
    }
  | { readonly kind: 'files' | 'directories' | 'nothing' };

export type Assigned = Readonly<Record<string, readonly string[]>>;

/** Words need no quoting in any shell, or they are left out: a script must never run what it completes. */
export const isPlain = (word: string): boolean => /^[\w.+:=][\w.+:=-]*$/.test(word);

/** Options whose value may name a device of the machine. */
export const ASKED_OPTIONS = {
  '--set': true,
  '--vary': true,
  '--maximise': true,
  '--minimise': true,
} as const;
/** The argument that names a part of the machine: of `why INPUT KIND ID`, the last. */
export const ASKED_ARGUMENT = { command: 'why', name: 'id', place: 2 } as const;

/** Lists that only the program knows. A word that ends in "=" is the beginning of one. */
export interface KnownWords {
  readonly rules: readonly string[];
  readonly kernels: readonly string[];
  readonly policies: readonly string[];
  readonly readers: readonly string[];
  readonly keys: readonly string[];
  /** Values of these keys and of those of devices, where they are known. */
  readonly settings: Assigned;
  readonly levels: readonly string[];
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
  '--maximise': ({ keys }) => keys,
  '--minimise': ({ keys }) => keys,
  '--stack': ({ products }) => assigned(products),
  '--stack-after': ({ products }) => assigned(products),
  '--event': ({ events }) => events,
  '--property': ({ properties }) => properties,
  '--level': ({ rules }) => assigned(rules),
} satisfies Readonly<Record<string, (known: KnownWords) => readonly string[]>>;

/** What stands behind "=", by the long name of an option. */
const AFTER = {
  '--set': ({ settings }) => settings,
  '--vary': ({ settings }) => settings,
  '--level': ({ levels }) => ({ '*': levels }),
  '--event': () => ({ smt: ['on', 'off'] }),
} satisfies Readonly<Record<string, (known: KnownWords) => Assigned>>;

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

const words = (list: readonly string[]) => ({ kind: 'words', words: list }) as const satisfies Candidates;

/** For an option that takes a value. */
export function optionCandidates({ long, value = '', choices }: OptionModel, known: KnownWords): Candidates {
  if (choices.length > 0) return words(choices);
  if (long === '--color') return words(['always', 'never', 'auto']);
  const list = isKeyOf(OPTION_WORDS, long) ? OPTION_WORDS[long](known) : undefined;
  if (!list) return byName(value);
  const after = isKeyOf(AFTER, long) ? { after: AFTER[long](known) } : {};
  return { ...words(list), ...after, ...(isKeyOf(ASKED_OPTIONS, long) && { asks: true as const }) };
}

export function argumentCandidates({ name, choices }: ArgumentModel, known: KnownWords): Candidates {
  if (choices.length > 0) return words(choices);
  if (name === ASKED_ARGUMENT.name) return { ...words([]), asks: true };
  const list = isKeyOf(ARGUMENT_WORDS, name) ? ARGUMENT_WORDS[name](known) : undefined;
  return list ? words(list) : byName(name);
}
