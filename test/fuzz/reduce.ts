/** Makes an input that fails smaller, as long as it fails in the same way. */
import { failureOf, kindOf } from './play.ts';
import type { Target } from './target.ts';

/** Leaves out runs of parts, halves first, until none can be left out or the time is up. */
async function without(
  parts: readonly string[],
  fails: (parts: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let left = parts;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const rest = left.toSpliced(at, size);
      if (rest.length < left.length && (await fails(rest))) left = rest;
      else at += size;
    }
  }
  return left;
}

/** Lines first, then characters. `ms`: how long it may take. */
export async function reduced(
  target: Target,
  input: string,
  seed: number,
  index: number,
  ms = 20_000,
): Promise<string> {
  const kind = kindOf((await failureOf(target, input, seed, index)).error);
  const ends = Date.now() + ms;
  const failsWith = (between: string) => async (parts: readonly string[]) => {
    if (Date.now() > ends) return false;
    const { error } = await failureOf(target, parts.join(between), seed, index);
    return error !== undefined && kindOf(error) === kind;
  };
  const lines = await without(input.split('\n'), failsWith('\n'));
  // Lines of JSON are edits of a tree: a part of one is none.
  if (/^\d+\n\{"path"/.test(input)) return lines.join('\n');
  return (await without([...lines.join('\n')], failsWith(''))).join('');
}
