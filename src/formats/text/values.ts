/** Plain values (what YAML and JSON hold) by path: looked up, changed in a copy, compared. */
import type { Path } from '../../machine/locate.ts';

/** What has values by name. */
export type Mapping = Readonly<Record<string | number, unknown>>;

/** Neither a list nor a single value. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Mapping)[step] : undefined,
    value,
  );
}

/** A value as it stands at the end of a path: mappings, and lists where a step is a number, around it. */
export function wrapped(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inside, step) => (typeof step === 'number' ? [inside] : { [step]: inside }),
    value,
  );
}

/** A copy with another value at a path; undefined takes the key out. */
export function withValue(target: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  if (Array.isArray(target)) {
    const list = [...target];
    if (rest.length === 0 && value === undefined) list.splice(Number(step), 1);
    else list[Number(step)] = withValue(list[Number(step)], rest, value);
    return list;
  }
  if (!isMapping(target)) return wrapped(path, value);
  const { [step]: old, ...others } = target;
  if (rest.length === 0 && value === undefined) return others;
  return { ...others, [step]: withValue(old, rest, value) };
}

/** Paths at which two values differ; what is missing on one side counts as an empty mapping or list. */
export function differences(one: unknown, other: unknown, path: Path = []): Path[] {
  if (Object.is(one, other)) return [];
  const parts = [one, other].filter((value) => value !== undefined);
  const keys = parts.every(Array.isArray)
    ? Array.from({ length: Math.max(...parts.map((list) => list.length)) }, (_, index) => index)
    : parts.every(isMapping)
      ? [...new Set(parts.flatMap((mapping) => Object.keys(mapping)))]
      : undefined;
  // An empty mapping is not the same as nothing.
  if (keys === undefined || (keys.length === 0 && parts.length === 1)) return [path];
  return keys.flatMap((key) => differences(valueAt(one, [key]), valueAt(other, [key]), [...path, key]));
}

/** True if two values are equal; the order of keys does not count. */
export function sameValue(one: unknown, other: unknown): boolean {
  return differences(one, other).length === 0;
}

/** Whether a path lies at or below another. */
export function isBelow(path: Path, top: Path): boolean {
  return top.length <= path.length && top.every((step, index) => path[index] === step);
}
