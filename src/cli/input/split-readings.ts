/** The machines of a large input that can be split, object by object. Loaded for such inputs only. */
import { inputError } from '../../machine/locate.ts';
import { asSystemError, nameOf } from './input.ts';
import type { Part, Splitter } from './part.ts';
import { piecesOf } from './read-bytes.ts';
import { companions, readPart } from './read-parts.ts';
import type { Reading, ReadingOptions } from './reading.ts';
import { splitterFor } from './splitting.ts';
import { statOf } from './walk.ts';

function* partsOf(splitter: Splitter, pieces: Iterable<Buffer>): Generator<Part> {
  for (const piece of pieces) yield* splitter.push(piece);
  yield* splitter.end();
}

/** Every part of a file once more; undefined for what can be read once only. */
export function partsAgain(input: string, from?: string): (() => Iterable<Part>) | undefined {
  if (input === '-' || statOf(input)?.isFile() !== true) return undefined;
  return () => {
    const [head] = piecesOf(input);
    const splitter = head && splitterFor(head, from);
    return splitter ? partsOf(splitter, piecesOf(input)) : [];
  };
}

/** The readings of an input with this beginning; undefined for one that is read in one piece. */
export function splitReadings(
  input: string,
  head: Buffer,
  rest: Iterable<Buffer>,
  options: ReadingOptions,
): Generator<Reading> | undefined {
  const splitter = splitterFor(head, options.from);
  return splitter && readings(input, splitter, head, rest, options);
}

function* readings(
  input: string,
  splitter: Splitter,
  head: Buffer,
  rest: Iterable<Buffer>,
  options: ReadingOptions,
): Generator<Reading> {
  const referred = companions(partsAgain(input, options.from));
  const pieces = function* () {
    yield head;
    try {
      yield* rest;
    } catch (error) {
      throw asSystemError(error, input);
    }
  };
  let machines = 0;
  let isSure = false;
  for (const part of partsOf(splitter, pieces()))
    for (const joined of referred.join([part])) {
      isSure ||= !joined.isUnsure;
      yield {
        input,
        async read() {
          const sources = await readPart(joined, nameOf(input, options), options);
          machines += sources.length;
          return sources;
        },
      };
    }
  // Parts whose kind could not be seen may turn out to hold no guest.
  if (!isSure)
    yield {
      input,
      read: () => (machines === 0 ? Promise.reject(noGuest(input)) : Promise.resolve([])),
    };
}

/** A large input without a guest. */
export const noGuest = (input: string) =>
  inputError(input, 'no VirtualMachine or VirtualMachineInstance is in the list');
