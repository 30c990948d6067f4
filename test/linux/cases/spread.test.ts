/** Cases of `irqsim engine spread` at the limits of their fields: the error names the field, and never throws. */
import { describe, expect, test } from 'vitest';
import { runSpreadCase } from '../../../src/linux/cases/spread.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';

const CASE = {
  id: 'x',
  kernel: '6.12',
  nrCpuIds: 4,
  possible: '0-3',
  present: '0-1',
  nodes: ['0-1', '2-3'],
  siblings: [['0-1'], ['2-3']].flat(),
  clusters: 'siblings',
  defaultAffinity: '0-3',
  minvec: 1,
  maxvec: 5,
  nvecs: 5,
  affd: { pre: 1, post: 0, sets: null },
};
const run = (change: object) => runSpreadCase({ ...CASE, ...change });
const errorOf = (change: object) => {
  const result = run(change);
  return 'error' in result ? result.error : null;
};
const affd = (change: object) => ({ affd: { pre: 0, post: 0, ...change } });
const VECTORS = 1_048_576;
const UINT_MAX = 0xffff_ffff;

test('the case itself', () => {
  expect(run({})).toEqual({
    id: 'x',
    kernel: '6.12',
    calcVectors: 5,
    setSizes: [4],
    masks: ['0-3', '0', '1', '2', '3'],
    managed: [1, 5],
    warn: false,
  });
});

describe('what is no case', () => {
  test.each([null, 'text', 7, [], [CASE]])('%j', (input) => {
    expect(runSpreadCase(input)).toEqual({ id: null, error: 'a case is an object' });
  });

  test.each([undefined, null, 7, {}])('id %j', (id) => {
    expect(run({ id })).toEqual({ id: null, error: 'id: expected a string' });
  });

  test.each([undefined, null, 6.12])('kernel %j', (kernel) => {
    expect(run({ kernel })).toEqual({ id: 'x', error: 'kernel: expected a string' });
  });

  test('a kernel that takes the place of the case', () => {
    const other = kernelProfile('5.10');
    expect(runSpreadCase({ ...CASE, kernel: undefined }, other)).toMatchObject({
      kernel: other.text,
      masks: {},
    });
  });
});

describe('counts', () => {
  const COUNTS = [
    ['minvec', UINT_MAX],
    ['maxvec', UINT_MAX],
    ['nvecs', VECTORS],
    ['nrCpuIds', 32_768],
  ] as const;

  describe.each(COUNTS)('%s, at most %i', (name, max) => {
    test.each([undefined, null, '1', 1.5, -1, max + 1, Number.NaN])('%j is refused', (value) => {
      expect(errorOf({ [name]: value })).toBe(`${name}: expected a whole number from 0 to ${max}`);
    });
    test.each([0, max])('%i is a number', (value) => {
      expect(errorOf({ [name]: value }) ?? '').not.toContain(`${name}: expected`);
    });
  });

  test.each(['pre', 'post'])('%s of the descriptor', (name) => {
    expect(errorOf(affd({ [name]: -1 }))).toBe(`${name}: expected a whole number from 0 to ${VECTORS}`);
    expect(errorOf(affd({ [name]: VECTORS + 1 }))).toBe(
      `${name}: expected a whole number from 0 to ${VECTORS}`,
    );
    expect(errorOf(affd({ [name]: VECTORS }))).toBeNull();
  });
});

describe('sets', () => {
  test.each([undefined, null])('%j: one set', (sets) => {
    expect(run(affd({ sets }))).toMatchObject({ setSizes: [5] });
  });

  test.each([7, 'all', [2, 2]])('%j is refused', (sets) => {
    expect(errorOf(affd({ sets }))).toBe('sets: expected null, {"nvmeWriteQueues"} or {"list"}');
  });

  test('queues that the NVMe driver keeps for writes', () => {
    expect(run(affd({ sets: { nvmeWriteQueues: 2 } }))).toMatchObject({ setSizes: [2, 3] });
    expect(errorOf(affd({ sets: { nvmeWriteQueues: UINT_MAX } }))).toBeNull();
    expect(errorOf(affd({ sets: { nvmeWriteQueues: -1 } }))).toContain('nvmeWriteQueues: expected a whole');
  });

  test('a list', () => {
    expect(run(affd({ sets: { list: [3, 2] } }))).toMatchObject({ setSizes: [3, 2] });
    expect(errorOf(affd({ sets: {} }))).toBe('list: expected an array');
    expect(errorOf(affd({ sets: { list: [1, -1] } }))).toBe(
      `list: expected a whole number from 0 to ${VECTORS}`,
    );
    expect(errorOf(affd({ sets: { list: [VECTORS, 0] } }))).toBeNull();
    expect(errorOf(affd({ sets: { list: [VECTORS, 1] } }))).toBe(
      `list: the sizes sum to more than ${VECTORS}`,
    );
    const many = (length: number) => affd({ sets: { list: Array.from({ length }, () => 0) } });
    expect(errorOf(many(257))).toBe('list: more than 256 entries');
    expect(errorOf(many(256)) ?? '').not.toContain('more than');
  });

  test.each([undefined, null, []])('a descriptor %j', (value) => {
    expect(errorOf({ affd: value })).toBe('affd: expected an object');
  });
});

describe('CPUs', () => {
  test.each<[object, string]>([
    [{ possible: 3 }, 'possible: expected a CPU list such as "0-3,8"'],
    [{ present: null }, 'present: expected a CPU list such as "0-3,8"'],
    [{ defaultAffinity: undefined }, 'defaultAffinity: expected a CPU list such as "0-3,8"'],
    [{ present: '0-3', possible: '0-2' }, 'present: holds CPUs that are not possible'],
    [{ nodes: '0-3' }, 'nodes: expected an array'],
    [{ nodes: ['0-1', '1-3'] }, 'nodes: a CPU is in two nodes'],
    [{ nodes: ['0-1', '2'] }, 'nodes: together they must be the possible CPUs'],
    [{ nodes: Array.from({ length: 1025 }, () => '') }, 'nodes: more than 1024 entries'],
    [{ siblings: null }, 'siblings: expected an array'],
    [{ siblings: ['0-1', '0'] }, 'siblings: CPU 0 is in two groups'],
    [{ siblings: ['0', '1', '2', '3', ''] }, 'siblings: more than 4 entries'],
    [{ clusters: ['0-1', '1-2'] }, 'clusters: CPU 1 is in two groups'],
    [{ clusters: 'cores' }, 'clusters: expected an array'],
  ])('%j', (change, message) => {
    expect(run(change)).toEqual({ id: 'x', error: message });
  });

  test('a list that is none names its field', () => {
    expect(errorOf({ possible: '0-9' })).toMatch(/^possible: ./);
    expect(errorOf({ siblings: ['0-1', 'x'] })).toMatch(/^siblings: ./);
  });

  test('as many nodes as there can be', () => {
    const nodes = ['0-3', ...Array.from({ length: 1023 }, () => '')];
    expect(errorOf({ nodes })).toBeNull();
  });

  test('clusters of their own: neighbours share a vector', () => {
    const change = { nodes: ['0-3'], present: '0-3', nvecs: 2, affd: { pre: 0, post: 0, sets: null } };
    const masks = (clusters: unknown) => {
      const result = run({ ...change, kernel: '7.0', siblings: [], clusters });
      return 'masks' in result ? result.masks?.toSorted() : result;
    };
    expect(masks(['0,2', '1,3'])).toEqual(['0,2', '1,3']);
    expect(masks(['0-1', '2-3'])).toEqual(['0-1', '2-3']);
    expect(masks('siblings')).toEqual(masks([]));
  });
});
