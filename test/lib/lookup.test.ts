/** Names from inputs find what a table itself holds, and nothing that every object has. */
import { expect, test } from 'vitest';
import { isKeyOf, lookup } from '../../src/lib/lookup.ts';

const TABLE = { one: 1, none: null } as const;
const INHERITED = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];

test('names that the table holds', () => {
  expect(lookup(TABLE, 'one')).toBe(1);
  expect(lookup(TABLE, 'none')).toBeNull();
  expect(isKeyOf(TABLE, 'none')).toBe(true);
});

test.each(['two', 'ONE', '', ...INHERITED])('%j is not in the table', (name) => {
  expect(lookup(TABLE, name)).toBeUndefined();
  expect(isKeyOf(TABLE, name)).toBe(false);
});

test('no name is no entry, whatever the table holds', () => {
  expect(lookup({ undefined: 1 }, undefined)).toBeUndefined();
});
