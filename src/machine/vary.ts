/** A machine with other values in its description. */
import { InputError } from './locate.ts';
import type { Machine } from './machine.ts';

/**
 * The machine with `KEY=VALUE` assignments on top of its description; what an importer noted stays, and what the
 * description expects of the machine does not count. Null where the assignments make no machine, or where nobody
 * wrote a description.
 */
export function varied(machine: Machine, changes: readonly string[]): Machine | null {
  const { given, imported } = machine;
  if (!given) return null;
  try {
    return { ...given.vary(changes), ...(imported && { imported }), expect: undefined };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
