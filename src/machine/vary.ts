/** A machine with something else about it: the one place where variants of a machine are made. */
import { inputError } from './locate.ts';
import type { Machine } from './machine.ts';
import { type ShareParts, shareNothing } from './share-parts.ts';

/** What variants are made from: a machine, or a description that may become one only by what changes. */
export type Origin = Pick<Machine, 'given' | 'imported'>;

/**
 * The machine that changes make of a description: `KEY=VALUE` assignments, options as typed (`--kernel 6.12`) and
 * events (`--event EVENT`), in order. What an importer noted stays; what the description expects of the machine, it
 * expects of the values that it was written with, so it does not count. `share` may give parts of other variants.
 * Throws InputError where the changes make no machine, or where nobody wrote a description.
 */
export function varied(origin: Origin, changes: readonly string[], share?: ShareParts): Machine;
/** The machine with other values, for which a description may have no key: the boot CPU of a crash kernel. */
export function varied(machine: Machine, values: Partial<Machine>): Machine;
export function varied(
  origin: Origin,
  change: readonly string[] | Partial<Machine>,
  share: ShareParts = shareNothing,
): Machine {
  // Overloads: values come with a machine.
  const other = isList(change) ? rewritten(origin, change, share) : { ...(origin as Machine), ...change };
  return { ...other, expect: undefined };
}

const isList = (change: readonly string[] | Partial<Machine>): change is readonly string[] =>
  Array.isArray(change);

function rewritten({ given, imported }: Origin, changes: readonly string[], share: ShareParts): Machine {
  if (!given) throw inputError('-', 'the machine has no description that could be changed');
  return { ...given.vary(changes, share), ...(imported && { imported }) };
}
