import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { kernelSort, type SortVariant } from '../../../src/lib/sort.ts';
import { runSpreadCase } from '../../../src/linux/cases/spread.ts';
import {
  type AffinityMasks,
  irqCalcAffinityVectors,
  irqCreateAffinityMasks,
  maskOf,
  nvmeCalcIrqSets,
} from '../../../src/linux/engine/affinity.ts';
import type { SpreadCpus } from '../../../src/linux/engine/spread-cpus.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import { runs } from '../../budget.ts';

/** Any machine: holes among the possible CPUs, absent ones, empty nodes, odd sibling groups. */
const machines: fc.Arbitrary<SpreadCpus> = fc
  .record({
    perCpu: fc.array(
      fc.record({
        state: fc.constantFrom('present', 'present', 'present', 'absent', 'impossible'),
        node: fc.nat(4),
        core: fc.integer({ min: -1, max: 12 }),
        cluster: fc.integer({ min: -1, max: 6 }),
      }),
      { minLength: 1, maxLength: 70 },
    ),
    wholeClusters: fc.boolean(),
  })
  .map(({ perCpu, wholeClusters }) => {
    const nrCpuIds = perCpu.length;
    const where = (wanted: (cpu: (typeof perCpu)[number]) => boolean): CpuMask =>
      CpuMask.of(
        nrCpuIds,
        [...perCpu.keys()].filter((cpu) => wanted(perCpu[cpu])),
      );
    const ids = (of: (cpu: (typeof perCpu)[number]) => number): Int32Array =>
      Int32Array.from(perCpu, (cpu) => Math.min(of(cpu), nrCpuIds - 1));
    return {
      nrCpuIds,
      possible: where((cpu) => cpu.state !== 'impossible'),
      present: where((cpu) => cpu.state === 'present'),
      nodes: [0, 1, 2, 3, 4].map((node) => where((cpu) => cpu.node === node && cpu.state !== 'impossible')),
      siblings: ids((cpu) => cpu.core),
      clusters: ids((cpu) => (wholeClusters ? Math.abs(cpu.cluster) : cpu.cluster)),
      defaultAffinity: CpuMask.full(nrCpuIds),
    };
  })
  .filter(({ possible }) => !possible.isEmpty());

const affvecCounts = fc.integer({ min: 1, max: 90 });

function spread(release: string, cpus: SpreadCpus, nvecs: number, pre = 0, post = 0): AffinityMasks {
  const result = irqCreateAffinityMasks(kernelProfile(release), cpus, nvecs, { pre, post });
  if (result.kind !== 'masks') throw new Error(`no masks but ${result.kind}`);
  return result;
}

function masksOf(result: AffinityMasks, from: number, to: number): CpuMask[] {
  return Array.from({ length: to - from }, (_, i) => maskOf(result, from + i));
}

describe('spreading', () => {
  test.each(['5.18', '6.12', '6.17', '7.0'])(
    '%s puts every possible CPU into exactly one group',
    (release) => {
      fc.assert(
        fc.property(machines, affvecCounts, fc.nat(3), fc.nat(3), (cpus, affvecs, pre, post) => {
          const nvecs = pre + affvecs + post;
          const result = spread(release, cpus, nvecs, pre, post);
          expect(result.managed).toEqual([pre, pre + affvecs]);
          const groups = masksOf(result, ...result.spread);
          const union = groups.reduce((all, group) => all.orWith(group), new CpuMask(cpus.nrCpuIds));
          expect(union.toString()).toBe(cpus.possible.toString());
          expect(groups.reduce((sum, group) => sum + group.weight(), 0)).toBe(cpus.possible.weight());
          for (const vector of [
            ...Array(pre).keys(),
            ...Array.from({ length: post }, (_, i) => nvecs - 1 - i),
          ]) {
            expect(maskOf(result, vector)).toBe(result.defaultAffinity);
          }
        }),
      );
    },
  );

  test('no group stays empty unless there are more groups than CPUs, and then it warns', () => {
    fc.assert(
      fc.property(machines, affvecCounts, (cpus, affvecs) => {
        const result = spread('6.12', cpus, affvecs);
        const filled = masksOf(result, 0, affvecs).filter((group) => !group.isEmpty()).length;
        expect(filled).toBe(Math.min(affvecs, cpus.possible.weight()));
        expect(result.warn).toBe(affvecs > cpus.possible.weight());
      }),
    );
  });

  test('6.17 differs from 6.12 only in surplus vectors, which get the default affinity', () => {
    fc.assert(
      fc.property(machines, affvecCounts, (cpus, affvecs) => {
        const old = spread('6.12', cpus, affvecs);
        const result = spread('6.17', cpus, affvecs);
        expect(result.spread).toEqual([0, Math.min(affvecs, cpus.possible.weight())]);
        for (let vector = 0; vector < affvecs; vector++) {
          const isSurplus = vector >= cpus.possible.weight();
          expect(maskOf(old, vector).isEmpty()).toBe(isSurplus);
          const expected = isSurplus ? cpus.defaultAffinity : maskOf(old, vector);
          expect(maskOf(result, vector).toString()).toBe(expected.toString());
        }
      }),
    );
  });

  test('5.10.13 covers every possible CPU, none more than twice', () => {
    fc.assert(
      fc.property(machines, affvecCounts, (cpus, affvecs) => {
        const counts = new Map<number, number>();
        for (const group of masksOf(spread('5.10.13', cpus, affvecs), 0, affvecs)) {
          group.forEach((cpu) => {
            counts.set(cpu, (counts.get(cpu) ?? 0) + 1);
          });
        }
        expect([...counts.keys()].sort((a, b) => a - b)).toEqual(cpus.possible.toArray());
        expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('on one node all groups are equal but for one CPU', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        affvecCounts,
        fc.integer({ min: 0, max: 3 }),
        (n, vecs, smt) => {
          const all = CpuMask.full(n);
          const siblings = Int32Array.from({ length: n }, (_, cpu) => cpu >> smt);
          const result = spread(
            '6.12',
            { ...emptyMachine(n), possible: all, present: all, nodes: [all], siblings },
            vecs,
          );
          const sizes = masksOf(result, 0, vecs).map((group) => group.weight());
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
        },
      ),
    );
  });

  test('every set covers the machine by itself', () => {
    fc.assert(
      fc.property(machines, fc.integer({ min: 2, max: 60 }), fc.nat(70), (cpus, affvecs, writeQueues) => {
        const calcSets = nvmeCalcIrqSets(writeQueues);
        const result = irqCreateAffinityMasks(kernelProfile('6.12'), cpus, affvecs + 1, {
          pre: 1,
          post: 0,
          calcSets,
        });
        if (result.kind !== 'masks') throw new Error('no masks');
        let vector = 1;
        for (const size of result.setSizes) {
          const union = masksOf(result, vector, vector + size).reduce(
            (a, b) => a.orWith(b),
            new CpuMask(cpus.nrCpuIds),
          );
          expect(union.toString()).toBe(cpus.possible.toString());
          vector += size;
        }
        expect(vector).toBe(affvecs + 1);
      }),
    );
  });
});

function emptyMachine(n: number): SpreadCpus {
  const none = new CpuMask(n);
  const noGroup = new Int32Array(n).fill(-1);
  return {
    nrCpuIds: n,
    possible: none,
    present: none,
    nodes: [none],
    siblings: noGroup,
    clusters: noGroup,
    defaultAffinity: CpuMask.full(n),
  };
}

describe('sets and vector counts', () => {
  const kernel = kernelProfile('6.12');
  const all = CpuMask.full(4);
  const cpus = { ...emptyMachine(4), possible: all, present: all, nodes: [all] };

  test('sets that ask for more vectors than there are spill over no vector', () => {
    const calcSets = (): number[] => [3, 3];
    const result = irqCreateAffinityMasks(kernel, cpus, 5, { pre: 0, post: 1, calcSets });
    if (result.kind !== 'masks') throw new Error('no masks');
    expect(masksOf(result, 0, 5).map(String)).toEqual(['0-1', '2', '3', '0-1', '0-3']);
  });

  test('a callback without sets leaves all vectors on the default affinity', () => {
    const result = irqCreateAffinityMasks(kernel, cpus, 2, { pre: 0, post: 0, calcSets: () => [] });
    expect(result).toMatchObject({ kind: 'masks', spread: [0, 0], managed: [0, 2] });
  });

  test('an empty set is NULL where the kernel checks, without effect where it does not', () => {
    const affd = { pre: 0, post: 0, calcSets: () => [2, 0] };
    expect(irqCreateAffinityMasks(kernel, cpus, 2, affd).kind).toBe('none');
    expect(irqCreateAffinityMasks(kernelProfile('5.18'), cpus, 2, affd).kind).toBe('masks');
  });

  test('only a callback lifts the limit of the possible CPUs', () => {
    expect(irqCalcAffinityVectors(kernel, 4, 2, 64, { pre: 1, post: 1 })).toBe(6);
    expect(irqCalcAffinityVectors(kernel, 4, 2, 64, { pre: 1, post: 1, calcSets: nvmeCalcIrqSets(0) })).toBe(
      64,
    );
    expect(irqCalcAffinityVectors(kernel, 4, 1, 64, { pre: 1, post: 1 })).toBe(0);
  });
});

describe('kernelSort', () => {
  test.each<[SortVariant, number, number[]]>([
    ['one-at-a-time', 2, [1, 0]],
    ['two-at-a-time', 2, [1, 0]],
    ['one-at-a-time', 3, [1, 2, 0]],
    ['two-at-a-time', 3, [2, 1, 0]],
    ['one-at-a-time', 4, [1, 2, 3, 0]],
    ['two-at-a-time', 4, [1, 3, 2, 0]],
    ['one-at-a-time', 5, [1, 2, 3, 4, 0]],
    ['two-at-a-time', 5, [3, 1, 4, 2, 0]],
    ['two-at-a-time', 6, [1, 3, 4, 5, 2, 0]],
    ['two-at-a-time', 8, [1, 3, 4, 5, 6, 7, 2, 0]],
  ])('%s leaves %i equal keys as %j', (variant, count, order) => {
    const items = Int32Array.from({ length: count }, (_, i) => i);
    kernelSort(new Int32Array(count), items, variant);
    expect([...items]).toEqual(order);
  });

  test('sorts, and items keep their keys', () => {
    const variants = fc.constantFrom<SortVariant>('one-at-a-time', 'two-at-a-time');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 20 })), variants, (values, variant) => {
        const keys = Int32Array.from(values);
        const items = Int32Array.from(values.keys());
        kernelSort(keys, items, variant);
        expect([...keys]).toEqual(values.toSorted((a, b) => a - b));
        expect([...items].map((item) => values[item])).toEqual([...keys]);
        expect(new Set(items).size).toBe(values.length);
      }),
    );
  });
});

describe('runSpreadCase on bad input', () => {
  const good = {
    id: 's1',
    kernel: '6.12',
    nrCpuIds: 4,
    possible: '0-3',
    present: '0-2',
    nodes: ['0-1', '2-3'],
    siblings: ['0-1'],
    clusters: 'siblings',
    defaultAffinity: '0-3',
    affd: { pre: 1, post: 0, sets: null },
    minvec: 1,
    maxvec: 5,
    nvecs: 5,
  };

  test.each<[string, object, string]>([
    ['nvecs past the limit', { nvecs: 1e9 }, 'nvecs: expected a whole number from 0 to 1048576'],
    ['fraction', { nvecs: 2.5 }, 'nvecs: expected a whole number from 0 to 1048576'],
    ['huge nrCpuIds', { nrCpuIds: 1e9 }, 'nrCpuIds: expected a whole number from 0 to 32768'],
    ['CPU out of range', { possible: '0-4000000000' }, 'possible: CPU 4000000000 is outside 0-3'],
    ['CPU list as number', { possible: 3 }, 'possible: expected a CPU list such as "0-3,8"'],
    ['present beyond possible', { possible: '0-1' }, 'present: holds CPUs that are not possible'],
    ['CPU in two nodes', { nodes: ['0-2', '2-3'] }, 'nodes: a CPU is in two nodes'],
    ['CPU in no node', { nodes: ['0-2'] }, 'nodes: together they must be the possible CPUs'],
    ['nodes missing', { nodes: undefined }, 'nodes: expected an array'],
    ['too many nodes', { nodes: Array(1025).fill('') }, 'nodes: more than 1024 entries'],
    ['CPU in two cores', { siblings: ['0-1', '1'] }, 'siblings: CPU 1 is in two groups'],
    ['no descriptor', { affd: null }, 'affd: expected an object'],
    ['negative pre', { affd: { pre: -1, post: 0 } }, 'pre: expected a whole number from 0 to 1048576'],
    [
      'unknown sets',
      { affd: { pre: 0, post: 0, sets: 4 } },
      'sets: expected null, {"nvmeWriteQueues"} or {"list"}',
    ],
    [
      'too many sets',
      { affd: { pre: 0, post: 0, sets: { list: Array(300).fill(1) } } },
      'list: more than 256 entries',
    ],
    [
      'sets too large',
      { affd: { pre: 0, post: 0, sets: { list: [1e6, 1e6] } } },
      'list: the sizes sum to more than 1048576',
    ],
    ['kernel as number', { kernel: 6.12 }, 'kernel: expected a string'],
    ['no kernel release', { kernel: 'x' }, '"x" is not a kernel release such as 6.12 or 6.12.41'],
  ])('%s', (_, change, error) => {
    expect(runSpreadCase({ ...good, ...change })).toStrictEqual({ id: 's1', error });
  });

  test.each([null, 7, 'x', [], {}, { ...good, id: 4 }])('no case at all: %j', (input) => {
    expect(runSpreadCase(input)).toMatchObject({ id: null, error: expect.any(String) });
  });

  test('masks too long to print', () => {
    const odd = Array.from({ length: 16_384 }, (_, i) => 2 * i).join();
    const input = {
      ...good,
      nrCpuIds: 32_768,
      defaultAffinity: odd,
      affd: { pre: 1e6, post: 0, sets: null },
    };
    expect(runSpreadCase({ ...input, nvecs: 1_000_001 })).toStrictEqual({
      id: 's1',
      error: 'the masks are too long to be written out',
    });
  });

  test('a golden tag means the golden kernel, in the case and as override', () => {
    const absent = {
      ...good,
      affd: { pre: 0, post: 0, sets: null },
      nvecs: 2,
    };
    const unfixed = runSpreadCase({ ...absent, kernel: '5.10.13' });
    expect(runSpreadCase({ ...absent, kernel: '5.10' })).toEqual({ ...unfixed, kernel: '5.10' });
    expect(runSpreadCase(absent, kernelProfile('5.10'))).toEqual({ ...unfixed, kernel: '5.10' });
    expect(runSpreadCase({ ...absent, kernel: '5.10.112' })).not.toEqual({ ...unfixed, kernel: '5.10.112' });
  });

  test('never throws, whatever the fields hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good)), fc.anything(), (field, value) => {
        const result = runSpreadCase({ ...good, [field]: value });
        expect('error' in result || 'masks' in result).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });
});
