/** The room that CPUs need to have so that others may go, from numbers alone, against every set with every last CPU. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { offlineAtMost, vectorsAfter } from '../../../src/linux/proof/offline-room.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import type { Simulation } from '../../../src/linux/sim/simulation.ts';
import { readText } from '../../helpers.ts';

/** Vectors of one CPU. */
interface Vectors {
  readonly available: number;
  /** In use by interrupts that are not managed. */
  readonly others: number;
  readonly managed: number;
  readonly managedAllocated: number;
  /** Interrupts can use it. */
  readonly usable: boolean;
}

const CPUS = 5;
const CAPACITY = 9;
const text = (kernel: string, more = '') =>
  `kernel: "${kernel}"\nhpet: off\ntopology: { cores: ${CPUS} }\ncmdline: cpu0_hotplug\n${more}`;
/** Kernels that skip managed interrupts in the check, that count them, and a policy that counts what is no use. */
const BOOTED = {
  skips: simulate(await readText(text('6.1'))),
  counts: simulate(await readText(text('5.10.100'))),
  P1: simulate(await readText(text('6.1', 'policy: P1\n'))),
};
type Kind = keyof typeof BOOTED;

/** The facts of a machine with these vectors instead of its own. */
function factsOf(kind: Kind, cpus: readonly Vectors[]): Simulation {
  const facts = BOOTED[kind];
  const usable = new CpuMask(CPUS);
  for (const [cpu, one] of cpus.entries()) if (one.usable) usable.set(cpu);
  const perCpu = cpus.map(({ available, others, managed, managedAllocated }, cpu) => ({
    ...facts.run.vectors.perCpu[cpu],
    available,
    managed,
    managedAllocated,
    allocated: others + managedAllocated,
  }));
  const vectors = { ...facts.run.vectors, perCpu, perCpuCapacity: CAPACITY };
  return { ...facts, run: { ...facts.run, usable, vectors, devices: [], hpet: [] } };
}

function sets([cpu, ...others]: readonly number[]): number[][] {
  if (cpu === undefined) return [[]];
  return sets(others).flatMap((set) => [set, [cpu, ...set]]);
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What a CPU that stays has for interrupts of the others, and its own. */
function capOf(kind: Kind, { usable, available, others }: Vectors): number {
  return usable ? available + others : kind === 'P1' ? CAPACITY : 0;
}

/** Fewest CPUs of a set that its last CPU breaks, where managed interrupts are counted as `managedOf` says. */
function fewest(
  kind: Kind,
  cpus: readonly Vectors[],
  candidates: readonly number[],
  managedOf: (one: Vectors) => number,
): number {
  const stay = sum(cpus.map(({ usable, others }) => (usable ? others : 0)));
  const broken = sets(candidates).filter((set) => {
    const left = sum(cpus.map((one, cpu) => (set.includes(cpu) ? 0 : capOf(kind, one))));
    return set.some((last) => cpus[last].usable && stay + managedOf(cpus[last]) > left);
  });
  return Math.min(...broken.map(({ length }) => length));
}

const count = fc.nat({ max: 4 });
const vectors = fc
  .record({
    available: fc.nat({ max: 5 }),
    others: count,
    managed: count,
    of: count,
    usable: fc.integer({ min: 0, max: 5 }),
  })
  .map(
    ({ of, usable, ...rest }): Vectors => ({
      ...rest,
      managedAllocated: Math.min(of, rest.managed),
      usable: usable > 0,
    }),
  );
const asked = fc.record({
  cpus: fc.array(vectors, { minLength: CPUS, maxLength: CPUS }),
  candidates: fc.subarray([0, 1, 2, 3, 4]),
  amount: fc.integer({ min: 1, max: 12 }),
});
const SAMPLES = fc.sample(asked, { numRuns: 60, seed: 20201007 });

describe.each(Object.keys(BOOTED) as Kind[])('%s', (kind) => {
  test('no fewer are refused than every set says, and those that are named are', () => {
    for (const { cpus, candidates } of SAMPLES) {
      const { accepted, refused } = offlineAtMost(factsOf(kind, cpus), CpuMask.of(CPUS, candidates));
      const counted = kind === 'counts';
      const surely = fewest(kind, cpus, candidates, (one) => (counted ? one.managedAllocated : 0));
      const perhaps = fewest(kind, cpus, candidates, (one) => (counted ? one.managed : 0));
      // The last CPU that runs stays in any case.
      const all = candidates.length === CPUS ? CPUS : Number.POSITIVE_INFINITY;
      expect(accepted).toBe(Math.min(candidates.length, surely - 1, perhaps - 1, all - 1));
      expect(refused?.length ?? Number.POSITIVE_INFINITY).toBe(Math.min(surely, all));
      if (refused === null || refused.length === all) continue;
      expect(refused.every((cpu) => candidates.includes(cpu))).toBe(true);
      expect(new Set(refused).size).toBe(refused.length);
      const before = refused.slice(0, -1);
      expect(before).toEqual(before.toSorted((a, b) => a - b));
      const last = cpus[refused[refused.length - 1]];
      const left = sum(cpus.map((one, cpu) => (refused.includes(cpu) ? 0 : capOf(kind, one))));
      const stay = sum(cpus.map(({ usable, others }) => (usable ? others : 0)));
      expect(last.usable).toBe(true);
      expect(stay + (counted ? last.managedAllocated : 0)).toBeGreaterThan(left);
    }
  });

  test('the smallest set that leaves too few vectors', () => {
    for (const { cpus, candidates, amount } of SAMPLES) {
      const { set, refused } = vectorsAfter(factsOf(kind, cpus), CpuMask.of(CPUS, candidates), amount);
      const able = candidates.filter((cpu) => cpus[cpu].usable);
      const free = sum(cpus.map(({ usable, available }) => (usable ? available : 0)));
      const left = (gone: readonly number[]) => free - sum(gone.map((cpu) => capOf(kind, cpus[cpu])));
      const enough = sets(able).filter((gone) => left(gone) < amount);
      const size = Math.min(...enough.map(({ length }) => length));
      expect(set?.length ?? Number.POSITIVE_INFINITY).toBe(size);
      if (set === null) {
        expect(refused).toBe(false);
        continue;
      }
      expect(left(set)).toBe(
        Math.min(
          ...sets(able)
            .filter(({ length }) => length === size)
            .map(left),
        ),
      );
      expect(set).toEqual(set.toSorted((a, b) => a - b));
      const alike = sets(able).filter(({ length }) => length === size);
      expect(refused).toBe(alike.every((gone) => left(gone) < 0));
    }
  });
});

describe('interrupts that stay on CPUs that are gone', () => {
  const row = { irq: 30, lost: 'cpu-offline', managed: false };
  const cpus = Array.from(
    { length: CPUS },
    (): Vectors => ({
      available: 1,
      others: 0,
      managed: 0,
      managedAllocated: 0,
      usable: true,
    }),
  );
  const accepted = (
    queues: readonly object[],
    interrupts: readonly object[] = [],
    hpet: readonly object[] = [],
  ) => {
    const facts = factsOf('skips', cpus);
    const devices = [{ queues, interrupts }] as unknown as Simulation['run']['devices'];
    const run = { ...facts.run, devices, hpet: hpet as unknown as Simulation['run']['hpet'] };
    return offlineAtMost({ ...facts, run }, CpuMask.of(CPUS, [1, 2, 3, 4])).accepted;
  };

  test('need a place among those that are left, each once', () => {
    expect(accepted([])).toBe(4);
    expect(accepted([row])).toBe(4);
    expect(accepted([row, { ...row, irq: 31 }])).toBe(3);
    expect(accepted([row, { ...row, irq: 31 }], [{ ...row, irq: 32 }])).toBe(2);
    // Two queues of one interrupt; a row that says it again.
    expect(accepted([row, row], [row])).toBe(4);
  });

  test('but for what is managed, has none, or is lost otherwise', () => {
    const others = [
      { ...row, irq: 31, managed: true },
      { ...row, irq: null },
      { ...row, irq: 32, lost: undefined },
      { ...row, irq: 33, lost: 'cpu-unreachable' },
    ];
    expect(accepted([row, ...others], others)).toBe(4);
  });

  test('so do those of HPET channels', () => {
    const lost = { lost: 'cpu-offline' };
    expect(accepted([row], [], [lost])).toBe(3);
    expect(accepted([row], [], [lost, { lost: undefined }, lost])).toBe(2);
  });
});
