/** SHA-256 against the runtime's own. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Base64 } from '../../src/lib/sha256.ts';

const known = (text: string): string => createHash('sha256').update(text).digest('base64');

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 100_000])('of %d letters', (length) => {
  const text = 'x'.repeat(length);
  expect(sha256Base64(text)).toBe(known(text));
});

test('of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(sha256Base64(text)).toBe(known(text));
    }),
  );
});
