/**
 * The readers, in the order they are asked whether they recognise an input; irqsim's own format comes last and
 * takes what nobody else does. A new reader is one file and one line here.
 */
import { native } from './native.ts';
import type { Reader } from './reader.ts';

export const READERS: readonly Reader[] = [native];

/** The reader for this content. */
export function recognise(bytes: Uint8Array, file: string): Reader {
  return READERS.find((reader) => reader.recognises(bytes, file)) ?? native;
}
