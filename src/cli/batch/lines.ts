/** Splits a stream into lines as they arrive; memory is bounded whatever the stream holds. */
import { createHash, type Hash } from 'node:crypto';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end. A view that is valid until the next lines are asked for; null: longer than the limit. */
  readonly bytes: Buffer | null;
  /** Of a line that is too long, for which there is nothing else to hash. */
  readonly sha256?: string;
}

/** The beginning of a line whose end has not come yet. */
interface Begun {
  parts: Buffer[];
  length: number;
  /** Set once the line is too long: then it is hashed only. */
  hash: Hash | null;
}

const nothing = (): Begun => ({ parts: [], length: 0, hash: null });

function addTo(begun: Begun, bytes: Buffer, max: number): void {
  if (bytes.length === 0) return;
  begun.length += bytes.length;
  if (begun.hash) begun.hash.update(bytes);
  else {
    begun.parts.push(bytes);
    if (begun.length <= max) return;
    begun.hash = createHash('sha256');
    for (const part of begun.parts) begun.hash.update(part);
    begun.parts = [];
  }
}

function finished({ parts, hash }: Begun, number: number): Line {
  if (hash) return { number, bytes: null, sha256: hash.digest('hex') };
  return { number, bytes: parts.length === 1 ? parts[0] : Buffer.concat(parts) };
}

export interface LineOptions {
  /** The byte that ends a line. */
  readonly end: number;
  /** Bytes of a line that are kept at most. */
  readonly max: number;
}

/**
 * The lines of a stream, in groups: all that end in one piece of data. The last line needs no end. Throws the
 * stream's errors.
 */
export async function* linesOf(
  stream: AsyncIterable<Buffer> | Iterable<Buffer>,
  { end, max }: LineOptions,
): AsyncGenerator<readonly Line[]> {
  let begun = nothing();
  let number = 0;
  for await (const bytes of stream) {
    const lines: Line[] = [];
    let from = 0;
    for (let to = bytes.indexOf(end); to >= 0; to = bytes.indexOf(end, from)) {
      if (begun.length === 0 && to - from <= max)
        lines.push({ number: ++number, bytes: bytes.subarray(from, to) });
      else {
        addTo(begun, bytes.subarray(from, to), max);
        lines.push(finished(begun, ++number));
        begun = nothing();
      }
      from = to + 1;
    }
    addTo(begun, bytes.subarray(from), max);
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [finished(begun, ++number)];
}
