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
}

/** A table row: the keys of a mapping as text, what others may hold, and the mappings that are looked into. */
export const keysOf = (
  keys: string,
  mayHold: readonly MayHold[],
  inside: Readonly<Record<string, KnownKeys>> = {},
): KnownKeys => ({ keys: names(keys), inside, mayHold });

type Say = (path: Path) => string;

/** A key that is no word stands for itself. */
const whereText: Say = (path) => {
  const key = String(path.at(-1));
  return /^[\w./-]{1,40}$/.test(key) ? pathText(path) : excerpt(key);
};

/** Names the keys that are not known, by where they stand ("domain.devices.disks[0].foo") or as `say` has it. */
export function nameUnknown(
  value: SourceValue | undefined,
  known: KnownKeys,
  notes: Pick<Notes, 'notUnderstood'>,
  path: Path = [],
  say: Say = whereText,
): void {
  if (!value) return;
  if (Array.isArray(value.value)) {
    for (const [index, one] of value.list().entries()) nameUnknown(one, known, notes, [...path, index], say);
    return;
  }
  if (!isMapping(value.value)) return;
  const others = value.keys().filter((key) => !known.keys.has(key));
  for (const key of others) {
    const below = value.get(key);
    if (below && lookup(known.inside, key) === undefined)
      notes.notUnderstood(say([...path, key]), below.place, known.mayHold);
  }
  for (const key of others) {
    const inside = lookup(known.inside, key);
    if (inside) nameUnknown(value.get(key), inside, notes, [...path, key], say);
  }
}
