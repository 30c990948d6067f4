/** Text broken into lines. Pure. */
import { visible } from '../../../lib/visible.ts';

/** Breaks a text, made visible, at blanks so that lines fit `width`; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** The columns of the longest word of a text, which no wrapping makes shorter. */
export const longestWord = (text: string): number =>
  visible(text)
    .split(' ')
    .reduce((most, { length }) => Math.max(most, length), 0);

/** A piece of a line: its text, and the same as it is shown, with colours. */
export interface LinePiece {
  readonly plain: string;
  readonly shown: string;
}

/** Pieces, put on lines that fit `width` with `between` them; one that is longer is broken like a text, without colours. */
export function wrapPieces(pieces: readonly LinePiece[], between: string, width: number): string[] {
  const lines: LinePiece[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.plain.length + between.length + piece.plain.length <= width) {
      lines[lines.length - 1] = {
        plain: last.plain + between + piece.plain,
        shown: last.shown + between + piece.shown,
      };
    } else lines.push(piece);
  }
  return lines.flatMap(({ plain, shown }) => (plain.length > width ? wrap(plain, width) : [shown]));
}
