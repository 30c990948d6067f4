/** Words of a command line that know where each of their characters was written. */
import { lastAtMost } from './text.ts';

export interface Word {
  /** Without quotes and escapes. */
  readonly text: string;
  /** Offset in the source of the character with this index into `text`. */
  readonly at: (index: number) => number;
  /** Expansions that only the shell knows; they stand in `text` as they are written. */
  readonly unknowns?: readonly Unknown[];
}

/** An expansion whose value the text does not hold. */
export interface Unknown {
  /** As it is written: "$X", "$(nproc)". */
  readonly written: string;
  /** What `--define` calls it: "X", "nproc"; undefined for what cannot be supplied that way. */
  readonly name: string | undefined;
  /** True if it may become several words, or none. */
  readonly splits: boolean;
  /** The words that it may be, where branches that nobody can decide leave only those; undefined: any. */
  readonly choices?: readonly (readonly Word[])[] | undefined;
}

/** Characters that stand together in the source; an unknown piece stands there as `text` has it. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
  /** Computed: all of it stands for what is written at `offset`. */
  readonly isComputed?: boolean;
  readonly unknown?: Unknown;
}

/** Text in which commands are looked for: a file, or a word that `eval` reads. */
export type Source = Pick<Word, 'text' | 'at'>;

/** A file as a source. */
export function sourceOf(text: string): Source {
  return { text, at: (index) => index };
}

/** Part of a source as pieces. */
export function piecesOf({ text, at }: Source, start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  for (let from = start; from < end; ) {
    const offset = at(from);
    let to = from + 1;
    if (at(end - 1) - offset === end - 1 - from) to = end;
    else while (to < end && at(to) - offset === to - from) to++;
    pieces.push({ text: text.slice(from, to), offset });
    from = to;
  }
  return pieces;
}

/** One word of pieces, at least one. */
export function wordOf(pieces: readonly Piece[]): Word {
  const unknowns = pieces.flatMap(({ unknown }) => (unknown ? [unknown] : []));
  const known = unknowns.length > 0 ? { unknowns } : {};
  const place = (piece: Piece, index: number) => piece.offset + (piece.isComputed ? 0 : index);
  if (pieces.length === 1) return { text: pieces[0].text, at: (index) => place(pieces[0], index), ...known };
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  return {
    text: pieces.map((piece) => piece.text).join(''),
    at(index) {
      const found = lastAtMost(starts, index);
      return place(pieces[found], index - starts[found]);
    },
    ...known,
  };
}

/** The text of pieces. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

/** True if nothing in the pieces is left to the shell. */
export function isKnown(pieces: readonly Piece[]): boolean {
  return pieces.every(({ unknown }) => unknown === undefined);
}

/** Pieces split at blanks, as the shell splits an expansion: leading and trailing blanks end words too. */
export function splitPieces(pieces: readonly Piece[]): {
  fields: Piece[][];
  opens: boolean;
  closes: boolean;
} {
  const fields: Piece[][] = [];
  let field: Piece[] = [];
  const end = () => {
    if (field.length > 0) fields.push(field);
    field = [];
  };
  for (const piece of pieces) {
    if (piece.unknown) {
      field.push(piece);
      continue;
    }
    for (const { 0: text, index } of piece.text.matchAll(/\s+|\S+/g)) {
      if (/^\s/.test(text)) end();
      else field.push(piece.isComputed ? { ...piece, text } : { text, offset: piece.offset + index });
    }
  }
  end();
  const text = textOf(pieces);
  return { fields, opens: /^\s/.test(text), closes: /\s$/.test(text) };
}

/** A `%NAME%` that nothing sets: cmd.exe splits it like everything else. */
export function unknownInBatch(written: string, offset: number, name: string): Piece {
  return { text: written, offset, isComputed: true, unknown: { written, name, splits: true } };
}
