/** Interrupt numbers: the lowest free one is taken, and what is given back is free again. */
import { describe, expect, test } from 'vitest';
import { irqOf, placesOf, releaseIrq, takeIrq } from '../../../src/linux/sim/irq-numbers.ts';

describe('numbers', () => {
  const taken = (count: number) => {
    const numbers = { nextIrq: 24, freeIrqs: [] as number[] };
    for (let n = 0; n < count; n++) expect(takeIrq(numbers)).toBe(24 + n);
    return numbers;
  };

  test.each<[string, number[], number[], number]>([
    ['the last one', [28], [], 28],
    ['the last ones, from behind', [28, 27], [], 27],
    ['one between', [26], [26], 29],
    ['the first one', [24], [24], 29],
    ['in any order', [27, 24, 26], [24, 26, 27], 29],
    ['between and last', [26, 28], [26], 28],
  ])('%s given back', (_, back, free, next) => {
    const numbers = taken(5);
    for (const irq of back) releaseIrq(numbers, irq);
    expect(numbers).toEqual({ nextIrq: next, freeIrqs: free });
  });

  test('are taken again from the lowest', () => {
    const numbers = taken(5);
    for (const irq of [27, 25]) releaseIrq(numbers, irq);
    expect([takeIrq(numbers), takeIrq(numbers), takeIrq(numbers)]).toEqual([25, 27, 29]);
  });
});

test.each([
  [[24, 25, 26], { firstIrq: 24 }],
  [[24, 26, 27], { firstIrq: 24, irqs: [24, 26, 27] }],
  [[24, 25, 27], { firstIrq: 24, irqs: [24, 25, 27] }],
  [[31], { firstIrq: 31 }],
  [[], { firstIrq: 0 }],
])('places of %j: %j', (numbers, places) => {
  const made = placesOf(numbers);
  expect(made).toEqual(places);
  expect(numbers.map((_, vector) => irqOf(made, vector))).toEqual(numbers);
});
