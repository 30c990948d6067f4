/** Which CPU of one machine is which CPU of another. */
import type { Analysis } from '../../findings/analyze.ts';
import type { CpuMask } from '../../lib/cpumask.ts';

/** CPUs of two machines in pairs; -1: the other machine has no such CPU. */
export interface Pairing {
  /**
   * number: a CPU is its number. apic-id: the same APIC IDs got other CPU numbers, so a CPU is its APIC ID where
   * both machines know it.
   */
  readonly by: 'number' | 'apic-id';
  /** Index: CPU number after; value: before. */
  readonly beforeOf: Int32Array;
  /** Index: CPU number before; value: after. */
  readonly afterOf: Int32Array;
  /** CPU numbers whose APIC ID is known on both sides and differs, and the first of them; null: none. */
  readonly renumbered: {
    readonly count: number;
    readonly cpu: number;
    readonly before: number;
    readonly after: number;
  } | null;
}

type Enumeration = Analysis['enumeration'];

/**
 * Pairs the CPUs. APIC IDs count only where the numbers of the same IDs moved, as with another order of the
 * firmware's list: the IDs of one machine are all known to the other. Where the IDs themselves were dealt anew,
 * as with another topology, an ID says nothing about which CPU it was, and the number counts. Linear in the CPUs.
 */
export function pairCpus(before: Enumeration, after: Enumeration): Pairing {
  const renumbered = renumberedCpus(before, after);
  const byId = renumbered !== null && sameIds(before, after);
  const beforeOf = byId ? pairById(before, after) : pairByNumber(before, after);
  const afterOf = new Int32Array(before.cpus.length).fill(-1);
  for (const [cpu, partner] of beforeOf.entries()) if (partner >= 0) afterOf[partner] = cpu;
  return { by: byId ? 'apic-id' : 'number', beforeOf, afterOf, renumbered };
}

function renumberedCpus(before: Enumeration, after: Enumeration): Pairing['renumbered'] {
  let first: Pairing['renumbered'] = null;
  let count = 0;
  for (const { cpu, apicId } of after.cpus) {
    const earlier = before.cpus[cpu]?.apicId ?? null;
    if (apicId === null || earlier === null || apicId === earlier) continue;
    count++;
    first ??= { count, cpu, before: earlier, after: apicId };
  }
  return first && { ...first, count };
}

/** All APIC IDs that the machine knows, with those of ignored CPUs. */
function idsOf({ cpus, ignored }: Enumeration): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const { apicId } of cpus) if (apicId !== null) ids.add(apicId);
  for (const { apicId } of ignored) if (apicId !== null) ids.add(apicId);
  return ids;
}

/** One machine knows every APIC ID of the other. */
function sameIds(before: Enumeration, after: Enumeration): boolean {
  const [few, many] = [idsOf(before), idsOf(after)].sort((a, b) => a.size - b.size);
  for (const id of few) if (!many.has(id)) return false;
  return true;
}

function pairByNumber(before: Enumeration, after: Enumeration): Int32Array {
  return Int32Array.from(after.cpus, ({ cpu }) => (cpu < before.cpus.length ? cpu : -1));
}

function pairById(before: Enumeration, after: Enumeration): Int32Array {
  const numbers = new Map<number, number>();
  for (const { cpu, apicId } of before.cpus) if (apicId !== null) numbers.set(apicId, cpu);
  const pairs = Int32Array.from(after.cpus, ({ apicId }) =>
    apicId === null ? -1 : (numbers.get(apicId) ?? -1),
  );
  const taken = new Set(pairs);
  const pair = (cpu: number, earlier: number) => {
    pairs[cpu] = earlier;
    taken.add(earlier);
  };
  const open = after.cpus.filter(({ cpu }) => pairs[cpu] < 0);
  for (const { cpu, apicId } of open) {
    const earlier = before.cpus[cpu];
    if (earlier === undefined || taken.has(cpu)) continue;
    if (apicId === null || earlier.apicId === null) pair(cpu, cpu);
  }
  // Slots without an ID are all alike.
  const slots = before.cpus.filter(({ cpu, apicId }) => apicId === null && !taken.has(cpu));
  const openSlots = open.filter(({ cpu, apicId }) => apicId === null && pairs[cpu] < 0);
  for (const [n, { cpu }] of openSlots.slice(0, slots.length).entries()) pair(cpu, slots[n].cpu);
  return pairs;
}

/** Whether CPUs, and sets of CPUs, are the same before and after. */
export interface Sameness {
  readonly cpu: (before: number | null, after: number | null) => boolean;
  readonly mask: (before: CpuMask, after: CpuMask) => boolean;
}

/** Sameness under a pairing. Masks are compared once: queues of like devices share them. */
export function samenessOf({ by, beforeOf }: Pairing): Sameness {
  const cpu: Sameness['cpu'] = (before, after) =>
    before === null || after === null ? before === after : beforeOf[after] === before;
  const compare =
    by === 'number' ? sameNumbers : (one: CpuMask, two: CpuMask) => sameCpus(one, two, beforeOf);
  const known = new Map<CpuMask, { after: CpuMask; same: boolean }>();
  return {
    cpu,
    mask(before, after) {
      const last = known.get(before);
      if (last?.after === after) return last.same;
      const same = compare(before, after);
      known.set(before, { after, same });
      return same;
    },
  };
}

/** The same numbers, on machines that need not have the same number of CPUs. */
function sameNumbers({ words: one }: CpuMask, { words: two }: CpuMask): boolean {
  const length = Math.max(one.length, two.length);
  for (let word = 0; word < length; word++) if ((one[word] ?? 0) !== (two[word] ?? 0)) return false;
  return true;
}

function sameCpus(before: CpuMask, after: CpuMask, beforeOf: Int32Array): boolean {
  if (before.weight() !== after.weight()) return false;
  for (let cpu = after.first(); cpu >= 0; cpu = after.next(cpu)) {
    const partner = beforeOf[cpu];
    if (partner < 0 || !before.test(partner)) return false;
  }
  return true;
}
