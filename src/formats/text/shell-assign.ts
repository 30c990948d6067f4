/** Commands of a shell script that set variables. */
import { expandText, expandWord, lookUp, type Scope } from './shell-expand.ts';
import type { Assignment } from './shell-syntax.ts';
import { EMPTY, unknownPiece, type Value } from './shell-values.ts';
import { type Piece, textOf } from './shell-words.ts';
import { TextError } from './text.ts';

/** Longest value: characters, or words of an array. */
const MAX_VALUE = 2 ** 20;

/** Names whose values come from outside: nothing sets them any more. */
export function forgets(fields: readonly (readonly Piece[])[], scope: Scope): void {
  for (const field of fields.slice(1)) {
    const name = textOf(field);
    if (/^[A-Za-z_]\w*$/.test(name)) {
      const offset = field[0]?.offset ?? 0;
      const unknown = unknownPiece(`$${name}`, offset, { name, splits: true });
      scope.variables.set(name, { kind: 'text', pieces: [unknown] });
    }
  }
}

/** Sets a variable as a script does. Throws TextError for a value beyond all measure. */
export function assign({ name, appends, value, list }: Assignment, scope: Scope): void {
  // A="$A x" where nothing sets A: it begins empty.
  const names = value?.parts.some((part) => part.kind === 'parameter' && part.name === name) ?? false;
  if (names && lookUp(name, scope, 0) === undefined) {
    scope.defaults.add(name);
    scope.variables.set(name, EMPTY);
  }
  const before = appends ? (scope.variables.get(name) ?? EMPTY) : EMPTY;
  const given: Value = list
    ? { kind: 'list', words: list.flatMap((word) => expandWord(word, scope)) }
    : { kind: 'text', pieces: value ? expandText(value.parts, scope) : [] };
  const set = appends ? appended(before, given) : given;
  const length =
    set.kind === 'list' ? set.words.length : set.pieces.reduce((sum, { text }) => sum + text.length, 0);
  if (length > MAX_VALUE || (set.kind === 'text' && set.pieces.length > MAX_VALUE / 8)) {
    throw new TextError(scope.source.at(value?.start ?? 0), `the value of ${name} is too long`);
  }
  scope.variables.set(name, set);
}

function appended(before: Value, given: Value): Value {
  if (before.kind === 'list' || given.kind === 'list') {
    const words = (value: Value) =>
      value.kind === 'list' ? value.words : value.pieces.length > 0 ? [value.pieces] : [];
    return { kind: 'list', words: [...words(before), ...words(given)] };
  }
  return { kind: 'text', pieces: [...before.pieces, ...given.pieces] };
}

/** The name that an arithmetic command changes, as a word. */
export function changedName(text: string, offset: number): readonly Piece[] {
  const name = /^\s*([A-Za-z_]\w*)\s*(?:[-+*/%]?=|\+\+|--)/.exec(text)?.[1];
  return name === undefined ? [] : [{ text: name, offset }];
}
