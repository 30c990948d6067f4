/** Places in a text: what readers report errors with. */
import { grouped, LIMITS } from '../../machine/limits.ts';
import { InputError, inputError, type Location, type Path, type RawInput } from '../../machine/locate.ts';

/** Syntax errors listed; one mistake tends to cause several. */
const MAX_SYNTAX_ERRORS = 5;

/** A value with the offsets of its parts in the text. */
export interface ReadText {
  readonly value: unknown;
  /** Offset of the value at a path, or of the key that leads to it. */
  offset(path: Path, at?: 'key' | 'value'): number | undefined;
}

/** The text is not what it should be, at an offset. Only inside the readers: outside it is an InputError. */
export class TextError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Offset → file, line and column (from 1). Line starts are looked up once, at the first use. */
export function textPositions(text: string, file: string): (offset: number) => Location {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const line = lastAtMost(starts, offset);
    return { file, line: line + 1, column: offset - starts[line] + 1 };
  };
}

/** Index of the last of the rising numbers that is `limit` or less. */
export function lastAtMost(rising: readonly number[], limit: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rising[middle] <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The text without a byte order mark. Throws InputError for text that is empty, too long or binary. */
export function cleanText(raw: string, file: string): string {
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw;
  if (text.length > LIMITS.textBytes) {
    const limit = LIMITS.textBytes / 1024 / 1024;
    throw inputError(file, `the text is ${grouped(text.length)} bytes long; the limit is ${limit} MiB`);
  }
  if (text.trim() === '') throw inputError(file, 'the file is empty');
  // Control characters, and what decoding puts in place of bytes that are no UTF-8.
  const binary = text.search(/[^\t\n\r -\ufffc\ufffe\uffff]/);
  if (binary < 0) return text;
  const { line, column } = textPositions(text, file)(binary);
  throw inputError(file, 'the file looks binary: it is not UTF-8 text', line, column);
}

/** What a parser threw, as an InputError with the places of its TextErrors; anything else as it is. */
export function asInputError(error: unknown, place: (offset: number) => Location): unknown {
  const errors: unknown[] = Array.isArray(error) ? error : [error];
  const problems = errors.flatMap((one) =>
    one instanceof TextError ? [{ ...place(one.offset), message: one.message }] : [],
  );
  if (problems.length < errors.length) return error;
  return new InputError(
    problems.slice(0, MAX_SYNTAX_ERRORS),
    Math.max(0, problems.length - MAX_SYNTAX_ERRORS),
  );
}

/** Runs a parser of `text`; what it throws as TextError becomes an InputError about `file`. */
export async function parsed<T>(text: string, file: string, parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    throw asInputError(error, textPositions(text, file));
  }
}

/** The places of a parsed text, for `RawInput`. */
export function rawInput(read: ReadText, text: string, file: string): RawInput {
  const place = textPositions(text, file);
  return {
    value: read.value,
    locate(path, at) {
      const offset = read.offset(path, at);
      return offset === undefined ? undefined : place(offset);
    },
  };
}

/** What goes wrong in a part of a text, which begins at `start`, goes wrong at its place in the whole. */
export function within<T>(start: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextError) throw new TextError(start + error.offset, error.message);
    throw error;
  }
}
