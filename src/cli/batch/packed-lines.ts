/**
 * Items as a message has them: lines of a file that follow each other are one object with all of their bytes. A message
 * of many small objects costs both threads more than what is in them.
 */
import type { Item, LineItem } from './item.ts';

/** Lines of one file: number, index, and where the bytes end, of each. */
interface PackedLines {
  readonly kind: 'lines';
  readonly file: string;
  readonly numbers: readonly number[];
  readonly indexes: readonly number[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array;
}

export type Packed = Exclude<Item, LineItem> | PackedLines;

function packedLines(lines: readonly LineItem[]): PackedLines {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.bytes.length, 0));
  let end = 0;
  const ends = lines.map((line) => {
    bytes.set(line.bytes, end);
    end += line.bytes.length;
    return end;
  });
  return {
    kind: 'lines',
    file: lines[0].file,
    numbers: lines.map(({ line }) => line),
    indexes: lines.map(({ index }) => index),
    ends,
    bytes,
  };
}

/** What unpacks to the same items, in their order. */
export function pack(items: readonly Item[]): readonly Packed[] {
  const packed: Packed[] = [];
  let lines: LineItem[] = [];
  const end = () => {
    if (lines.length > 0) packed.push(packedLines(lines));
    lines = [];
  };
  for (const item of items) {
    const isLine = item.kind === 'line';
    if (!isLine || item.file !== lines[0]?.file) end();
    if (isLine) lines.push(item);
    else packed.push(item);
  }
  end();
  return packed;
}

/** The name of a line until its record gives it another. */
export const idOfLine = (file: string, number: number): string => `${file}:${number}`;

function* linesOf({ file, numbers, indexes, ends, bytes }: PackedLines): Generator<LineItem> {
  let start = 0;
  for (const [n, line] of numbers.entries()) {
    const end = ends[n];
    yield {
      kind: 'line',
      id: idOfLine(file, line),
      index: indexes[n],
      file,
      line,
      bytes: bytes.subarray(start, end),
    };
    start = end;
  }
}

/** The items; the bytes of lines lie in one buffer. */
export function* unpack(packed: Iterable<Packed>): Generator<Item> {
  for (const one of packed) {
    if (one.kind === 'lines') yield* linesOf(one);
    else yield one;
  }
}
