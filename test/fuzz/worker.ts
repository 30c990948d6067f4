/**
 * A process that plays its share of the inputs. It asks the system for time and memory, and writes down where it is, once
 * for many inputs: each of these takes as long as a small input. Where something was wrong with many of them, a process
 * of its own plays them one by one.
 */
import { openSync, writeSync } from 'node:fs';
import {
  allTargets,
  BOUNDS,
  cpuMs,
  type Fault,
  inputOf,
  memoryFault,
  type Played,
  peakMiB,
  play,
  timed,
} from './play.ts';
import { reduced } from './reduce.ts';
import { count, emptyTally, type Tally } from './tally.ts';
import type { Target } from './target.ts';

/** Inputs that are measured together. */
export const TOGETHER = 64;

export interface Share {
  readonly seed: number;
  readonly from: number;
  readonly step: number;
  /** The first number that is not of the run. */
  readonly end: number;
  /** Inputs until a fresh process takes over. */
  readonly most: number;
  /** How many are played one by one first, for what was wrong with them together. */
  readonly closely: number;
  /** CPU time in ms of the slowest so far. */
  readonly slowest: number;
  /** Where the number of the input that is played stands, of many the first, and how many they are. */
  readonly place: string;
  readonly captures: string;
  readonly only?: string | undefined;
}

/** What a process says of its share so far. */
export interface Report {
  readonly tally: Tally;
  /** The next input to play. */
  readonly next: number;
  /** How many from there on are to be played one by one, in a fresh process. */
  readonly closely: number;
  readonly isDone?: boolean;
}

const REPORT_MS = 2000;

/** Causes that are reduced: of each the first. */
const known = new Set<string>();

async function small(fault: Fault, targets: readonly Target[], seed: number): Promise<Fault> {
  if (known.has(fault.kind)) return fault;
  known.add(fault.kind);
  if (/: too (?:slow|much memory)$/.test(fault.kind)) return fault;
  const { target, input } = inputOf(targets, seed, fault.index);
  return { ...fault, input: await reduced(target, input, seed, fault.index) };
}

/** Adds inputs that were played together; what took longest is measured by itself. */
async function take(
  tally: Tally,
  played: readonly Played[],
  cpu: number,
  { targets, seed }: { targets: readonly Target[]; seed: number },
): Promise<void> {
  const byClock = played.reduce((sum, { ms }) => sum + ms, 0);
  for (const one of played) {
    count(tally, one, byClock === 0 ? 0 : (cpu * one.ms) / byClock);
    const faults = one.fault ? [one.fault] : [];
    if (one.ms > tally.slowest.cpuMs) {
      const { ms, fault } = await timed(targets, seed, one.index);
      if (ms > tally.slowest.cpuMs) tally.slowest = { cpuMs: ms, index: one.index, target: one.target };
      if (fault) faults.push(fault);
    }
    for (const fault of faults) tally.faults.push(await small(fault, targets, seed));
  }
}

export async function work(share: Share, send: (report: Report) => void): Promise<void> {
  const { seed, step, end, most, place, captures, only, closely } = share;
  const all = await allTargets(captures);
  const targets = only === undefined ? all : all.filter(({ name }) => name === only);
  const file = openSync(place, 'w');
  let tally = emptyTally(share.slowest);
  let told = Date.now();
  let index = share.from;
  for (let done = 0; index < end && done < most; ) {
    const isAlone = done < closely;
    const together = isAlone ? 1 : TOGETHER;
    writeSync(file, `${index} ${together}`.padEnd(32), 0);
    const first = index;
    const began = cpuMs();
    const played: Played[] = [];
    for (; played.length < together && index < end; index += step)
      played.push(await play(targets, seed, index));
    const cpu = cpuMs() - began;
    const memory = peakMiB();
    // The peak is that of all inputs before, too: a fresh process plays these again, each alone.
    if (memory > BOUNDS.memoryMiB && !(isAlone && done === 0))
      return send({ tally, next: first, closely: Math.max(closely - done, together), isDone: true });
    done += played.length;
    if (memory > tally.memory.miB) tally.memory = { miB: memory, index: first, target: played[0].target };
    await take(tally, played, cpu, { targets, seed });
    const fault = isAlone && done === 1 ? memoryFault(targets, seed, first, memory) : undefined;
    if (fault) {
      tally.faults.push(fault);
      return send({ tally, next: index, closely: closely - 1, isDone: true });
    }
    if (Date.now() - told > REPORT_MS) {
      send({ tally, next: index, closely: Math.max(0, closely - done) });
      tally = emptyTally(tally.slowest.cpuMs);
      told = Date.now();
    }
  }
  send({ tally, next: index, closely: 0, isDone: true });
}
