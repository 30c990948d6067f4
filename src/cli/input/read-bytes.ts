/** Reads a file, a pipe or standard input up to a limit: what never ends is refused, not swallowed. */
import { closeSync, openSync, readSync } from 'node:fs';

const STDIN = 0;
/** Where each piece is read to first: a batch reads small files by the thousand. */
const chunk = Buffer.allocUnsafeSlow(64 * 1024);
/** How long to wait, in ms, when a non-blocking standard input has nothing yet. */
const PAUSE = 5;

function readChunk(file: number): number {
  for (;;) {
    try {
      return readSync(file, chunk);
    } catch (error) {
      if (file !== STDIN || (error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** The bytes of `path` ("-": standard input) as they come, each piece a copy. Throws the system's errors. */
export function* piecesOf(path: string): Generator<Buffer> {
  const file = path === '-' ? STDIN : openSync(path, 'r');
  try {
    for (let read = readChunk(file); read > 0; read = readChunk(file))
      yield Buffer.from(chunk.subarray(0, read));
  } finally {
    if (file !== STDIN) closeSync(file);
  }
}

/** All bytes of `path` ("-": standard input), or null if there are more than `max`. Throws the system's errors. */
export function readBounded(path: string, max: number): Uint8Array | null {
  const pieces: Buffer[] = [];
  let total = 0;
  for (const piece of piecesOf(path)) {
    total += piece.length;
    if (total > max) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
