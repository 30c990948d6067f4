/** spreadAffinity: the engine behind CPU lists, with defaults that are those of a plain machine. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SpreadRequest, spreadAffinity } from '../../src/index.ts';
import { runSpreadCase } from '../../src/linux/cases/spread.ts';

test('the example of its comment', () => {
  expect(spreadAffinity({ vectors: 3, possible: '0-7', nodes: ['0-3', '4-7'], preVectors: 1 })).toEqual({
    masks: ['0-7', '0-3', '4-7'],
    managed: [1, 3],
    warn: false,
    crash: false,
  });
});

test('no more vectors come back than there are CPUs and reserved vectors', () => {
  const { masks } = spreadAffinity({ vectors: 64, possible: '0-3', preVectors: 1, kernel: '6.12' });
  expect(masks).toEqual(['0-3', '0', '1', '2', '3']);
});

test('present CPUs are spread first, the others after them', () => {
  const { masks } = spreadAffinity({ vectors: 2, possible: '0-7', present: '0-1', kernel: '6.12' });
  expect(masks).toEqual(['0,2-4', '1,5-7']);
});

test('siblings stay together; Linux 7.0 deals them by L2 cluster, in another order', () => {
  const siblings = ['0,4', '1,5', '2,6', '3,7'];
  const masksOf = (kernel: string) => spreadAffinity({ vectors: 4, possible: '0-7', siblings, kernel }).masks;
  expect(masksOf('6.12')).toEqual(siblings);
  expect(masksOf('7.0')).toEqual(['1,5', '3,7', '2,6', '0,4']);
});

test('CPUs that share an L2 cache stay together from Linux 7.0 on', () => {
  const clusters = ['0,2', '1,3'];
  const masksOf = (kernel: string) => spreadAffinity({ vectors: 2, possible: '0-3', clusters, kernel }).masks;
  expect(masksOf('6.12')).toEqual(['0-1', '2-3']);
  expect([...masksOf('7.0')].sort()).toEqual(clusters);
});

test('without a vector to spread, all have the default affinity', () => {
  expect(spreadAffinity({ vectors: 2, possible: '0-3', preVectors: 1, postVectors: 1 })).toEqual({
    masks: ['0-3', '0-3'],
    managed: [0, 0],
    warn: false,
    crash: false,
  });
});

test('is the engine: the same masks as the plumbing gives for the case written out', () => {
  const kernels = fc.constantFrom('5.0', '5.4', '5.15', '6.1', '6.12', '7.0');
  const machine = fc.record({
    kernel: kernels,
    cpus: fc.integer({ min: 1, max: 40 }),
    split: fc.nat(39),
    present: fc.integer({ min: 1, max: 40 }),
    vectors: fc.integer({ min: 3, max: 50 }),
    preVectors: fc.nat(1),
    postVectors: fc.nat(1),
  });
  fc.assert(
    fc.property(machine, ({ kernel, cpus, split, present, vectors, preVectors, postVectors }) => {
      const last = cpus - 1;
      const nodes = split < last ? [`0-${split}`, `${split + 1}-${last}`] : [`0-${last}`];
      const plugged = `0-${Math.min(present, cpus) - 1}`;
      const spread = spreadAffinity({
        kernel,
        vectors,
        possible: `0-${last}`,
        present: plugged,
        nodes,
        preVectors,
        postVectors,
      });
      const each = Array.from({ length: cpus }, (_, cpu) => String(cpu));
      const written = runSpreadCase({
        id: 'x',
        kernel,
        minvec: 2,
        maxvec: vectors,
        nvecs: spread.masks.length,
        affd: { pre: preVectors, post: postVectors, sets: null },
        nrCpuIds: cpus,
        possible: `0-${last}`,
        present: plugged,
        nodes,
        siblings: each,
        clusters: 'siblings',
        defaultAffinity: `0-${last}`,
      });
      expect(written).toMatchObject({
        masks: spread.masks,
        calcVectors: spread.masks.length,
        warn: spread.warn,
      });
    }),
  );
});

describe('a request that cannot be', () => {
  const good: SpreadRequest = { vectors: 4, possible: '0-7' };
  test.each<[Partial<SpreadRequest>, string]>([
    [{ possible: '' }, 'possible: at least one CPU is expected'],
    [{ possible: '0-x' }, 'possible: "0-x" is not a number or a range such as 0-3'],
    [{ possible: '0-32768' }, 'possible: a CPU above 32767'],
    [{ possible: '0-99999999999' }, 'possible: a CPU above 32767'],
    [{ present: '0-8' }, 'present: CPU 8 is outside 0-7'],
    [{ possible: '0-3,6-7', present: '4' }, 'present: holds CPUs that are not possible'],
    [{ nodes: ['0-3'] }, 'nodes: together they must be the possible CPUs'],
    [{ nodes: ['0-4', '4-7'] }, 'nodes: a CPU is in two nodes'],
    [{ siblings: ['0,1', '1,2'] }, 'siblings: CPU 1 is in two groups'],
    [{ siblings: ['a'] }, 'siblings: "a" is not a number'],
    [{ clusters: ['0-99999999999'] }, 'clusters: CPU 99999999999 is outside 0-7'],
    [{ vectors: 0 }, 'vectors: at least 1 expected'],
    [{ vectors: 2.5 }, 'vectors: expected a whole number from 0 to 1048576'],
    [{ vectors: 2, preVectors: 3 }, 'vectors: at least 3 expected, with preVectors and postVectors'],
    [{ preVectors: -1 }, 'preVectors: expected a whole number'],
    [{ kernel: '3.10' }, 'kernel 3.10 is older than the oldest modelled release'],
  ])('%j', (change, message) => {
    expect(() => spreadAffinity({ ...good, ...change })).toThrow(RangeError);
    expect(() => spreadAffinity({ ...good, ...change })).toThrow(message);
  });
});
