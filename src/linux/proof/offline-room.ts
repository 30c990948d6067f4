/**
 * Whether CPUs may go offline, for all sets of them at once: lapic_can_unplug_cpu() compares vectors, and what it
 * compares depends on which CPUs are left, not on the order (docs/model/proofs.md#offlines-that-are-accepted).
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { housekeepingSetup } from '../model/housekeeping.ts';
import { cpu0Hotpluggable } from '../sim/events/hotplug.ts';
import type { Simulation } from '../sim/simulation.ts';

/** What one online CPU is to the check. */
interface CpuRoom {
  readonly cpu: number;
  /** Vectors that it has for interrupts that are not managed, in use or not. */
  readonly capacity: number;
  /** The check is made when it goes; it is not for CPUs that interrupts cannot use. */
  readonly checked: boolean;
  /** Managed interrupts that the check counts when it goes, at least and at most; 0 where the kernel skips them. */
  readonly managed: readonly [least: number, most: number];
}

/** The vectors of a machine as the check sees them. */
interface OfflineRoom {
  readonly cpus: readonly CpuRoom[];
  /** Vectors of interrupts that are not managed: they have to stay somewhere. */
  readonly mustStay: number;
}

/** How many CPUs may go offline. */
export interface OfflineLimit {
  /** No set of so many of the CPUs, in no order, is refused: proved. */
  readonly accepted: number;
  /**
   * A set that is refused as its last CPU goes, the CPUs in the order to take; none smaller was decided by the vectors.
   * Null: none is refused. To be confirmed by simulating where an interrupt may get lost on the way, or is being moved.
   */
  readonly refused: readonly number[] | null;
}

/** The online CPUs that a user can take offline: without the boot CPU where the kernel never lets it go. */
export function offlineCandidates({ machine, run }: Simulation): CpuMask {
  const candidates = run.online.clone();
  return cpu0Hotpluggable(machine) ? candidates : candidates.clear(0);
}

/** Interrupts that stay on CPUs that are gone: the next offline tries to move them again. */
function leftBehind({ devices, hpet }: Simulation['run']): number {
  const irqs = new Set<number>();
  for (const { queues, interrupts } of devices) {
    for (const { irq, lost, managed } of [...queues, ...interrupts])
      if (irq !== null && lost === 'cpu-offline' && !managed) irqs.add(irq);
  }
  return irqs.size + hpet.filter(({ lost }) => lost === 'cpu-offline').length;
}

function roomOf({ machine, policy, run }: Simulation): OfflineRoom {
  const { perCpu, perCpuCapacity } = run.vectors;
  const skipsManaged = machine.kernel.has('unplug-check-skips-managed');
  let mustStay = leftBehind(run);
  const cpus = run.online.toArray().map((cpu): CpuRoom => {
    const { available, allocated, managed, managedAllocated } = perCpu[cpu];
    if (!run.usable.test(cpu))
      return {
        cpu,
        capacity: policy.countsUnusableVectors ? perCpuCapacity : 0,
        checked: false,
        managed: [0, 0],
      };
    const others = allocated - managedAllocated;
    mustStay += others;
    return {
      cpu,
      capacity: available + others,
      checked: true,
      managed: skipsManaged ? [0, 0] : [managedAllocated, managed],
    };
  });
  return { cpus, mustStay };
}

/** The most room first. */
const byRoom = (a: CpuRoom, b: CpuRoom): number => b.capacity - a.capacity || a.cpu - b.cpu;

/** Sums of the largest values: `sum(k, without)` is that of the k largest, leaving out one of them. */
function largestSums(sorted: readonly CpuRoom[]) {
  const sums = [0];
  for (const { capacity } of sorted) sums.push((sums.at(-1) ?? 0) + capacity);
  /** The place in order of the CPU to leave out decides whether it was among the k. */
  return (k: number, place: number): number =>
    place < k ? (sums[k + 1] ?? sums[k]) - sorted[place].capacity : sums[k];
}

/** The fewest CPUs that must go, the last of them at `place`, until the check finds too little; null: never. */
function fewestWith(
  { cpus, mustStay }: OfflineRoom,
  sorted: readonly CpuRoom[],
  place: number,
  managed: number,
): number | null {
  const total = cpus.reduce((sum, { capacity }) => sum + capacity, 0);
  const most = largestSums(sorted);
  const left = (others: number): number => total - sorted[place].capacity - most(others, place);
  const needed = mustStay + managed;
  let low = 0;
  let high = sorted.length - 1;
  if (left(high) >= needed) return null;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (left(middle) < needed) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

/** The fewest CPUs, and the one to go last, that the vectors refuse; null: none. `bound` picks how managed ones count. */
function refusedByVectors(
  room: OfflineRoom,
  sorted: readonly CpuRoom[],
  bound: 0 | 1,
): { readonly size: number; readonly place: number } | null {
  let found: { size: number; place: number } | null = null;
  // All that matters of the last CPU is its room and what is managed on it.
  const seen = new Set<string>();
  for (const [place, { checked, capacity, managed }] of sorted.entries()) {
    const kind = `${capacity}/${managed[bound]}`;
    if (!checked || seen.has(kind)) continue;
    seen.add(kind);
    const size = fewestWith(room, sorted, place, managed[bound]);
    if (size !== null && (found === null || size < found.size)) found = { size, place };
  }
  return found;
}

/** The CPUs that must not all go: those that `isolcpus=` leaves to the scheduler, and all that run. */
function setsThatStay({ machine, enumeration, run }: Simulation): CpuMask[] {
  const kept = housekeepingSetup(machine, enumeration).masks.domain;
  return [...(kept?.intersects(run.online) ? [CpuMask.and(kept, run.online)] : []), run.online];
}

/** How many of the candidates may go offline, in any order, before the kernel can refuse one. O(n log n) in the CPUs. */
export function offlineAtMost(facts: Simulation, candidates = offlineCandidates(facts)): OfflineLimit {
  const room = roomOf(facts);
  const sorted = room.cpus.filter(({ cpu }) => candidates.test(cpu)).sort(byRoom);
  const refused: (readonly number[])[] = setsThatStay(facts).flatMap((cpus) =>
    cpus.isEmpty() || !cpus.isSubsetOf(candidates) ? [] : [cpus.toArray()],
  );
  const surely = refusedByVectors(room, sorted, 0);
  if (surely !== null) {
    const others = sorted.filter((_, place) => place !== surely.place).slice(0, surely.size - 1);
    refused.push([...others.map(({ cpu }) => cpu).sort((a, b) => a - b), sorted[surely.place].cpu]);
  }
  const perhaps = refusedByVectors(room, sorted, 1);
  const smallest = refused.reduce<readonly number[] | null>(
    (best, set) => (best === null || set.length < best.length ? set : best),
    null,
  );
  const accepted = Math.min(
    candidates.weight(),
    ...refused.map(({ length }) => length - 1),
    ...(perhaps === null ? [] : [perhaps.size - 1]),
  );
  return { accepted, refused: smallest };
}

/** What is left on the CPUs that stay when some of the candidates go. */
export interface VectorsLeft {
  /** A set without which fewer than `amount` are left; no smaller one does that: proved. Null: none does. */
  readonly set: readonly number[] | null;
  /** As many others as go with it or more leave fewer than none: they are refused, if no interrupt is left behind. */
  readonly refused: boolean;
}

export function vectorsAfter(facts: Simulation, candidates: CpuMask, amount: number): VectorsLeft {
  const { cpus, mustStay } = roomOf(facts);
  const usable = cpus.filter(({ checked }) => checked);
  const free = usable.reduce((sum, { capacity }) => sum + capacity, 0) - mustStay;
  const sorted = usable.filter((one) => candidates.test(one.cpu)).sort(byRoom);
  const gone: number[] = [];
  let left = free;
  for (const { cpu, capacity } of sorted) {
    if (left < amount) break;
    left -= capacity;
    gone.push(cpu);
  }
  if (left >= amount) return { set: null, refused: false };
  const least = sorted.slice(sorted.length - gone.length).reduce((sum, { capacity }) => sum + capacity, 0);
  return { set: gone.sort((a, b) => a - b), refused: free - least < 0 };
}
