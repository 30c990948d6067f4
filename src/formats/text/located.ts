/** An object under construction whose parts know where they were written. */
import { setOwn } from '../../lib/set-own.ts';
import type { Location, Path, RawInput } from '../../machine/locate.ts';

export interface LocatedObject {
  readonly raw: RawInput;
  /**
   * Sets the value at a path; mappings and lists on the way are made, and stand where their first part does.
   * Without a place the value is a default, written nowhere.
   */
  set(path: Path, value: unknown, place?: Location): void;
}

type Container = Record<string | number, unknown>;

/** A part that has a place, and those inside of it. */
interface Placed {
  readonly place: Location | undefined;
  inside?: Map<string | number, Placed>;
}

/** An empty mapping to be filled. */
export function locatedObject(): LocatedObject {
  const root: Container = {};
  const placed: Placed = { place: undefined };

  function note(path: Path, place: Location): void {
    let at = placed;
    for (const key of path) {
      at.inside ??= new Map();
      let next = at.inside.get(key);
      if (!next) {
        next = { place };
        at.inside.set(key, next);
      }
      at = next;
    }
  }

  function locate(path: Path): Location | undefined {
    let at: Placed | undefined = placed;
    for (const key of path) at = at?.inside?.get(key);
    return at?.place;
  }

  return {
    raw: { value: root, locate },
    set(path, value, place) {
      let into = root;
      for (let depth = 0; depth < path.length - 1; depth++) {
        into = container(into, path[depth], typeof path[depth + 1] === 'number');
      }
      setOwn(into, path[path.length - 1], value);
      if (place) note(path, place);
    },
  };
}

function container(parent: Container, key: string | number, isList: boolean): Container {
  const found = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (typeof found === 'object' && found !== null) return found as Container;
  const made = (isList ? [] : {}) as Container;
  setOwn(parent, key, made);
  return made;
}
