/** Batch files of Windows: `set`, `%NAME%`, "^" at line ends, `rem`. */
import { append } from '../../lib/append.ts';
import type { RunCommand } from './shell-result.ts';
import { type Piece, unknownInBatch, type Word, wordOf } from './shell-words.ts';

/** True for a text that cmd.exe would read rather than a shell. */
export function looksLikeBatch(text: string): boolean {
  return (
    /^[ \t]*@?echo off\b/im.test(text) ||
    /\.exe["']?[^\n]*\^[ \t]*\r?$/im.test(text) ||
    /^[ \t]*rem\s/im.test(text)
  );
}

/** A line with the offset of each of its characters. */
interface Line {
  readonly pieces: readonly Piece[];
}

/** The commands of a batch file; `defines` are the user's, and count before `set`. */
export function runBatch(
  text: string,
  defines: Readonly<Record<string, string>> = {},
): readonly RunCommand[] {
  const variables = new Map<string, readonly Piece[]>();
  for (const [name, value] of Object.entries(defines)) {
    variables.set(name.toUpperCase(), [{ text: value, offset: 0, isComputed: true }]);
  }
  const commands: RunCommand[] = [];
  for (const { pieces } of logicalLines(text)) {
    const line = pieces.map((piece) => piece.text).join('');
    if (/^\s*@?(?:rem\b|::|:\w)/i.test(line)) continue;
    const set = /^\s*@?set\s+(?:\/[ap]\s+)?("?)([\w.-]+)=(.*?)\1\s*$/i.exec(line);
    if (set) {
      const [, quote, name, value] = set;
      if (Object.hasOwn(defines, name) || /^\s*@?set\s+\/p/i.test(line)) continue;
      const start = line.lastIndexOf(`${quote}${name}=`) + quote.length + name.length + 1;
      variables.set(name.toUpperCase(), expand(slicePieces(pieces, start, start + value.length), variables));
      continue;
    }
    const words = wordsOf(expand(pieces, variables));
    if (words.length > 0) commands.push({ words, endsLine: true });
  }
  return commands;
}

/** Lines, those that end in "^" joined with the next. */
function logicalLines(text: string): Line[] {
  const lines: Line[] = [];
  let pieces: Piece[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const continued = /\^[ \t]*\r?$/.exec(line);
    const body = continued ? line.slice(0, continued.index) : line.replace(/\r$/, '');
    if (body !== '') pieces.push({ text: continued ? `${body} ` : body, offset });
    if (!continued) {
      lines.push({ pieces });
      pieces = [];
    }
    offset += line.length + 1;
  }
  lines.push({ pieces });
  return lines;
}

function slicePieces(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, start - at);
    const to = Math.min(piece.text.length, end - at);
    if (from < to) {
      found.push({
        ...piece,
        text: piece.text.slice(from, to),
        offset: piece.isComputed ? piece.offset : piece.offset + from,
      });
    }
    at += piece.text.length;
  }
  return found;
}

/** `%NAME%`, `%1`, `%*`; what nothing sets stays, and is not known. */
function expand(
  pieces: readonly Piece[],
  variables: ReadonlyMap<string, readonly Piece[]>,
): readonly Piece[] {
  const text = pieces.map((piece) => piece.text).join('');
  const expanded: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(/%(?:~?([1-9*])|([\w.-]+)%)/g)) {
    append(expanded, slicePieces(pieces, at, found.index));
    const name = found[1] ?? found[2];
    const value = variables.get(name.toUpperCase());
    const [place] = slicePieces(pieces, found.index, found.index + 1);
    append(expanded, value ?? [unknownInBatch(found[0], place.offset, name)]);
    at = found.index + found[0].length;
  }
  return [...expanded, ...slicePieces(pieces, at, text.length)];
}

/** Blanks split outside of double quotes; "^" takes the meaning from the next character. */
function wordsOf(pieces: readonly Piece[]): Word[] {
  const words: Word[] = [];
  let word: Piece[] | undefined;
  let isQuoted = false;
  const end = () => {
    if (word) words.push(wordOf(word));
    word = undefined;
  };
  for (const piece of pieces) {
    if (piece.unknown) {
      word = [...(word ?? []), piece];
      continue;
    }
    for (const { 0: text, index } of piece.text.matchAll(/\s+|"|\^[\s\S]?|[^\s"^]+/g)) {
      const offset = piece.isComputed ? piece.offset : piece.offset + index;
      if (text === '"') {
        isQuoted = !isQuoted;
        word ??= [];
      } else if (/^\s/.test(text) && !isQuoted) end();
      else if (text[0] === '^' && !isQuoted)
        word = [...(word ?? []), { ...piece, text: text.slice(1), offset: offset + 1 }];
      else word = [...(word ?? []), { ...piece, text, offset }];
    }
  }
  end();
  return words.filter(({ text }) => text !== '');
}
