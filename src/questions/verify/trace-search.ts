/**
 * The order of steps on the vector matrix that agrees with every total that they report: a search over all ways of
 * taking lines of one time from the CPUs that they happened on.
 */
import { lookup } from '../../lib/lookup.ts';
import { ANNOUNCES, type Totals, type TraceLine, totalsOf } from './trace-line.ts';

/** Dead ends that are remembered before the search gives up. */
const MOST_DEAD_ENDS = 200_000;

/** A step: the line with totals, if any, and those around it that tell of the same. */
interface Step {
  readonly lines: readonly TraceLine[];
  readonly told: TraceLine | null;
  readonly after: Totals | null;
}

/** The lines of one CPU as steps. */
function stepsOf(queue: readonly TraceLine[]): Step[] {
  const steps: { lines: TraceLine[]; told: TraceLine | null; after: Totals | null }[] = [];
  for (const line of queue) {
    const after = totalsOf(line);
    const last = steps.at(-1);
    if (last && !after && !ANNOUNCES.has(line.name)) last.lines.push(line);
    else if (last && after && !last.after && ANNOUNCES.has(last.lines[0].name)) {
      last.lines.push(line);
      last.told = line;
      last.after = after;
    } else steps.push({ lines: [line], told: after ? line : null, after });
  }
  return steps;
}

/** What a step does to the totals: by name of the event, and whether its CPU is online. */
interface Change {
  readonly available: readonly number[];
  readonly reserved: readonly number[];
  readonly allocated: number;
}

const SAME = [0];
/** Vectors of CPUs that are offline count in no total of what is available. */
const CHANGES = {
  irq_matrix_reserve: { available: SAME, reserved: [1], allocated: 0 },
  irq_matrix_remove_reserved: { available: SAME, reserved: [-1], allocated: 0 },
  irq_matrix_reserve_managed: { available: [-1], reserved: SAME, allocated: 0 },
  irq_matrix_remove_managed: { available: [1], reserved: SAME, allocated: 0 },
  irq_matrix_alloc_managed: { available: SAME, reserved: SAME, allocated: 1 },
  // An allocation may take a reservation with it.
  irq_matrix_alloc: { available: [-1], reserved: [-1, 0], allocated: 1 },
  irq_matrix_assign: { available: [-1, 0], reserved: SAME, allocated: 1 },
  // A managed vector stays kept for its interrupt.
  irq_matrix_free: { available: [0, 1], reserved: SAME, allocated: -1 },
} as const satisfies Readonly<Record<string, Change>>;

function follows({ told, after }: Step, before: Totals): boolean {
  if (!told || !after) return true;
  const change: Change | undefined = lookup(CHANGES, told.name);
  if (!change) return true;
  const available = /\bonline=0\b/.test(told.rest) ? SAME : change.available;
  return (
    after.allocated === before.allocated + change.allocated &&
    change.reserved.includes(after.reserved - before.reserved) &&
    available.includes(after.available - before.available)
  );
}

/** The lines in such an order; null if there is none, or the search is too long. */
export function exactOrder(queues: readonly (readonly TraceLine[])[], start: Totals): TraceLine[] | null {
  const waiting = queues.map(stepsOf);
  const at = waiting.map(() => 0);
  const path: { queue: number; before: Totals }[] = [];
  const dead = new Set<string>();
  const total = waiting.reduce((sum, steps) => sum + steps.length, 0);
  let totals = start;
  let from = 0;
  while (path.length < total) {
    const next = deadEnd() ? -1 : nextQueue(from);
    if (next >= 0) {
      path.push({ queue: next, before: totals });
      totals = waiting[next][at[next]].after ?? totals;
      at[next]++;
      from = 0;
      continue;
    }
    dead.add(key());
    const back = path.pop();
    if (!back || dead.size > MOST_DEAD_ENDS) return null;
    at[back.queue]--;
    totals = back.before;
    from = back.queue + 1;
  }
  at.fill(0);
  return path.flatMap(({ queue }) => waiting[queue][at[queue]++].lines);

  function key(): string {
    return `${at.join()};${totals.available},${totals.reserved},${totals.allocated}`;
  }
  function deadEnd(): boolean {
    return from === 0 && dead.size > 0 && dead.has(key());
  }
  function nextQueue(first: number): number {
    for (let queue = first; queue < waiting.length; queue++) {
      const step = waiting[queue][at[queue]];
      if (step && follows(step, totals)) return queue;
    }
    return -1;
  }
}
