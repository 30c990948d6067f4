/** Places in a text: of irqsim (lines end with a newline, columns from 1) and of the protocol (UTF-16, any line end). */
import type { Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lastAtMost } from '../formats/text/text.ts';
import type { Location } from '../machine/locate.ts';

const BOM = '\ufeff';

/** Translates places of one text. */
export interface Places {
  readonly document: TextDocument;
  /** Offset of a line and column; the nearest there is for what is not in the text. */
  readonly offsetOf: (place: Pick<Location, 'line' | 'column'>) => number;
  readonly range: (start: number, end: number) => Range;
  /** The word that begins at a place, or the place itself where none does. */
  readonly word: (place: Pick<Location, 'line' | 'column'>) => Range;
  /** From a place to the end of what is written on its line. */
  readonly line: (place: Pick<Location, 'line' | 'column'>) => Range;
}

/** A tag's name, a quoted text, a mapping or list on one line, or what stands between blanks and signs. */
const WORD = /[{[](?:[^{}[\]\n]*[}\]])?|<\/?[\w:.-]+|"[^"\n]*"|'[^'\n]*'|[^\s,{}[\]<>"']+/y;

export function placesOf(uri: string, version: number, text: string): Places {
  const document = TextDocument.create(uri, '', version, text);
  // Readers leave a byte order mark out before they count.
  const skipped = text.startsWith(BOM) ? 1 : 0;
  let starts: number[] | undefined;
  const offsetOf: Places['offsetOf'] = ({ line, column }) => {
    starts ??= lineStarts(text);
    const at = Math.min(Math.max(line, 1), starts.length) - 1;
    const end = starts[at + 1] ?? text.length + 1;
    return Math.min(starts[at] + column - 1 + (at === 0 ? skipped : 0), end - 1);
  };
  const range = (start: number, end: number): Range => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  return {
    document,
    offsetOf,
    range,
    word(place) {
      const start = offsetOf(place);
      WORD.lastIndex = start;
      return range(start, start + (WORD.exec(text)?.[0].length ?? 0));
    },
    line(place) {
      const start = offsetOf(place);
      const newline = text.indexOf('\n', start);
      return range(start, start + text.slice(start, newline < 0 ? text.length : newline).trimEnd().length);
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line, from 0, that an offset is on as the readers count lines. */
export function lineOf(text: string, offset: number): number {
  return lastAtMost(lineStarts(text), offset);
}

/** The URI of a file that a message names; `folder` is the URI that relative names start from. */
export function uriOf(file: string, folder: string): string {
  const path = file
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('/') ? `file://${path}` : new URL(path, `${folder}/`).href;
}
