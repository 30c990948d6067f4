/** The nearest known word to a misspelt one. */

/** Words longer than this are not compared: nobody misspells a key that long. */
const MAX_LENGTH = 40;
/** Longer lists of known words are cut to the first few: nobody reads a hundred rules. */
const MAX_LISTED = 40;
const SHOWN = 8;

/** Edits (insert, delete, replace, swap neighbours) that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2] + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/** Case, `-` and `_` do not count as differences. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** The known word nearest to `word`, or undefined if none is near (a third of its letters may differ). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const folded = fold(word);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(folded.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(folded, fold(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ', did you mean "queues"?', or '; known keys: a, b' (with `plural` = 'keys') when nothing is near. A long list is cut. */
export function suggestion(word: string, known: readonly string[], plural: string): string {
  const near = nearest(word, known);
  if (near !== undefined) return `, did you mean "${near}"?`;
  if (known.length === 0) return '';
  const rest = known.length > MAX_LISTED ? `, and ${known.length - SHOWN} more` : '';
  return `; known ${plural}: ${known.slice(0, rest === '' ? undefined : SHOWN).join(', ')}${rest}`;
}
