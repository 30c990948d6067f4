/** Parts of a description, completed once for all of its variants in which they read the same. */
import type { Problems } from '../../../machine/locate.ts';
import type { ShareParts } from '../../../machine/share-parts.ts';
import { createPatience, type Patience } from './patience.ts';

/** What is kept of one kind; the key has the inputs as text. */
interface Shelf {
  readonly parts: Map<string, object>;
  readonly patience: Patience;
}

/** Keeps the last `room` parts of each kind that have no problems. Nobody may change a part. */
export function createSharing(room: number): ShareParts {
  const shelves = new Map<string, Shelf>();
  const numbers = new WeakMap<object, number>();
  let made = 0;
  const text = (input: unknown): string => {
    const number = typeof input === 'object' && input !== null ? numbers.get(input) : undefined;
    return number === undefined ? JSON.stringify(input) : `part ${number}`;
  };
  const shelfOf = (kind: string): Shelf => {
    const shelf = shelves.get(kind) ?? { parts: new Map(), patience: createPatience() };
    shelves.set(kind, shelf);
    return shelf;
  };
  return <T extends object>(
    kind: string,
    inputs: readonly unknown[],
    problems: Problems,
    make: (problems: Problems) => T,
  ): T => {
    const { parts, patience } = shelfOf(kind);
    const key = inputs.map(text).join('\n');
    const known = parts.get(key);
    if (known) {
      patience.found();
      // A kind is always of the same type.
      return known as T;
    }
    let sound = true;
    const part = make({
      ...problems,
      add(path, message, at) {
        sound = false;
        problems.add(path, message, at);
      },
    });
    numbers.set(part, made++);
    if (sound && patience.missed()) {
      if (parts.size >= room) parts.delete(parts.keys().next().value ?? '');
      parts.set(key, part);
    }
    return part;
  };
}
