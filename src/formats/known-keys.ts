/** Tables of the keys that a structured configuration may have, and the walk that names the others. */
import { lookup } from '../lib/lookup.ts';
import { names } from '../lib/names.ts';
import { excerpt, type Path, pathText } from '../machine/locate.ts';
import type { MayHold } from '../machine/not-understood.ts';
import type { Notes } from './notes.ts';
import type { SourceValue } from './text/source-value.ts';
import { isMapping } from './text/values.ts';

/** What is known of a mapping, or of each mapping of a list. */
export interface KnownKeys {
  /** Keys that are read, or have no bearing with all that is in them. */
  readonly keys: ReadonlySet<string>;
  /** Keys whose values are looked into. */
  readonly inside: Readonly<Record<string, KnownKeys>>;
  /** What another key may hold. */
  readonly mayHold: readonly MayHold[];
  /** Its keys are accounted for by somebody else. */
  readonly elsewhere?: true;
}

/** A mapping whose keys are accounted for by themselves. */
export const ELSEWHERE: KnownKeys = { keys: new Set(), inside: {}, mayHold: [], elsewhere: true };

/** A table row: the keys of a mapping as text, what others may hold, and the mappings that are looked into. */
export const keysOf = (
  keys: string,
  mayHold: readonly MayHold[],
  inside: Readonly<Record<string, KnownKeys>> = {},
): KnownKeys => ({ keys: names(keys), inside, mayHold });

/**
 * What mappings without bearing may hold, by the key that they stand under; "*": anything, since users name what is in it.
 * A key that is not here holds no mapping.
 */
export type IdleKeys = Readonly<Record<string, ReadonlySet<string>>>;

/** A table of idle keys from text: `{ volumes: 'name disk' }`. */
export const idleKeys = (table: Readonly<Record<string, string>>): IdleKeys =>
  Object.fromEntries(Object.entries(table).map(([key, keys]) => [key, names(keys)]));

type Say = (path: Path) => string;

/** A key that is no word stands for itself. */
const whereText: Say = (path) => {
  const key = String(path.at(-1));
  return /^[\w./-]{1,40}$/.test(key) ? pathText(path) : excerpt(key);
};

/** How unknown keys are named. */
export interface NamingOptions {
  /** Where the value stands: "domain" in "domain.devices.disks[0].foo". */
  readonly path?: Path;
  /** The name of a key by its path; that path as text where nothing is given. */
  readonly say?: Say;
  /** Without these, what keys without bearing hold is not looked into. */
  readonly idle?: IdleKeys;
}

/** Names the keys that are not known, by where they stand: what may hold something first, at each depth. */
export function nameUnknown(
  value: SourceValue | undefined,
  known: KnownKeys,
  notes: Pick<Notes, 'notUnderstood'>,
  { path = [], say = whereText, idle }: NamingOptions = {},
): void {
  if (!value) return;
  // Plain values are walked: a look at each of them would cost more than all the rest.
  for (const { below, mayHold } of unknownKeys(value.value, known, idle)) {
    const place = value.get(...below)?.place;
    if (place) notes.notUnderstood(say([...path, ...below]), place, mayHold);
  }
}

interface UnknownKey {
  readonly below: Path;
  readonly mayHold: readonly MayHold[];
}

function unknownKeys(value: unknown, known: KnownKeys, idle: IdleKeys | undefined): readonly UnknownKey[] {
  if (Array.isArray(value)) return inEach(value, (one) => unknownKeys(one, known, idle));
  if (!isMapping(value) || known.elsewhere) return NONE;
  const here: UnknownKey[] = [];
  const further: UnknownKey[] = [];
  for (const key of Object.keys(value)) {
    const inside = lookup(known.inside, key);
    if (inside === undefined && !known.keys.has(key)) {
      // An empty value says nothing.
      if (value[key] !== null) here.push({ below: [key], mayHold: known.mayHold });
      continue;
    }
    const found = inside
      ? unknownKeys(value[key], inside, idle)
      : idle
        ? unknownIdle(value[key], key, idle)
        : NONE;
    for (const one of found) further.push({ ...one, below: [key, ...one.below] });
  }
  return here.length + further.length === 0 ? NONE : [...here, ...further];
}

const NONE: readonly UnknownKey[] = [];

/** The same of each part of a list. */
function inEach(list: readonly unknown[], look: (one: unknown) => readonly UnknownKey[]): UnknownKey[] {
  return list.flatMap((one, index) =>
    look(one).map(({ below, mayHold }) => ({ below: [index, ...below], mayHold })),
  );
}

/** What a value without bearing holds beside what is known of it. */
function unknownIdle(value: unknown, under: string, idle: IdleKeys): readonly UnknownKey[] {
  if (Array.isArray(value)) return inEach(value, (one) => unknownIdle(one, under, idle));
  if (!isMapping(value)) return NONE;
  const known = lookup(idle, under);
  if (known?.has('*')) return NONE;
  return Object.keys(value).flatMap((key): readonly UnknownKey[] => {
    if (!known?.has(key)) return [{ below: [key], mayHold: [] }];
    const further = unknownIdle(value[key], key, idle);
    return further.map(({ below, mayHold }) => ({ below: [key, ...below], mayHold }));
  });
}
