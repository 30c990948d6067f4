/** Words of a shell script → the words that a command gets: variables, arrays, defaults, numbers. */
import { arithmetic } from './shell-arithmetic.ts';
import type { Part, WrittenWord } from './shell-syntax.ts';
import { EMPTY, unknownPiece, type Value, type Variables } from './shell-values.ts';
import { isKnown, type Piece, piecesOf, type Source, splitPieces, textOf } from './shell-words.ts';

/** What a script has set so far. */
export interface Scope {
  readonly source: Source;
  variables: Variables;
  /** `$1` …; undefined at the top, where only `--define` knows them. */
  positional: readonly (readonly Piece[])[] | undefined;
  /** `--define`, by name. */
  readonly defines: Readonly<Record<string, string>>;
  /** Names that are taken to be unset: their default counts. */
  readonly defaults: Set<string>;
  /** Names of `--define` that something asked for. */
  readonly asked: Set<string>;
}

type Parameter = Extract<Part, { kind: 'parameter' }>;

/** Collects fields while parts are put in. */
function fieldList() {
  const fields: Piece[][] = [];
  let field: Piece[] | undefined;
  const end = () => {
    if (field) fields.push(field);
    field = undefined;
  };
  const put = (pieces: readonly Piece[]) => {
    field ??= [];
    for (const piece of pieces) field.push(piece);
  };
  return {
    put,
    /** Ends the word at blanks. */
    putSplit(pieces: readonly Piece[]) {
      const { fields: words, opens, closes } = splitPieces(pieces);
      if (opens) end();
      for (const [index, word] of words.entries()) {
        if (index > 0) end();
        put(word);
      }
      if (closes) end();
    },
    /** Each word a field; the first joins what stands before, the last what follows. */
    putWords(words: readonly (readonly Piece[])[]) {
      for (const [index, word] of words.entries()) {
        if (index > 0) end();
        put(word);
      }
    },
    done() {
      end();
      return fields;
    },
  };
}

type Fields = ReturnType<typeof fieldList>;

/** The words that a written one becomes. */
export function expandWord(word: WrittenWord, scope: Scope): readonly (readonly Piece[])[] {
  const fields = fieldList();
  addParts(word.parts, scope, fields, false);
  return fields.done();
}

/** As in an assignment: blanks do not split. */
export function expandText(parts: readonly Part[], scope: Scope): readonly Piece[] {
  return parts.flatMap((part) => [...joined(part, scope)]);
}

function joined(part: Part, scope: Scope): readonly Piece[] {
  const fields = fieldList();
  const quoted = { ...part, quoted: true } as Part;
  addParts([quoted], scope, fields, false);
  const blank: Piece = { text: ' ', offset: scope.source.at(part.start), isComputed: true };
  return fields.done().flatMap((field, index) => (index > 0 ? [blank, ...field] : field));
}

function addParts(parts: readonly Part[], scope: Scope, fields: Fields, splitsText: boolean): void {
  for (const part of parts) {
    if (part.kind === 'text') {
      const pieces = piecesOf(scope.source, part.start, part.end);
      if (splitsText && !part.quoted) fields.putSplit(pieces);
      else fields.put(pieces.length > 0 ? pieces : [{ text: '', offset: scope.source.at(part.start) }]);
    } else if (part.kind === 'parameter') addParameter(part, scope, fields);
    else {
      const pieces = part.kind === 'command' ? substituted(part, scope) : computed(part, scope);
      addPieces(pieces, part.quoted, fields);
    }
  }
}

/** A value without quotes is split; what only the shell knows in it may then be several words. */
function addPieces(pieces: readonly Piece[], quoted: boolean, fields: Fields): void {
  const marked = pieces.map((piece) =>
    piece.unknown ? { ...piece, unknown: { ...piece.unknown, splits: !quoted } } : piece,
  );
  if (quoted) fields.put(marked.length > 0 ? marked : [{ text: '', offset: 0, isComputed: true }]);
  else fields.putSplit(marked);
}

const writtenIn = ({ text }: Source, { start, end }: Part) => text.slice(start, end);

function unknownPart(part: Part, scope: Scope, name: string | undefined): readonly Piece[] {
  const offset = scope.source.at(part.start);
  return [unknownPiece(writtenIn(scope.source, part), offset, { name, splits: !part.quoted })];
}

function computedPiece(text: string, part: Part, scope: Scope): readonly Piece[] {
  return text === '' ? [] : [{ text, offset: scope.source.at(part.start), isComputed: true }];
}

/** A value that `--define` gives. */
function defined(name: string, scope: Scope): string | undefined {
  scope.asked.add(name);
  return Object.hasOwn(scope.defines, name) ? scope.defines[name] : undefined;
}

/** What a parameter holds; undefined if nobody sets it. */
export function lookUp(name: string, scope: Scope, offset: number): Value | undefined {
  const text = defined(name, scope);
  if (text !== undefined) {
    return { kind: 'text', pieces: text === '' ? [] : [{ text, offset, isComputed: true }] };
  }
  const { positional } = scope;
  if (positional) {
    if (name === '@' || name === '*') return { kind: 'list', words: positional };
    if (name === '#') {
      return { kind: 'text', pieces: [{ text: String(positional.length), offset, isComputed: true }] };
    }
    if (/^[1-9]\d?$/.test(name)) return { kind: 'text', pieces: positional[Number(name) - 1] ?? [] };
  }
  return scope.variables.get(name);
}

function addParameter(part: Parameter, scope: Scope, fields: Fields): void {
  const { name, subscript, operator, operand, quoted } = part;
  const value = lookUp(name, scope, scope.source.at(part.start));
  if (part.isLength) {
    addPieces(lengthOf(part, value, scope), quoted, fields);
    return;
  }
  const isEmpty = value === undefined || isEmptyValue(value, operator?.startsWith(':') ?? false);
  if (operator && /^:?[-=+]$/.test(operator)) {
    const isAlternative = operator.endsWith('+');
    if (isEmpty && value === undefined && !/^[@*]$/.test(name)) scope.defaults.add(name);
    if (isEmpty === isAlternative) {
      if (isAlternative) return;
      addValue(value ?? EMPTY, part, scope, fields);
      return;
    }
    if (operator.endsWith('=')) {
      scope.variables.set(name, { kind: 'text', pieces: expandText(operand, scope) });
    }
    addParts(operand, scope, fields, !quoted);
    return;
  }
  if (value === undefined || (operator && !/^:?\?$/.test(operator))) {
    addPieces(unknownPart(part, scope, isNamed(name) ? name : undefined), quoted && !isSplat(part), fields);
    return;
  }
  if (subscript !== undefined && !/^[@*]$/.test(subscript)) {
    const at = arithmetic(subscript, (key) => numberOf(key, scope));
    const word = value.kind === 'list' && at !== undefined ? value.words[at] : undefined;
    addPieces(word ?? unknownPart(part, scope, undefined), quoted, fields);
    return;
  }
  addValue(value, part, scope, fields);
}

const isSplat = ({ name, subscript }: Parameter) => name === '@' || subscript === '@';

/** Names that `--define` can give. */
function isNamed(name: string): boolean {
  return /^(?:[A-Za-z_]\w*|[1-9]\d?|[@*#])$/.test(name);
}

function isEmptyValue(value: Value, countsEmpty: boolean): boolean {
  if (value.kind === 'list') return value.words.length === 0;
  return countsEmpty && isKnown(value.pieces) && textOf(value.pieces) === '';
}

/** What stands between the words of "$*": the first character of IFS. */
function separator({ variables }: Scope): string {
  const ifs = variables.get('IFS');
  return ifs?.kind === 'text' && isKnown(ifs.pieces) ? textOf(ifs.pieces).slice(0, 1) : ' ';
}

function addValue(value: Value, part: Parameter, scope: Scope, fields: Fields): void {
  const { name, subscript, quoted } = part;
  if (value.kind === 'text') {
    // "$@" from --define is split: one option a word; of "${a[@]}" that was read in nobody knows how many words it has.
    const isOpen = (name === '@' && scope.positional === undefined) || !isKnown(value.pieces);
    addPieces(value.pieces, quoted && !(isSplat(part) && isOpen), fields);
    return;
  }
  const isAll = subscript !== undefined || name === '@' || name === '*';
  const words = isAll ? value.words : value.words.slice(0, 1);
  if (!quoted)
    for (const word of words) fields.putSplit([{ text: ' ', offset: 0, isComputed: true }, ...word]);
  else if (isSplat(part)) fields.putWords(words);
  else {
    const between: Piece = { text: separator(scope), offset: scope.source.at(part.start), isComputed: true };
    fields.put(words.flatMap((word, index) => (index > 0 ? [between, ...word] : word)));
  }
}

function lengthOf(part: Parameter, value: Value | undefined, scope: Scope): readonly Piece[] {
  if (value === undefined) return unknownPart(part, scope, undefined);
  const isAll = value.kind === 'list' && part.subscript !== undefined;
  const words = value.kind === 'list' ? value.words : [value.pieces];
  if (!words.every(isKnown)) return unknownPart(part, scope, undefined);
  return computedPiece(String(isAll ? words.length : textOf(words[0] ?? []).length), part, scope);
}

/** The number that a variable holds. */
export function numberOf(name: string, scope: Scope): number | undefined {
  const value = lookUp(name, scope, 0);
  if (value?.kind !== 'text' || !isKnown(value.pieces)) return undefined;
  const text = textOf(value.pieces).trim();
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `$((CPUS * 2))`: names with or without "$", commands that `--define` answers. */
function computed(part: Extract<Part, { kind: 'arithmetic' }>, scope: Scope): readonly Piece[] {
  let missing: string | undefined;
  const number = (name: string) => {
    const value = numberOf(name, scope);
    if (value === undefined) missing ??= name;
    return value;
  };
  const body = scope.source.text.slice(part.body.start, part.body.end);
  const text = body
    .replace(/\$\(([^()]*)\)/g, (whole, command: string) => String(number(command.trim()) ?? whole))
    .replace(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g, '$1$2')
    .replace(/\$\{?([1-9])\}?/g, (whole, digit: string) => String(number(digit) ?? whole));
  const value = arithmetic(text, number);
  return value === undefined ? unknownPart(part, scope, missing) : computedPiece(String(value), part, scope);
}

/** `$(command)`: what it prints is known of a few. */
function substituted(part: Extract<Part, { kind: 'command' }>, scope: Scope): readonly Piece[] {
  const text = scope.source.text.slice(part.body.start, part.body.end).trim();
  const given = defined(text, scope);
  if (given !== undefined) return computedPiece(given, part, scope);
  const numbers = /^seq(?:\s+-s\s*\S+)?\s+(\$?\{?\w+\}?)(?:\s+(\$?\{?\w+\}?))?$/.exec(text);
  if (numbers) {
    const ends = numbers.slice(1).map((end: string | undefined) => end?.replace(/[${}]/g, ''));
    const [one, two] = ends.map((end) =>
      end ? arithmetic(end, (name) => numberOf(name, scope)) : undefined,
    );
    const [first, last] = ends[1] === undefined ? [1, one] : [one, two];
    if (first !== undefined && last !== undefined && last - first < MAX_SEQUENCE) {
      const list = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
      return computedPiece(list.join(' '), part, scope);
    }
  }
  return unknownPart(part, scope, text === '' || /[=\n]/.test(text) ? undefined : text);
}

const MAX_SEQUENCE = 4096;
