import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applyEdits } from '../../src/formats/text/text-edits.ts';
import { editsBetween } from '../../src/lsp/edits.ts';
import { placesOf } from '../../src/lsp/places.ts';

describe('edits between two texts', () => {
  const line = fc.constantFrom(
    'a: 1',
    'b: false',
    '  🐧: x',
    '',
    '- one',
    "<vcpu placement='static'>4</vcpu>",
  );
  const text = fc
    .tuple(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom('', '\ufeff'),
    )
    .map(([lines, end, mark]) => mark + lines.join(end));

  test('give the other, by offsets and by the positions of the protocol', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edits = editsBetween(before, after);
        expect(applyEdits(before, edits)).toBe(after);
        const { document, range } = placesOf('file:///x', 1, before);
        const ranged = edits.map(({ start, end, text: newText }) => ({ range: range(start, end), newText }));
        expect(TextDocument.applyEdits(document, ranged)).toBe(after);
      }),
    );
  });

  test('are small, and hold whole words', () => {
    const before = 'a: 1\nextDestId: false\nb: 2\n# 🐧\n';
    expect(editsBetween(before, before)).toEqual([]);
    expect(editsBetween(before, before.replace('false', 'true'))).toEqual([
      { start: 16, end: 21, text: 'true' },
    ]);
    expect(editsBetween(before, before.replace('🐧', '🐦'))).toEqual([{ start: 29, end: 31, text: '🐦' }]);
    expect(editsBetween(before, `${before}c: 3\n`)).toEqual([{ start: 32, end: 32, text: 'c: 3\n' }]);
    expect(editsBetween('a\r\nb\r\n', 'a\nb\r\n')).toEqual([{ start: 1, end: 3, text: '\n' }]);
  });

  test('of texts with little in common are one', () => {
    const lines = (word: string) => Array.from({ length: 600 }, (_, n) => `${word} ${n}\n`).join('');
    expect(editsBetween(lines('a'), lines('b'))).toHaveLength(1);
  });
});
