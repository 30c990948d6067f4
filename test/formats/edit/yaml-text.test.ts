/** Values set in YAML and JSON text: what changes, and what is refused. */
import { describe, expect, test } from 'vitest';
import { changeWordsInYaml, setInYaml } from '../../../src/formats/text/yaml-text.ts';

interface Case {
  readonly what: string;
  readonly text: string;
  readonly path: (string | number)[];
  readonly value: unknown;
  readonly result: string | null;
}

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');

const SET: readonly Case[] = [
  {
    what: 'a plain text, beside its comment',
    text: lines('kernel: v6 # newest', 'b: 1'),
    path: ['kernel'],
    value: 'v7',
    result: lines('kernel: v7 # newest', 'b: 1'),
  },
  {
    what: 'a text in double quotes',
    text: lines('kernel: "5.10"'),
    path: ['kernel'],
    value: '6.12',
    result: lines('kernel: "6.12"'),
  },
  {
    what: 'a text in single quotes',
    text: lines("kernel: '5.10'"),
    path: ['kernel'],
    value: "it's",
    result: lines("kernel: 'it''s'"),
  },
  {
    what: 'a number in place of a text',
    text: lines('a: "x"'),
    path: ['a'],
    value: 7,
    result: lines('a: 7'),
  },
  {
    what: 'a value with an anchor of its own that nobody uses',
    text: lines('a: &here 1', 'b: 2'),
    path: ['a'],
    value: 3,
    result: lines('a: &here 3', 'b: 2'),
  },
  {
    what: 'a missing value',
    text: lines('a: # nothing', 'b: 2'),
    path: ['a'],
    value: 3,
    result: lines('a: 3 # nothing', 'b: 2'),
  },
  {
    what: 'a key below the last, before the comment of what follows',
    text: lines('top:', '  a: 1 # one', '', '# about b', 'b: 2'),
    path: ['top', 'c'],
    value: 3,
    result: lines('top:', '  a: 1 # one', '  c: 3', '', '# about b', 'b: 2'),
  },
  {
    what: 'a key at the end of a file without a last line end',
    text: 'a: 1\nb: 2',
    path: ['c'],
    value: '6.10',
    result: 'a: 1\nb: 2\nc: "6.10"',
  },
  {
    what: 'a key behind a block of text',
    text: lines('top:', '  a: |', '    x', '    y', 'b: 2'),
    path: ['top', 'c'],
    value: true,
    result: lines('top:', '  a: |', '    x', '    y', '  c: true', 'b: 2'),
  },
  {
    what: 'a key of a mapping in a list',
    text: lines('devices:', '  - name: a', '    driver: nvme', '  - name: b'),
    path: ['devices', 0, 'queues'],
    value: 4,
    result: lines('devices:', '  - name: a', '    driver: nvme', '    queues: 4', '  - name: b'),
  },
  {
    what: 'a key inside braces',
    text: lines('d:', '- { name: a, driver: nvme } # fast'),
    path: ['d', 0, 'queues'],
    value: 4,
    result: lines('d:', '- { name: a, driver: nvme, queues: 4 } # fast'),
  },
  {
    what: 'a key inside braces that stand over several lines',
    text: lines('a: {', '  b: 1, # one', '  c: 2  # two', '}'),
    path: ['a', 'd'],
    value: 3,
    result: lines('a: {', '  b: 1, # one', '  c: 2,  # two', '  d: 3', '}'),
  },
  {
    what: 'a key behind a last comma',
    text: lines('a: {', '  b: 1, # one', '}'),
    path: ['a', 'd'],
    value: 3,
    result: lines('a: {', '  b: 1, # one', '  d: 3,', '}'),
  },
  {
    what: 'a key of empty braces',
    text: lines('a: {}'),
    path: ['a', 'b'],
    value: 'x, y',
    result: lines('a: { b: "x, y" }'),
  },
  {
    what: 'parents that are missing',
    text: lines('a: 1'),
    path: ['kernelConfig', 'irqRemap'],
    value: true,
    result: lines('a: 1', 'kernelConfig: { irqRemap: true }'),
  },
  {
    what: 'an element of a list of lines, of another in brackets, of an empty one',
    text: lines('a:', '  - 1 # one', 'b: 2'),
    path: ['a', 1],
    value: 'x',
    result: lines('a:', '  - 1 # one', '  - x', 'b: 2'),
  },
  { what: 'a list in brackets', text: 'a: [1, 2]', path: ['a', 2], value: 3, result: 'a: [1, 2, 3]' },
  { what: 'an empty list', text: 'a: []', path: ['a', 0], value: { b: 1 }, result: 'a: [{ b: 1 }]' },
  {
    what: 'only the parts of a mapping that differ',
    text: lines('a:', '  b: 1 # keep', '  c: 2', 'd: 4'),
    path: ['a'],
    value: { b: 1, e: 3 },
    result: lines('a:', '  b: 1 # keep', '  e: 3', 'd: 4'),
  },
  {
    what: 'a scalar in place of braces',
    text: lines('remapping: { enabled: off } # none', 'b: 1'),
    path: ['remapping'],
    value: 'on',
    result: lines('remapping: on # none', 'b: 1'),
  },
  {
    what: 'a scalar in place of a block',
    text: lines('remapping:', '  enabled: off', 'b: 1'),
    path: ['remapping'],
    value: 'on',
    result: lines('remapping: on', 'b: 1'),
  },
  {
    what: 'not a block with a comment, which would go',
    text: lines('remapping:', '  enabled: off # broken', '  eim: off', 'b: 1'),
    path: ['remapping'],
    value: 'on',
    result: null,
  },
  {
    what: 'a key away, with its line and comment',
    text: lines('a: 1', 'b: 2 # two', '# about c', 'c: 3'),
    path: ['b'],
    value: undefined,
    result: lines('a: 1', '# about c', 'c: 3'),
  },
  {
    what: 'a key away behind a dash',
    text: lines('l:', '  - a: 1', '    b: 2'),
    path: ['l', 0, 'a'],
    value: undefined,
    result: lines('l:', '  - b: 2'),
  },
  {
    what: 'a key away from braces',
    text: '{ a: 1, b: 2 }',
    path: ['b'],
    value: undefined,
    result: '{ a: 1 }',
  },
  { what: 'the first key away', text: '{ a: 1, b: 2 }', path: ['a'], value: undefined, result: '{ b: 2 }' },
  {
    what: 'the only key away',
    text: 'x:\n  a: 1\n',
    path: ['x', 'a'],
    value: undefined,
    result: 'x:\n  {}\n',
  },
  {
    what: 'not what stands behind an alias',
    text: lines('a: &shared { q: 1 }', 'b: *shared'),
    path: ['b', 'q'],
    value: 2,
    result: null,
  },
  {
    what: 'not what an alias repeats',
    text: lines('a: &shared { q: 1 }', 'b: *shared'),
    path: ['a', 'q'],
    value: 2,
    result: null,
  },
  { what: 'nothing in text that is no YAML', text: 'a: [', path: ['a'], value: 1, result: null },
  { what: 'nothing below a text', text: 'a: x', path: ['a', 'b'], value: 1, result: null },
  { what: 'no element beyond the end of a list', text: 'a: [1]', path: ['a', 3], value: 1, result: null },
];

const JSON_CASES: readonly Case[] = [
  {
    what: 'JSON of two blanks',
    text: lines('{', '  "a": 1,', '  "b": {', '    "c": 2', '  }', '}'),
    path: ['b', 'd'],
    value: '6.12',
    result: lines('{', '  "a": 1,', '  "b": {', '    "c": 2,', '    "d": "6.12"', '  }', '}'),
  },
  {
    what: 'JSON of tabs',
    text: lines('{', '\t"a": 1', '}'),
    path: ['b', 'c'],
    value: [true, null],
    result: lines('{', '\t"a": 1,', '\t"b": { "c": [true, null] }', '}'),
  },
  { what: 'JSON without blanks', text: '{"a":1}', path: ['b', 'c'], value: 2, result: '{"a":1,"b":{"c":2}}' },
  { what: 'a text of JSON', text: '{"a": "x\\"y"}', path: ['a'], value: 'é"\n', result: '{"a": "é\\"\\n"}' },
  {
    what: 'a key of JSON away',
    text: '{"a": 1, "b": [1, 2]}',
    path: ['b'],
    value: undefined,
    result: '{"a": 1}',
  },
  {
    what: 'an element of JSON away',
    text: '{"b": [1, 2]}',
    path: ['b', 1],
    value: undefined,
    result: '{"b": [1]}',
  },
];

describe('setInYaml', () => {
  test.each([...SET, ...JSON_CASES])('sets $what', async ({ text, path, value, result }) => {
    expect(await setInYaml(text, path, value)).toBe(result);
  });

  test.each([...SET, ...JSON_CASES])('keeps CRLF: $what', async ({ text, path, value, result }) => {
    const crlf = (one: string) => one.replaceAll('\n', '\r\n');
    expect(await setInYaml(crlf(text), path, value)).toBe(result === null ? null : crlf(result));
  });

  test('sets a value in one of several documents', async () => {
    const text = lines('# first', '---', 'a: 1', '---', '# empty', '---', 'a: 1 # second', '...');
    expect(await setInYaml(text, ['a'], 2, 1)).toBe(text.replace('a: 1 # second', 'a: 2 # second'));
    expect(await setInYaml(text, ['a'], 2, 2)).toBeNull();
  });
});

describe('changeWordsInYaml', () => {
  const change = { add: ['nr_cpus=4'], remove: ['intremap=off'] };

  test.each([
    ['cmdline: ro intremap=off', 'cmdline: ro nr_cpus=4'],
    ["cmdline: 'ro intremap=off' # old", "cmdline: 'ro nr_cpus=4' # old"],
    ['cmdline: >-\n  ro\n  intremap=off\nb: 1\n', 'cmdline: >-\n  ro\n  nr_cpus=4\nb: 1\n'],
    ['{ "cmdline": "ro intremap=off", "b": 1 }', '{ "cmdline": "ro nr_cpus=4", "b": 1 }'],
  ])('%j', async (text, result) => {
    expect(await changeWordsInYaml(text, ['cmdline'], change)).toBe(result);
  });

  test('refuses a text whose source has escapes, and what is no text', async () => {
    expect(await changeWordsInYaml('cmdline: "a=\\"b\\" intremap=off"', ['cmdline'], change)).toBeNull();
    expect(await changeWordsInYaml('cmdline: 7', ['cmdline'], change)).toBeNull();
    expect(await changeWordsInYaml('a: 7', ['cmdline'], change)).toBeNull();
  });
});
