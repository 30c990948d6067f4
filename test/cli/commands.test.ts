/** The other commands, as a user runs them. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/findings/rules/index.ts';
import { expectEqual } from '../helpers.ts';
import { irqsim, irqsimProcess, ROOT } from './irqsim.ts';

const golden = (name: string) => `${ROOT}/test/golden/${name}.ndjson.gz`;

describe('help', () => {
  test('lists the commands, and --version is the one of package.json', async () => {
    const { code, out } = await irqsim(['--help']);
    expect(code).toBe(0);
    for (const name of ['analyze', 'engine', 'explain', 'rules', 'schema']) expect(out).toContain(name);
    expect((await irqsim(['--version'])).out).toBe(
      `${JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')).version}\n`,
    );
  });

  test.each(['analyze', 'engine', 'explain', 'rules', 'schema'])('of %s has examples', async (name) => {
    const { code, out } = await irqsim([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Examples:');
  });
});

describe('schema', () => {
  test('is a JSON Schema with every field of a description', async () => {
    const schema = JSON.parse((await irqsim(['schema'])).out);
    expect(schema.$schema).toContain('2020-12');
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining([
        'kernel',
        'platform',
        'topology',
        'cpus',
        'devices',
        'events',
        'expect',
        'policy',
      ]),
    );
  });
});

describe('rules and explain', () => {
  test('every rule is listed, and explained by name and by alias', async () => {
    const { out } = await irqsim(['rules']);
    for (const rule of RULES) expect(out).toContain(rule.name);
    expect((await irqsim(['explain', 'R004'])).out).toBe(
      (await irqsim(['explain', 'apic-id-above-limit'])).out,
    );
  });

  test('a pasted line with timestamp and other numbers finds its rules', async () => {
    const { code, out } = await irqsim([
      'explain',
      '[    3.364887] smpboot: CPU 259 has invalid APIC ID 103. Aborting bringup',
    ]);
    expect(code).toBe(0);
    expect(out).toContain('apic-id-above-limit');
  });

  test('as JSON', async () => {
    const [rule] = JSON.parse((await irqsim(['explain', '--format', 'json', 'R050'])).out);
    expect(rule).toMatchObject({ rule: 'queue-never-starts', level: 'warning' });
  });
});

describe('engine', () => {
  const firstLines = (name: string, lines: number) =>
    gunzipSync(readFileSync(golden(name)))
      .toString()
      .split('\n')
      .slice(0, lines)
      .map((line) => JSON.parse(line));

  test("spread gives the kernel's masks, one line a case, from a gzip file or a pipe", async () => {
    const { code, out } = await irqsim(['engine', 'spread', golden('spread')]);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2987);
    const [first] = firstLines('spread', 1);
    const { id, kernel, calcVectors, setSizes, masks, managed } = first;
    expect(JSON.parse(lines[0])).toMatchObject({ id, kernel, calcVectors, setSizes, masks, managed });
    expect(irqsimProcess(['engine', 'spread'], { input: readFileSync(golden('spread')) }).out).toBe(out);
  });

  test.each(['matrix', 'irqlife'] as const)('%s equals its golden file', async (name) => {
    const { code, out } = await irqsim(['engine', name === 'matrix' ? 'matrix' : 'lifecycle', golden(name)]);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    const expected = firstLines(name, lines.length);
    lines.forEach((line, n) => {
      const result = JSON.parse(line);
      for (const key of Object.keys(result))
        expectEqual(result[key], expected[n][key], `${name} ${n}: ${key}`);
    });
  });

  test('a case that cannot be read is an error line, and the exit code 2', async () => {
    const { code, out, err } = await irqsim(['engine', 'matrix'], { input: '{"id":"x"}\nnot json\n' });
    expect(code).toBe(2);
    const results = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results[0]).toMatchObject({ id: 'x', error: expect.any(String) });
    expect(results[1]).toMatchObject({ id: null, error: expect.stringContaining('line 2') });
    expect(err).toContain('2 cases could not be read');
  });

  test('a damaged gzip file is refused', async () => {
    const bytes = readFileSync(golden('matrix')).subarray(0, 5000);
    const { code, err } = await irqsim(['engine', 'matrix'], { input: bytes });
    expect(code).toBe(2);
    expect(err).toContain('damaged or cut short');
  });
});
