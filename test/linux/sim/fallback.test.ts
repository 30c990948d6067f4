/** How a driver got less than it asked for, in words. */
import { expect, test } from 'vitest';
import { fallbackText } from '../../../src/linux/sim/fallback.ts';

// granted, attempt, queues wanted, queues had, errno
test.each<[number, number, number, number, number, string | null]>([
  [5, 0, 4, 4, 0, null],
  [0, 0, 4, 0, 0, 'the MSI-X table is too small'],
  [0, 1, 4, 0, 28, 'no interrupt vector: the probe fails with error -28'],
  [1, 0, 4, 1, 0, '1 vector could be had: 1 of 4 queues'],
  [3, 0, 4, 2, 0, '3 vectors could be had: 2 of 4 queues'],
  [1, 1, 4, 4, 0, '1 vector, shared by all queues'],
  [2, 1, 4, 4, 0, '2 vectors, one of them shared by all queues'],
])(
  '%i vectors at attempt %i for %i queues, %i had, errno %i: %s',
  (granted, attempt, wanted, had, errno, text) => {
    expect(fallbackText(granted, attempt, wanted, had, errno)).toBe(text);
  },
);
