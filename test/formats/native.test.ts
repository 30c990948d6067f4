import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/formats/formats.ts';
import { READERS } from '../../src/formats/index.ts';
import { readNative } from '../../src/formats/native/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import { anyText } from '../any-text.ts';
import { cpuClock, runs } from '../budget.ts';

async function read(text: string): Promise<unknown> {
  return (await readNative(text, 'f.yaml')).value;
}

async function failure(text: string): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof InputError) return error.format();
    throw error;
  }
  throw new Error('accepted');
}

test('YAML, flow YAML and JSON', async () => {
  expect(await read('a: 1\nb: [x, on, 0x10]\n')).toEqual({ a: 1, b: ['x', 'on', 16] });
  expect(await read('{ a: 1 }')).toEqual({ a: 1 });
  expect(await read('{"a": 1}')).toEqual({ a: 1 });
  expect(await read('\ufeff{"a": 1}')).toEqual({ a: 1 });
  expect(await read('\ufeffa: 1')).toEqual({ a: 1 });
  expect(await read('---\na: 1\r\n...\n')).toEqual({ a: 1 });
});

test('numbers with a point stay text', async () => {
  expect(await read('kernel: 6.10\nb: 1e3\nc: 10')).toEqual({ kernel: '6.10', b: '1e3', c: 10 });
});

test('aliases are resolved', async () => {
  const raw = await readNative('a: &x { b: 1 }\nc: *x\n', 'f.yaml');
  expect(raw.value).toEqual({ a: { b: 1 }, c: { b: 1 } });
  expect(raw.locate(['c', 'b'])).toEqual({ file: 'f.yaml', line: 1, column: 12 });
});

test('places in YAML and JSON', async () => {
  const yaml = await readNative(
    'kernel: "6.12"\ndevices:\n  - name: a\n    queues: 4\n  - { name: b }\n',
    'f.yaml',
  );
  expect(yaml.locate(['kernel'])).toEqual({ file: 'f.yaml', line: 1, column: 9 });
  expect(yaml.locate(['kernel'], 'key')).toEqual({ file: 'f.yaml', line: 1, column: 1 });
  expect(yaml.locate(['devices', 0, 'queues'])).toEqual({ file: 'f.yaml', line: 4, column: 13 });
  expect(yaml.locate(['devices', 1])).toEqual({ file: 'f.yaml', line: 5, column: 5 });
  expect(yaml.locate(['devices', 2])).toBeUndefined();
  expect(yaml.locate(['policy'])).toBeUndefined();
  const json = await readNative('{"kernel": "6.12",\n "devices": [{"queues": 4},\n  {}]}', 'f.json');
  expect(json.locate(['kernel'])).toEqual({ file: 'f.json', line: 1, column: 12 });
  expect(json.locate(['devices', 0, 'queues'], 'key')).toEqual({ file: 'f.json', line: 2, column: 15 });
  expect(json.locate(['devices', 1])).toEqual({ file: 'f.json', line: 3, column: 3 });
  expect(json.locate(['devices', 2, 'x'])).toBeUndefined();
});

test('__proto__ is a key like any other', async () => {
  for (const text of ['__proto__: { x: 1 }', '{"__proto__": {"x": 1}}']) {
    const value = await read(text);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { x?: number }).x).toBeUndefined();
  }
});

test.each([
  ['', 'f.yaml:1:1: the file is empty'],
  [' \n\n', 'f.yaml:1:1: the file is empty'],
  ['# nothing\n', 'f.yaml:1:1: the file holds no machine description, only comments'],
  ['- a', 'f.yaml:1:1: expected a mapping such as "kernel: ..." at the top, found a list'],
  ['[1]', 'f.yaml:1:1: expected a mapping such as "kernel: ..." at the top, found a list'],
  ['hello', 'f.yaml:1:1: expected a mapping such as "kernel: ..." at the top, found plain text'],
  ['a: 1\n---\nb: 2\n', 'f.yaml:2:1: a second YAML document starts here; write one machine a file'],
  ['a: 1\nb: \u0000', 'f.yaml:2:4: the file looks binary: it is not UTF-8 text'],
  ['\ufffd\ufffd', 'f.yaml:1:1: the file looks binary: it is not UTF-8 text'],
  ['a: 1\nb: 2\na: 3\n', 'f.yaml:3:1: the key "a" is written twice'],
  ['a: !x 1', 'f.yaml:1:4: YAML tags (!name) have no meaning here'],
  ['? [a]\n: 1', 'f.yaml:1:3: a key must be plain text'],
  ['a: *x', 'f.yaml:1:4: the alias *x has no anchor before it'],
  ['a: &x [*x]', 'f.yaml:1:8: the alias *x contains itself'],
  ['{"a": 1,\n "a": 2}', 'f.yaml:2:2: the key "a" is written twice'],
  ['{"a": {"b": 1, "\\u0062": 2}}', 'f.yaml:1:16: the key "b" is written twice'],
  ['{"a": 1,\n}', 'f.yaml:2:1: expected a key in double quotes'],
  ['{"a": 1', 'f.yaml:1:8: the text ends where "," or "}" should be'],
  ['{"a": [1 2]}', 'f.yaml:1:10: expected "," or "]"'],
  ['{"a": tru}', 'f.yaml:1:7: expected a value'],
  ['{"a": "x\n"}', 'f.yaml:1:7: the string has a line break or a bad escape'],
  ['{"a": "x', 'f.yaml:1:7: the string has no end'],
  ['{"a" 1}', 'f.yaml:1:6: expected ":"'],
  ['{"a": 01}', 'f.yaml:1:8: expected "," or "}"'],
  ['{"a": 1} x', 'f.yaml:1:10: expected the end of the text'],
])('refuses %j', async (text, message) => {
  expect(await failure(text)).toBe(message);
});

test('strings that look like keys are not counted as keys', async () => {
  expect(await read('{"a": "\\"b\\":", "c": ["d", "\\\\"]}')).toEqual({ a: '"b":', c: ['d', '\\'] });
});

test('text beyond 16 MiB is refused at once', async () => {
  expect(await failure('x'.repeat(16 * 1024 * 1024 + 1))).toBe(
    'f.yaml:1:1: the text is 16,777,217 bytes long; the limit is 16 MiB',
  );
});

const LEVELS = 1_000_000;

test.each([
  ['open flow lists', `a: ${'['.repeat(LEVELS)}`],
  ['flow lists', `a: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`],
  ['flow mappings', '{a: '.repeat(LEVELS)],
  ['one list in another', '- '.repeat(LEVELS)],
  ['tabs', '-\t'.repeat(LEVELS)],
  ['explicit keys', '? '.repeat(LEVELS)],
  ['empty keys', ': '.repeat(LEVELS)],
  ['open JSON lists', `{"a":${'['.repeat(LEVELS)}`],
  ['JSON lists', `{"a":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}}`],
  ['JSON mappings', `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
  ['a quote that never ends', `a: "${'[\'"['.repeat(LEVELS / 4)}`],
  ['indentation', Array.from({ length: 4000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
])('nested without end: %s', async (_, text) => {
  const cpuSeconds = cpuClock();
  const message = await failure(text);
  expect(message.split('\n')).toHaveLength(1);
  expect(message).toMatch(/nested deeper than 100 levels$/);
  expect(cpuSeconds()).toBeLessThan(10);
});

test('an alias bomb is one error', async () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  expect(await failure(lines.join('\n'))).toMatch(
    /^f\.yaml:\d+:\d+: the aliases expand to far too many values$/,
  );
});

test('20,000 honest aliases are fine', async () => {
  const value = await read(`d: &d { name: x }\nl:\n${'  - *d\n'.repeat(20_000)}`);
  expect((value as { l: unknown[] }).l).toHaveLength(20_000);
});

test('an anchor may be given again: an alias means the last one before it', async () => {
  expect(await read('a: &x 1\nb: *x\nc: &x [2]\nd: *x\n')).toEqual({ a: 1, b: 1, c: [2], d: [2] });
});

test('brackets in comments, quotes and plain text do not count as nesting', async () => {
  const many = '['.repeat(500);
  expect(await read(`a: "${many}" # ${many}\nb: '${many}'\n# ${many}\n`)).toEqual({ a: many, b: many });
});

test('any text is a mapping or an InputError, never anything else', async () => {
  const token = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      ': ',
      ',',
      '- ',
      '\n',
      '\n  ',
      '#',
      '&a ',
      '*a',
      '!t ',
      '|',
      '>',
      '? ',
    ],
    ...[
      'a',
      '1',
      '6.10',
      'on',
      '---\n',
      '%YAML 1.1\n',
      '<<',
      '__proto__',
      '\\',
      '\t',
      '{"a":',
      '\u0000',
      '\ufeff',
      '@',
      '`',
    ],
  );
  const text = fc.oneof(
    fc.string(),
    anyText(),
    fc.array(token).map((tokens) => tokens.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (garbage) => {
      try {
        expect(typeof (await read(garbage))).toBe('object');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: runs(5000) },
  );
});

test('JSON values arrive unchanged, and every place is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (value) => {
      for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
        const raw = await readNative(text, 'f.json').catch((error: unknown) => error);
        if (raw instanceof InputError) return expect(raw.message).toMatch(/binary/);
        const { locate, value: found } = raw as Awaited<ReturnType<typeof readNative>>;
        expect(JSON.stringify(found)).toBe(JSON.stringify(value));
        for (const key of Object.keys(value)) expect(locate([key])).toBeDefined();
      }
    }),
    { numRuns: runs(500) },
  );
});

test('every format that help names has a reader, in the order they are asked', () => {
  expect(READERS.map(({ name }) => name)).toEqual(FORMAT_NAMES);
});
