/** Patterns as arguments: for shells that leave them alone, and for more paths than a command line can hold. */
import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import { globMatches, globProblem } from '../../findings/triage/glob.ts';
import { UsageError } from '../io.ts';
import { statOf } from './walk.ts';

/** Characters that make a pattern of an argument that is no file. */
const SIGNS = /[*?[\]{}]/;

function isPattern(input: string): boolean {
  return SIGNS.test(input) && statOf(input) === undefined;
}

/** Entries of a directory; one that cannot be read has none that match. */
function namesIn(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * What matches below `base`, which is empty or ends with a slash. A directory that matches stands for all that is in
 * it, so nothing is looked for there. Hidden names match nothing.
 */
function matching(pattern: string, base: string): string[] {
  const deepest = pattern.includes('**') ? Number.POSITIVE_INFINITY : pattern.split('/').length;
  const found: string[] = [];
  const look = (inside: string, depth: number) => {
    for (const entry of namesIn(`${base}${inside}` || '.')) {
      if (entry.name.startsWith('.')) continue;
      const path = `${inside}${entry.name}`;
      if (globMatches(pattern, path)) found.push(`${base}${path}`);
      else if (entry.isDirectory() && depth < deepest) look(`${path}/`, depth + 1);
    }
  };
  look('', 1);
  return found.sort();
}

function expand(input: string, output: string | undefined): string[] {
  const base = input.slice(0, input.lastIndexOf('/', input.search(SIGNS)) + 1);
  const pattern = input.slice(base.length);
  if (globProblem(pattern))
    throw new UsageError(`${input}: no such file; a pattern may have *, **, ? and {a,b}`);
  if (output !== undefined && globMatches(pattern, relative(base, output)))
    throw new UsageError(`-o ${output} matches ${input}, which is read as input: write it elsewhere`);
  const found = matching(pattern, base);
  if (found.length === 0) throw new UsageError(`${input}: nothing matches this pattern`);
  return found;
}

/**
 * The paths that arguments stand for, those of a pattern sorted. Throws UsageError for one that nothing matches, or
 * that matches `output`, there or not yet.
 */
export function expandPatterns(inputs: readonly string[], output?: string): readonly string[] {
  return inputs.flatMap((input) => (isPattern(input) ? expand(input, output) : [input]));
}
