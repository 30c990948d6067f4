/** A process that plays its share of the inputs, and writes down which one it is at, for the case that it does not return. */
import { openSync, writeSync } from 'node:fs';
import { allTargets, BOUNDS, boundedMemory, inputOf, peakMiB, play } from './play.ts';
import { reduced } from './reduce.ts';
import { count, emptyTally } from './tally.ts';

export interface Share {
  readonly seed: number;
  readonly from: number;
  readonly step: number;
  /** The first number that is not of the run. */
  readonly end: number;
  /** Inputs until a fresh process takes over, so that memory is that of few inputs. */
  readonly most: number;
  /** Where the number of the input that is played stands. */
  readonly place: string;
  readonly captures: string;
  readonly only?: string | undefined;
}

/** Causes that are reduced: of each the first. */
const known = new Set<string>();

const REPORT_MS = 2000;

export async function work(share: Share, send: (message: object) => void): Promise<void> {
  const { seed, step, end, most, place, captures, only } = share;
  const all = await allTargets(captures);
  const targets = only === undefined ? all : all.filter(({ name }) => name === only);
  const file = openSync(place, 'w');
  let tally = emptyTally();
  let told = Date.now();
  let done = 0;
  let index = share.from;
  for (; index < end && done < most; index += step, done++) {
    writeSync(file, String(index).padEnd(16), 0);
    const before = peakMiB();
    const played = await play(targets, seed, index);
    // The peak is that of all inputs before, too: a fresh process plays this one again, alone.
    if (done > 0 && played.memoryMiB > BOUNDS.memoryMiB && !played.fault) break;
    const one = boundedMemory(played, before, index, () => inputOf(targets, seed, index).input);
    const fault = one.fault;
    if (fault && !known.has(fault.kind)) {
      known.add(fault.kind);
      const { target, input } = inputOf(targets, seed, index);
      const small = /: too (?:slow|much memory)$/.test(fault.kind)
        ? input
        : await reduced(target, input, seed, index);
      count(tally, index, { ...one, fault: { ...fault, input: small } });
    } else count(tally, index, one);
    if (Date.now() - told > REPORT_MS) {
      send({ tally, next: index + step });
      tally = emptyTally();
      told = Date.now();
    }
  }
  send({ tally, next: index, isDone: true });
}
