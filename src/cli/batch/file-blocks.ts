/** Reads files that stay closed in between: a merge has more of them than a process may have open. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { describeFailure } from '../input/input.ts';
import { UsageError } from '../io.ts';

/** Bytes that are read at once; a merge holds so many of every shard. */
const BLOCK = 32 * 1024;

function reading<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`${path}: ${describeFailure(error)}`);
    throw error;
  }
}

/** Bytes of a file. Throws UsageError if it cannot be read. */
export function sizeOf(path: string): number {
  return reading(path, () => statSync(path).size);
}

/** The bytes of a file from `at`, fewer at its end. Throws UsageError if it cannot be read. */
export function readAt(path: string, at: number, length: number): Buffer {
  return reading(path, () => {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafeSlow(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, at));
    } finally {
      closeSync(file);
    }
  });
}

/** The first `size` bytes of a file, block by block. */
export function* blocksOf(path: string, size: number): Generator<Buffer> {
  for (let at = 0; at < size; ) {
    const block = readAt(path, at, Math.min(BLOCK, size - at));
    if (block.length === 0) return;
    yield block;
    at += block.length;
  }
}
