/** The queues of one device before and after: those that differ, and runs of them that differ in the same way. */
import type { QueueRow } from '../../linux/sim/run.ts';
import type { Sameness } from './pairing.ts';

/** A queue that differs. A side is null where the device has no such queue. */
export interface QueueChange {
  readonly index: number;
  readonly before: QueueRow | null;
  readonly after: QueueRow | null;
  /** What differs between two queues that exist; all false where one does not. */
  readonly health: boolean;
  readonly state: boolean;
  readonly mask: boolean;
  /** The CPU that its started interrupt goes to, on either side. */
  readonly effective: boolean;
}

/** How many queues changed in a way that counts. */
export interface QueueTally {
  /** Dead or missing before. */
  readonly gained: number;
  /** Dead or missing after. */
  readonly lost: number;
  /** Waited for CPUs before and are served after. */
  readonly started: number;
  /** Were served before and wait for CPUs after. */
  readonly stopped: number;
}

export const NO_QUEUES: QueueTally = { gained: 0, lost: 0, started: 0, stopped: 0 };

/** The CPU that the interrupt goes to; null where it is stopped, whatever /proc shows then. */
export const servedBy = (queue: QueueRow | null): number | null =>
  queue?.state === 'started' ? queue.effective : null;

/** The queues that differ, by index. Linear in the queues. */
export function changedQueues(
  before: readonly QueueRow[],
  after: readonly QueueRow[],
  same: Sameness,
): QueueChange[] {
  const changes: QueueChange[] = [];
  const shared = Math.min(before.length, after.length);
  for (let index = 0; index < shared; index++) {
    const change = changedQueue(before[index], after[index], same);
    if (change.health || change.state || change.mask || change.effective) changes.push(change);
  }
  const missing = { health: false, state: false, mask: false, effective: false };
  for (const queue of before.slice(shared)) {
    changes.push({ index: queue.index, before: queue, after: null, ...missing });
  }
  for (const queue of after.slice(shared)) {
    changes.push({ index: queue.index, before: null, after: queue, ...missing });
  }
  return changes;
}

function changedQueue(before: QueueRow, after: QueueRow, same: Sameness): QueueChange {
  return {
    index: after.index,
    before,
    after,
    health: before.health !== after.health,
    state: before.state !== after.state,
    mask: !same.mask(before.affinity, after.affinity),
    effective: !same.cpu(servedBy(before), servedBy(after)),
  };
}

/** Consecutive queues that changed in the same way; `exact`: with the same masks and CPUs as well. */
export function queueRuns(changes: readonly QueueChange[], exact: boolean): QueueChange[][] {
  const runs: QueueChange[][] = [];
  let lastKey = '';
  for (const change of changes) {
    const key = keyOf(change, exact);
    const run = runs[runs.length - 1];
    if (run && key === lastKey && run[run.length - 1].index + 1 === change.index) run.push(change);
    else runs.push([change]);
    lastKey = key;
  }
  return runs;
}

function keyOf({ before, after, mask, effective }: QueueChange, exact: boolean): string {
  const kinds = [before?.health, before?.state, after?.health, after?.state, mask, effective];
  if (!exact) return kinds.join();
  return [
    ...kinds,
    mask ? `${before?.affinity} ${after?.affinity}` : '',
    effective ? `${servedBy(before)} ${servedBy(after)}` : '',
  ].join();
}

/** 0: none or dead, 1: waits for CPUs, 2: is served. */
function standing(queue: QueueRow | null): 0 | 1 | 2 {
  if (queue === null || queue.health === 'dead') return 0;
  return queue.state === 'started' || queue.redirectedTo !== undefined ? 2 : 1;
}

/** Counts the changes of one device's queues. */
export function tallyQueues(changes: readonly QueueChange[]): QueueTally {
  const tally = { ...NO_QUEUES };
  for (const change of changes) {
    const [was, is] = [standing(change.before), standing(change.after)];
    if (was === is) continue;
    if (was === 0) tally.gained++;
    else if (is === 0) tally.lost++;
    else if (is > was) tally.started++;
    else tally.stopped++;
  }
  return tally;
}
