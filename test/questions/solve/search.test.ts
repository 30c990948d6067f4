/** The search against trying every number: the same best and border, and no claim that trying all would not bear out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Found, search, TRIED_AT_MOST, type Trial } from '../../../src/questions/solve/search.ts';

const STOP = { rule: 'rule', message: 'why' };

const attempt =
  (whole: (value: number) => boolean) =>
  (value: number): Trial => ({
    value,
    verdict: whole(value) ? 'pass' : 'fail',
    stop: whole(value) ? null : STOP,
  });

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

const claims = (found: Found) => ({ best: found.best?.value ?? null, next: found.next?.value ?? null });

describe('numbers that are all tried', () => {
  test('give the last that works, whatever is between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('most', 'least'),
        (works, want) => {
          const numbers = range(1, works.length);
          const found = search(
            numbers,
            want,
            false,
            attempt((value) => works[value - 1]),
          );
          const good = numbers.filter((value) => works[value - 1]);
          const best = good.length === 0 ? null : want === 'most' ? Math.max(...good) : Math.min(...good);
          expect(found.best?.value ?? null).toBe(best);
          const away = want === 'most' ? numbers : [...numbers].reverse();
          const firstBad = away.findIndex((value) => !works[value - 1]);
          const inOrder = firstBad < 0 || away.slice(firstBad).every((value) => !works[value - 1]);
          expect(found.monotone).toBe(inOrder);
          expect(found.trials.map(({ value }) => value)).toEqual(numbers);
        },
      ),
    );
  });
});

describe('numbers of which more is never better', () => {
  test.each([0, 1, 2, 37, 998, 999, 1000])('the border at %d is found with few trials', (border) => {
    const found = search(
      range(1, 1000),
      'most',
      true,
      attempt((value) => value <= border),
    );
    expect(claims(found)).toEqual({
      best: border === 0 ? null : border,
      next: border === 1000 ? null : border + 1,
    });
    expect(found.monotone).toBe(true);
    expect(found.trials.length).toBeLessThan(32);
  });

  test('a probe that works beyond the border makes all be tried', () => {
    const found = search(
      range(1, 1000),
      'most',
      true,
      attempt((value) => value <= 10 || value === 1000),
    );
    expect(claims(found)).toEqual({ best: 1000, next: null });
    expect(found.monotone).toBe(false);
    expect(found.trials).toHaveLength(1000);
  });
});

test('of more numbers than can be tried, the border is exact and nothing is said of those between', () => {
  const found = search(
    range(1, 50_000),
    'most',
    false,
    attempt((value) => value <= 33_333),
  );
  expect(claims(found)).toEqual({ best: 33_333, next: 33_334 });
  expect(found.monotone).toBeNull();
  expect(found.trials.length).toBeLessThan(TRIED_AT_MOST + 32);
});
