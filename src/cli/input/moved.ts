/** Places in a piece of a file as places in the file. */
import { InputError, type Location } from '../../machine/locate.ts';
import type { Suppression } from '../../machine/machine.ts';
import type { MachineSource } from '../../questions/source.ts';

/** A line or another piece, as it stands in its file. */
export interface Piece {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Where it begins in its line, from 1; 1 where it is not said. */
  readonly column?: number;
  readonly bytes: Uint8Array;
}

function moved(location: Location, { file, line, column = 1 }: Piece): Location {
  if (location.file !== file) return location;
  const shift = location.line === 1 ? column - 1 : 0;
  return { ...location, line: location.line + line - 1, column: location.column + shift };
}

/** What was thrown at a piece, as thrown at its file. */
export function movedError(error: unknown, piece: Piece): unknown {
  if (!(error instanceof InputError)) return error;
  const problems = error.problems.map((problem) => ({ ...problem, ...moved(problem, piece) }));
  return new InputError(problems, error.more);
}

function movedSuppression(one: Suppression, piece: Piece): Suppression {
  const { location, comment } = one;
  const there = moved(location, piece);
  const by = there.line - location.line;
  if (!comment?.lines) return { ...one, location: there };
  const [first, last] = comment.lines;
  return { ...one, location: there, comment: { ...comment, lines: [first + by, last + by] } };
}

/** A machine of a piece as one of its file. */
export function movedSource(source: MachineSource, piece: Piece): MachineSource {
  const { file, result } = source;
  // A text inside a record has lines of its own.
  if (file !== piece.file) return source;
  const place = (location: Location | undefined) => location && moved(location, piece);
  const { value, locate } = result.raw;
  return {
    ...source,
    result: {
      ...result,
      raw: { value, locate: (path, at) => place(locate(path, at)) },
      refusals: result.refusals.map((refusal) => ({ ...refusal, location: place(refusal.location) })),
      ...(result.ignored && { ignored: result.ignored.map((one) => movedSuppression(one, piece)) }),
    },
  };
}
