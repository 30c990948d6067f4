/**
 * The order of trace lines with one time stamp. A coarse trace clock gives many lines the same time, and the
 * tracer then lists them CPU by CPU; what happened to the vector matrix, which one lock guards, tells how they
 * really followed each other: every line of it has the matrix's totals after the step.
 */

import { lookup } from '../../lib/lookup.ts';
import { ANNOUNCES, type Totals, type TraceLine, totalsOf } from './trace-line.ts';
import { exactOrder } from './trace-search.ts';

/** What a step does to the number of allocated vectors; steps that are not listed leave it. */
const ALLOCATES = {
  irq_matrix_alloc: 1,
  irq_matrix_alloc_managed: 1,
  irq_matrix_assign: 1,
  irq_matrix_free: -1,
} as const;
/** The same of the number of reservations. */
const RESERVES = { irq_matrix_reserve: 1, irq_matrix_remove_reserved: -1 } as const;

/** How far a line is from being the next step behind these totals: 0 if it fits. */
function misfit(line: TraceLine, before: Totals): number {
  const after = totalsOf(line);
  if (!after) return 0;
  const allocated = Math.abs(after.allocated - before.allocated - (lookup(ALLOCATES, line.name) ?? 0));
  // An allocation may take a reservation with it.
  const taken = line.name === 'irq_matrix_alloc' && after.reserved === before.reserved - 1 ? 1 : 0;
  const reserved = Math.abs(after.reserved - before.reserved - (lookup(RESERVES, line.name) ?? 0) + taken);
  return 1000 * (allocated + reserved) + Math.abs(after.available - before.available);
}

/** The lines in the order in which they happened; `fits` is false where no order agrees with the totals. */
export function inOrder(lines: readonly TraceLine[]): { ordered: TraceLine[]; fits: boolean } {
  let fits = true;
  const ordered: TraceLine[] = [];
  let totals: Totals | null = null;
  for (let from = 0; from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && lines[to].time === lines[from].time) to++;
    const group = lines.slice(from, to);
    const parallel = new Set(group.map(({ cpu }) => cpu)).size > 1;
    const exact: TraceLine[] | null = totals && parallel ? exactOrder(queuesOf(group), totals) : null;
    const told: TraceLine[] = exact ?? (totals && parallel ? merged(group, totals) : group);
    if (totals && parallel && !exact) fits &&= agrees(told, totals);
    ordered.push(...told);
    for (const line of ordered.slice(from)) totals = totalsOf(line) ?? totals;
    from = to;
  }
  return { ordered, fits };
}

/** True if every step of the lines is the next behind the one before. */
function agrees(lines: readonly TraceLine[], start: Totals): boolean {
  let before = start;
  return lines.every((line) => {
    const fit = misfit(line, before) < 1000;
    before = totalsOf(line) ?? before;
    return fit;
  });
}

/** The line of a queue that tells when its head happened. */
function next(queue: readonly TraceLine[]): TraceLine {
  const [head] = queue;
  return (ANNOUNCES.has(head.name) ? queue.find((line) => totalsOf(line) !== null) : undefined) ?? head;
}

/** Lines of one time by CPU: each CPU's own order stays. */
function queuesOf(group: readonly TraceLine[]): TraceLine[][] {
  const queues = new Map<string, TraceLine[]>();
  for (const line of group) {
    const queue = queues.get(line.cpu);
    if (queue) queue.push(line);
    else queues.set(line.cpu, [line]);
  }
  return [...queues.values()];
}

/** The nearest order there is, where none agrees with the totals. */
function merged(group: readonly TraceLine[], start: Totals): TraceLine[] {
  const queues = queuesOf(group);
  const result: TraceLine[] = [];
  let totals = start;
  while (result.length < group.length) {
    const waiting = queues.filter(({ length }) => length > 0);
    const best = waiting.reduce((a, b) => (misfit(next(b), totals) < misfit(next(a), totals) ? b : a));
    // Lines without totals go with those around them on their CPU.
    do {
      const line = best.shift() as TraceLine;
      totals = totalsOf(line) ?? totals;
      result.push(line);
    } while (best.length > 0 && totalsOf(best[0]) === null && !ANNOUNCES.has(best[0].name));
  }
  return result;
}
