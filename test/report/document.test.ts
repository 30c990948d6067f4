/** One document, two forms: the same words on a terminal and in Markdown, whatever is in them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Document } from '../../src/report/document/block.ts';
import { documentWriter } from '../../src/report/document/writer.ts';
import { anyText } from '../any-text.ts';

const text = await documentWriter('text');
const markdown = await documentWriter('markdown');
const written = (
  document: Document,
  format: 'text' | 'markdown',
  ...rest: [Parameters<typeof text.whole>[1], Parameters<typeof text.whole>[2]?]
) => (format === 'text' ? text : markdown).whole(document, ...rest);

const STYLE = { width: 60, colour: 0 } as const;

const SAMPLE: Document = [
  [
    {
      kind: 'headline',
      level: 2,
      verdict: 'FAIL',
      tone: 'bad',
      title: 'guest.yaml',
      text: '2 of 4 CPUs reachable',
    },
    {
      kind: 'facts',
      facts: [
        { name: 'because', texts: ['no IOMMU'], note: 'guest.yaml:3' },
        { name: '', texts: ['below'] },
      ],
    },
  ],
  [{ kind: 'heading', level: 3, text: ['Set ', { code: '--set x' }] }],
  [{ kind: 'paragraph', text: { prose: 'as `this` says' } }],
  [{ kind: 'entries', entries: [{ term: 'one', texts: ['first', 'second'] }] }],
  [
    {
      kind: 'table',
      columns: [{ title: 'queue' }, { title: 'vectors', numbers: true }],
      rows: [[{ text: 'a|b' }, { text: '12' }]],
    },
  ],
];

describe('a document', () => {
  test('on a terminal: sections with an empty line between', () => {
    expect(written(SAMPLE, 'text', STYLE, { margin: 2, indent: 2 }).split('\n')).toEqual([
      'FAIL  guest.yaml  2 of 4 CPUs reachable',
      '  because   no IOMMU  [guest.yaml:3]',
      '            below',
      '',
      'Set --set x',
      '',
      'as `this` says',
      '',
      'one',
      '  first',
      '  second',
      '',
      'queue  vectors',
      'a|b         12',
      '',
    ]);
  });

  test('in Markdown: blocks with an empty line between', () => {
    expect(written(SAMPLE, 'markdown', STYLE).split('\n')).toEqual([
      '## FAIL `guest.yaml` 2 of 4 CPUs reachable',
      '',
      '- because: no IOMMU (guest.yaml:3)',
      '  - below',
      '',
      '### Set `--set x`',
      '',
      'as `this` says',
      '',
      '- **one**',
      '  - first',
      '  - second',
      '',
      '| queue | vectors |',
      '| --- | ---: |',
      '| a\\|b | 12 |',
      '',
    ]);
  });

  test('a grid that is too wide for its words has signs, and a legend', () => {
    const MARKS = [
      { word: 'good', sign: '.', meaning: 'fine', ground: 'good' },
      { word: 'bad', sign: 'x', meaning: 'lost', ground: 'bad', remark: 'so it is' },
    ] as const;
    const columns = Array.from({ length: 8 }, (_, n) => String(n));
    const cells = [columns.map((_, n) => ({ text: MARKS[n % 2].word, ground: MARKS[n % 2].ground }))];
    const grid = { kind: 'grid', down: 'a', across: 'b', rows: ['1'], columns, cells, marks: MARKS } as const;
    const document: Document = [[grid], [{ kind: 'legend', grid, used: MARKS }]];
    expect(written(document, 'text', { width: 60, colour: 0 })).toBe(
      '  b\na   0   1    2   3    4   5    6   7\n1 good bad good bad good bad good bad\n\nbad: so it is\n',
    );
    expect(written(document, 'text', { width: 20, colour: 0 })).toBe(
      '  b\na 0 1 2 3 4 5 6 7\n1 . x . x . x . x\n\n .  fine   x  lost\nx: so it is\n',
    );
  });

  test('members of a kind stand below each other, sets with their numbers', () => {
    const members = [
      { name: 'reachable', set: { list: '0-3', count: 4 }, text: '4 online' },
      { name: 'unknown', set: { list: '', count: 0 }, text: '' },
      { name: 'ignored', text: '2 of firmware' },
    ];
    const document: Document = [[{ kind: 'members', name: 'CPUs', members }]];
    expect(written(document, 'text', STYLE).split('\n')).toEqual([
      'CPUs      reachable  0-3                    (4)    4 online',
      '          unknown    none',
      '          ignored    2 of firmware',
      '',
    ]);
    expect(written(document, 'markdown', STYLE).split('\n')).toEqual([
      '- CPUs:',
      '  - reachable: 0-3 (4), 4 online',
      '  - unknown: none',
      '  - ignored: 2 of firmware',
      '',
    ]);
  });

  test('columns that do not fit go on beside the keys', () => {
    const document: Document = [
      [
        {
          kind: 'table',
          keys: 1,
          columns: [{ title: 'key' }, { title: 'one' }, { title: 'two', numbers: true }],
          rows: [[{ text: 'a' }, { text: 'some text' }, { text: '12' }]],
        },
      ],
    ];
    expect(written(document, 'text', { width: 15, colour: 0 })).toBe(
      'key one\na   some text\n\nkey two\na    12\n',
    );
    expect(written(document, 'markdown', STYLE)).toBe(
      '| key | one | two |\n| --- | --- | ---: |\n| a | some text | 12 |\n',
    );
  });

  test('colours change no character', () => {
    const plain = written(SAMPLE, 'text', STYLE);
    const coloured = written(SAMPLE, 'text', { ...STYLE, colour: 3 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(plain);
    expect(coloured).not.toBe(plain);
  });

  test.each([
    ['- no item', '\\- no item'],
    ['# no heading', '\\# no heading'],
    ['1. no number', '1&#8203;. no number'],
    ['> nobody said so', '&gt; nobody said so'],
    ['-5 degrees', '\\-5 degrees'],
  ])('%j as a paragraph of Markdown', (text, expected) => {
    expect(written([[{ kind: 'paragraph', text }]], 'markdown', STYLE)).toBe(`${expected}\n`);
  });

  test('no text of others leaves its line', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const document: Document = [
          [{ kind: 'facts', facts: [{ name: 'x', texts: [text, { code: text }] }] }],
        ];
        expect(written(document, 'markdown', STYLE).split('\n')).toHaveLength(3);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
        expect(written(document, 'text', STYLE)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      }),
    );
  });
});
