/** JSON that is printed: equal to what went in, and nothing in it that a terminal would obey. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/lib/json-text.ts';
import { visible } from '../../src/lib/visible.ts';
import { anyText } from '../any-text.ts';

test('what hides itself is escaped, and the value is the same', () => {
  const value = { 'a\u202eb': 'c\u009b\u200b\x1b[31m\n\u2028\u{e0041}\u034f', é: ['日本', 'مرحبا'] };
  const text = jsonText(value);
  expect(text).toBe(
    '{"a\\u202eb":"c\\u009b\\u200b\\u001b[31m\\n\\u2028\\udb40\\udc41\\u034f","é":["日本","مرحبا"]}',
  );
  expect(JSON.parse(text)).toEqual(value);
});

test('any text comes back, and is visible on the way', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const json = jsonText([text], 2);
      expect(JSON.parse(json)).toEqual([text]);
      for (const line of json.split('\n')) expect(visible(line)).toBe(line);
    }),
  );
});
