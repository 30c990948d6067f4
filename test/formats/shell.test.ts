/** Command lines: quotes, continued lines, several commands, and the place of each character. */
import { expect, test } from 'vitest';
import { runsOf, runsProgram, splitCommands } from '../../src/formats/text/shell.ts';
import { cpuClock } from '../budget.ts';

const split = (text: string) => splitCommands(text).map((words) => words.map((word) => word.text));

test.each([
  ['a b  c', [['a', 'b', 'c']]],
  [
    'a \\\n  b\n c d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a \'b c\' "d e"f', [['a', 'b c', 'd ef']]],
  ['a "x\\"y" \'q\\\' z\\ w', [['a', 'x"y', 'q\\', 'z w']]],
  ['# a comment\n$ prog x # rest\n', [['$', 'prog', 'x']]],
  ['a;b && c | d', [['a'], ['b'], ['c'], ['d']]],
  ['a --x=#1 ""', [['a', '--x=#1', '']]],
  ['a\0b c\0\0', [['a', 'b c']]],
  ['', []],
])('%j', (text, commands) => {
  expect(split(text)).toEqual(commands);
});

test('places of characters, through quotes and escapes', () => {
  const text = 'x  y"z \\"w"v';
  const [, word] = splitCommands(text)[0];
  expect(word.text).toBe('yz "wv');
  for (const [index, char] of [...word.text].entries()) expect(text[word.at(index)]).toBe(char);
});

test.each([["a 'b"], ['a "b'], ['a "b\\"'], ['a \\']])('refuses %j', (text) => {
  expect(() => splitCommands(text)).toThrow(/quote has no end|nothing follows/);
});

test('finds the program behind what people put before it', () => {
  const isProgram = (name: string) => name === 'vmm';
  for (const line of ['vmm --a', '$ ./vmm --a', 'A=1 sudo /usr/bin/vmm --a', '# notes\n\nvmm \\\n --a']) {
    expect(runsOf(splitCommands(line), isProgram).map((words) => words.map(({ text }) => text))).toEqual([
      ['--a'],
    ]);
    expect(runsProgram(new TextEncoder().encode(line), isProgram)).toBe(true);
  }
  for (const line of [
    'chmod +x vmm',
    'sudo apt install vmm',
    'vmm --version',
    'which /usr/bin/vmm && echo vmm',
  ])
    expect(runsOf(splitCommands(line), isProgram)).toEqual([]);
  for (const line of ['# vmm is good', 'kernel: vmm', '{ vmm }', 'other vmm']) {
    expect(runsProgram(new TextEncoder().encode(line), isProgram)).toBe(false);
  }
});

test('long texts take no long time', () => {
  const cpuSeconds = cpuClock();
  for (const text of ['"\\a'.repeat(250_000), `"${'\\\\'.repeat(500_000)}"`, "a'b'".repeat(125_000)]) {
    try {
      splitCommands(text);
    } catch (error) {
      expect((error as Error).message).toMatch(/quote has no end/);
    }
  }
  expect(cpuSeconds()).toBeLessThan(3);
});

test('many words in a row are words like others', () => {
  const words = 'x '.repeat(150_000);
  for (const text of [
    `A=( ${words})`,
    `case x in ${'y|'.repeat(150_000)}z) ;; esac`,
    `for i in ${words}; do :; done`,
  ])
    expect(() => splitCommands(`${text}\nvmm\n`)).not.toThrow();
});
