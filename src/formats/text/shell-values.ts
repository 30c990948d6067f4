/** Variables of a shell script, and what becomes of them where nobody knows which branch is taken. */
import { isKnown, type Piece, splitPieces, textOf, type Unknown, type Word, wordOf } from './shell-words.ts';

/** A plain value, or the words of an array. */
export type Value =
  | { readonly kind: 'text'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly words: readonly (readonly Piece[])[] };

export type Variables = Map<string, Value>;

export const EMPTY: Value = { kind: 'text', pieces: [] };

/** The words of a value: a plain one is split as an expansion without quotes is. */
function wordsOf(value: Value): readonly (readonly Piece[])[] {
  return value.kind === 'list' ? value.words : splitPieces(value.pieces).fields;
}

/** What is only unknown in a value. */
export function unknownPiece(written: string, offset: number, unknown: Omit<Unknown, 'written'>): Piece {
  return { text: written, offset, unknown: { written, ...unknown } };
}

function sameWord(one: readonly Piece[] | undefined, other: readonly Piece[] | undefined): boolean {
  return one !== undefined && other !== undefined && textOf(one) === textOf(other);
}

const toWords = (words: readonly (readonly Piece[])[]): Word[] =>
  words.filter((pieces) => pieces.length > 0).map(wordOf);

/** What a variable holds behind branches of which nobody knows which was taken: what they begin with in common. */
function eitherOf(name: string, values: readonly Value[]): Value {
  const lists = values.map(wordsOf);
  const shortest = Math.min(...lists.map((list) => list.length));
  let common = 0;
  while (common < shortest && lists.every((list) => sameWord(list[common], lists[0][common]))) common++;
  if (lists.every((list) => list.length === common)) return values[0];
  const rests = lists.map((list) => list.slice(common));
  const longest = rests.reduce((found, rest) => (rest.length > found.length ? rest : found));
  const isComplete = rests.every((rest) => rest.every(isKnown));
  const gap = unknownPiece(`$${name}`, longest[0][0]?.offset ?? 0, {
    name,
    splits: true,
    choices: isComplete ? rests.map(toWords) : undefined,
  });
  const start = lists[0].slice(0, common);
  if (values.some(({ kind }) => kind === 'list')) return { kind: 'list', words: [...start, [gap]] };
  const blank: Piece = { text: ' ', offset: gap.offset, isComputed: true };
  return { kind: 'text', pieces: [...start.flatMap((word) => [...word, blank]), gap] };
}

/** The variables behind branches, each with those it left; names that only some set count as empty in the others. */
export function mergeVariables(branches: readonly Variables[]): Variables {
  if (branches.length === 1) return branches[0];
  const merged: Variables = new Map();
  for (const name of new Set(branches.flatMap((branch) => [...branch.keys()]))) {
    const values = branches.map((branch) => branch.get(name) ?? EMPTY);
    const isSame = values.every((value) => value === values[0]);
    merged.set(name, isSame ? values[0] : eitherOf(name, values));
  }
  return merged;
}
