/** Parts of a description, completed once for all of its variants in which they read the same. */
import type { Problems } from './locate.ts';

/** `make(problems)`, or what it gave for equal inputs. Inputs are JSON values, or parts that were shared before. */
export type ShareParts = <T extends object>(
  inputs: readonly unknown[],
  problems: Problems,
  make: (problems: Problems) => T,
) => T;

/** Makes every part anew. */
export const shareNothing: ShareParts = (_, problems, make) => make(problems);

/** Keeps the last `room` parts that have no problems. Nobody may change a part. */
export function createSharing(room: number): ShareParts {
  const parts = new Map<string, object>();
  const numbers = new WeakMap<object, number>();
  let made = 0;
  const text = (input: unknown): string => {
    const number = typeof input === 'object' && input !== null ? numbers.get(input) : undefined;
    return number === undefined ? JSON.stringify(input) : `part ${number}`;
  };
  return <T extends object>(
    inputs: readonly unknown[],
    problems: Problems,
    make: (problems: Problems) => T,
  ): T => {
    const key = inputs.map(text).join('\n');
    const known = parts.get(key);
    // The key begins with the kind of part, so it is of the type that this kind is always made of.
    if (known) return known as T;
    let sound = true;
    const part = make({
      ...problems,
      add(path, message, at) {
        sound = false;
        problems.add(path, message, at);
      },
    });
    if (!sound) return part;
    if (parts.size >= room) parts.delete(parts.keys().next().value ?? '');
    parts.set(key, part);
    numbers.set(part, made++);
    return part;
  };
}
