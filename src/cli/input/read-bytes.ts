/** Reads a file, a pipe or standard input up to a limit: what never ends is refused, not swallowed. */
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs';

/** The process's own standard input. */
const STDIN = 0;
/** The open file that "-" stands for. */
let standardInput = STDIN;

/** Says which open file "-" stands for from now on; runs in one process follow each other, as its folder is one. */
export function takeStandardInput(file: number | undefined): void {
  standardInput = file ?? STDIN;
}

/** Standard input as a stream. */
export const standardInputStream = (): NodeJS.ReadStream | ReturnType<typeof createReadStream> =>
  standardInput === STDIN ? process.stdin : createReadStream('', { fd: standardInput, autoClose: false });

/** Where each piece is read to first: a batch reads small files by the thousand. */
const chunk = Buffer.allocUnsafeSlow(64 * 1024);
/** How long to wait, in ms, when a pipe or a non-blocking standard input has nothing yet. */
const PAUSE = 5;
/** How long, in ms, a named pipe may be without anybody who writes into it. */
const WRITER_MS = 5000;

const pause = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);

/** Bytes read into the chunk; 0 at the end. `isFirst`: nothing was read before. */
function readChunk(file: number, isFirst: boolean): number {
  const ends = isFirst ? Date.now() + WRITER_MS : 0;
  for (;;) {
    try {
      const read = readSync(file, chunk);
      // A named pipe that nobody has opened for writing yet is at its end, too.
      if (read > 0 || !isFirst || file === standardInput || Date.now() > ends || !fstatSync(file).isFIFO())
        return read;
    } catch (error) {
      const isEmptyYet = (error as NodeJS.ErrnoException).code === 'EAGAIN';
      if (!isEmptyYet || (file !== standardInput && !fstatSync(file).isFIFO())) throw error;
    }
    pause();
  }
}

/**
 * The bytes of `path` ("-": standard input) as they come, each piece a copy. A pipe without a writer and a device that
 * has nothing do not stop it: they end it. Throws the system's errors.
 */
export function* piecesOf(path: string): Generator<Buffer> {
  const file = path === '-' ? standardInput : openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    let isFirst = true;
    for (let read = readChunk(file, isFirst); read > 0; read = readChunk(file, isFirst)) {
      isFirst = false;
      yield Buffer.from(chunk.subarray(0, read));
    }
  } finally {
    if (path !== '-') closeSync(file);
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
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}
