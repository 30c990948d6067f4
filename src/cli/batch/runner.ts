/** What runs items, and how one thread does it. */
import type { Item } from './item.ts';
import type { Job } from './job.ts';
import { createLikeMachines, type LikeMachines } from './like-machines.ts';
import { sha256 } from './load.ts';
import { outcomeJoiner } from './outcomes.ts';
import { type Outcome, processItem } from './process.ts';
import { createRepeats, type Repeats } from './repeats.ts';

/** What came of some items, in order; of fewer if a stop came between. */
export interface Ran {
  readonly outcomes: readonly Outcome[];
  readonly ms: number;
}

export interface Runner {
  /** Items that it can have at once without anybody waiting, in chunks. */
  readonly slots: number;
  run(items: readonly Item[]): Promise<Ran>;
  /** Items not begun are left; those that are begun are finished. */
  stop(): void;
  close(): Promise<void>;
}

/** What a thread remembers from call to call. */
export interface Memory {
  readonly repeats: Repeats;
  readonly machines: LikeMachines;
}

/** An empty one. */
export const createMemory = (): Memory => ({ repeats: createRepeats(), machines: createLikeMachines() });

/** Runs items one after the other until `stopped`. */
export async function runItems(
  items: Iterable<Item>,
  job: Job,
  stopped: () => boolean,
  { repeats, machines }: Memory,
): Promise<Ran> {
  const began = performance.now();
  const joined = outcomeJoiner();
  for (const item of items) {
    if (stopped()) break;
    // A description on a line is compared as a line.
    const known = item.kind === 'line' ? undefined : machines;
    joined.add(await repeats.outcome(item, job, sha256, () => processItem(item, job, known)));
  }
  return { outcomes: joined.end(), ms: performance.now() - began };
}
