/** Memories of pure functions: what is recalled is what would be made, and what was not asked does not count. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecall, makeAnew } from '../../../../src/questions/whatif/shared/recall.ts';
import { runs } from '../../../budget.ts';

interface Sample {
  readonly a: number;
  readonly inner: { readonly b: number; readonly list: readonly number[]; readonly text?: string };
  readonly has: (name: string) => boolean;
}

const LISTS = [[1], [1], []];

const facts = fc
  .record({ a: fc.nat(2), b: fc.nat(2), list: fc.nat(2), text: fc.nat(2), names: fc.nat(3) })
  .map(
    ({ a, b, list, text, names }): Sample => ({
      a,
      inner: { b, list: LISTS[list], ...(text === 0 ? {} : { text: `text ${text}` }) },
      has: (name) => ((names >>> Number(name)) & 1) === 1,
    }),
  );

/** Asks for one thing or another, in every way there is, as the answers go. */
function make({ a, inner, has }: Sample): string {
  if (a === 0) return `a0 ${has('0')} ${has('1')}`;
  if (a === 1) return `a1 ${inner.b} ${'text' in inner} ${has('1')}`;
  const { list, ...rest } = inner;
  return `a2 ${list.length} ${Object.keys(rest).join()} ${has('0') ? inner.text : inner.b}`;
}

describe('a memory', () => {
  test('gives what would be made, however small it is and whatever came before', () => {
    const of = [{}, {}];
    const asked = fc.array(fc.tuple(fc.nat(1), facts), { maxLength: 60 });
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 40 }), (calls, room) => {
        const recall = createRecall<object, Sample, string>(room, () => 1);
        for (const [which, one] of calls) {
          const made = `${which} ${make(one)}`;
          expect(recall(of[which], one, (seen) => `${which} ${make(seen)}`)).toBe(made);
          expect(makeAnew(of[which], one, make)).toBe(make(one));
        }
      }),
      { numRuns: runs(300) },
    );
  });

  const base: Sample = { a: 1, inner: { b: 1, list: [] }, has: () => false };
  const counting = () => {
    const made = { times: 0 };
    const recall = createRecall<object, Sample, { readonly n: number }>(100, () => 1);
    const of = {};
    const call = (one: Sample, key: object = of) =>
      recall(key, one, (seen) => ({ n: make(seen).length + 1000 * ++made.times }));
    return { made, call };
  };

  test('does not look at what was not asked, and looks at all that was', () => {
    const { made, call } = counting();
    const first = call(base);
    expect(call({ ...base, inner: { b: 1, list: [7, 8] } })).toBe(first);
    expect(call({ ...base, has: (name) => name === '0' })).toBe(first);
    expect(made.times).toBe(1);
    call({ ...base, has: () => true });
    call({ ...base, inner: { ...base.inner, text: 'there' } });
    call({ ...base, inner: { ...base.inner, b: 2 } });
    call(base, {});
    expect(made.times).toBe(5);
    expect(call(base)).toBe(first);
  });

  test('lists count by identity', () => {
    const { made, call } = counting();
    const at = (list: readonly number[]) => call({ ...base, a: 2, inner: { ...base.inner, list } });
    expect(at(LISTS[0])).toBe(at(LISTS[0]));
    expect(at(LISTS[0])).not.toBe(at(LISTS[1]));
    expect(made.times).toBe(2);
  });

  test('watches less where nothing is ever found, and again where something is', () => {
    const recall = createRecall<object, Sample, Sample>(1000, () => 1);
    const watchedAt: number[] = [];
    const at = (b: number) => {
      const one: Sample = { ...base, inner: { ...base.inner, b } };
      recall(recall, one, (seen) => {
        make(seen);
        if (seen !== one) watchedAt.push(b);
        return one;
      });
    };
    for (let b = 0; b < 40; b++) at(b);
    expect(watchedAt).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 15, 31]);
    at(31);
    for (let b = 100; b < 103; b++) at(b);
    expect(watchedAt.slice(10)).toEqual([100, 101, 102]);
  });

  test('says so if a function asks without having a reason to', () => {
    const recall = createRecall<object, Sample, number>(100, () => 1);
    recall(recall, base, ({ a }) => a);
    expect(() => recall(recall, { ...base, a: 2 }, ({ inner }) => inner.b)).toThrow(
      'the answers decide what is asked next',
    );
  });
});
