/** Reads a file, a pipe or standard input up to a limit: what never ends is refused, not swallowed. */
import { closeSync, openSync, readSync } from 'node:fs';

const STDIN = 0;
const CHUNK = 64 * 1024;
/** How long to wait, in ms, when a non-blocking standard input has nothing yet. */
const PAUSE = 5;

function readChunk(file: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(file, chunk);
    } catch (error) {
      if (file !== STDIN || (error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** All bytes of `path` ("-": standard input), or null if there are more than `max`. Throws the system's errors. */
export function readBounded(path: string, max: number): Uint8Array | null {
  const file = path === '-' ? STDIN : openSync(path, 'r');
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readChunk(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      total += read;
      if (total > max) return null;
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    if (file !== STDIN) closeSync(file);
  }
}
