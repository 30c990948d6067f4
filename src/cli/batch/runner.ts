/** What runs items, and how one thread does it. */
import type { Item } from './item.ts';
import type { Job } from './job.ts';
import { sha256 } from './load.ts';
import { outcomeJoiner } from './outcomes.ts';
import { type Outcome, processItem } from './process.ts';
import type { Repeats } from './repeats.ts';

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

/** Runs items one after the other until `stopped`; `repeats` remembers lines from call to call. */
export async function runItems(
  items: Iterable<Item>,
  job: Job,
  stopped: () => boolean,
  repeats: Repeats,
): Promise<Ran> {
  const began = performance.now();
  const joined = outcomeJoiner();
  for (const item of items) {
    if (stopped()) break;
    joined.add(await repeats.outcome(item, job, sha256, () => processItem(item, job)));
  }
  return { outcomes: joined.end(), ms: performance.now() - began };
}
