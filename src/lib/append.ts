/**
 * Adds to the end of a list. `push(...more)` hands each element over as an argument, of which V8's stack holds about a
 * hundred thousand: less than a text of a megabyte can have words.
 */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const one of more) list.push(one);
}
