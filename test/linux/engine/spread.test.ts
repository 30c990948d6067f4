import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runSpreadCase } from '../../../src/linux/cases/spread.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import { inGroups } from '../../budget.ts';
import { expectStrictEqual } from '../../helpers.ts';

const TAGS = ['4.19', '5.0', 'rhel8.5', '5.10', '5.18', '6.1.192', '6.12', '6.17', '7.0'] as const;

interface Result {
  calcVectors: number;
  setSizes: number[];
  masks: string[] | null;
  managed: [number, number] | null;
  warn: boolean;
}

interface GoldenCase extends Result {
  id: string;
  kernel: string;
  na?: string[];
  diff?: (Partial<Omit<Result, 'masks'>> & {
    kernels: string[];
    masks?: Record<string, string> | string[] | null;
    crash?: 'div0';
  })[];
}

function golden(file: string): GoldenCase[] {
  const packed = readFileSync(new URL(`../../golden/${file}.ndjson.gz`, import.meta.url));
  return gunzipSync(packed)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as GoldenCase);
}

/** What the golden line says about one kernel: base fields with the kernel's differences on top. */
function expectation(line: GoldenCase, tag: string): object {
  const { id, calcVectors, setSizes, masks, managed, warn } = line;
  const expected = { id, kernel: tag, calcVectors, setSizes, masks, managed, warn };
  for (const { kernels, masks: other, crash, ...fields } of line.diff ?? []) {
    if (!kernels.includes(tag)) continue;
    if (crash) return { id, kernel: tag, crash };
    Object.assign(expected, fields);
    if (other === null || Array.isArray(other)) expected.masks = other;
    else if (other) expected.masks = Object.assign([...(masks ?? [])], other);
  }
  return expected;
}

const KEYS = ['id', 'kernel', 'calcVectors', 'setSizes', 'masks', 'managed', 'warn'];

describe.each([
  { file: 'spread', lines: 2987, checks: 25530 },
  { file: 'spread-large', lines: 48, checks: 357 },
])('$file.ndjson', ({ file, lines, checks }) => {
  const cases = golden(file);
  const groups = inGroups(cases, 300);
  const runs = TAGS.flatMap((tag) => groups.map(([from, group]) => ({ tag, from, group })));
  let checked = 0;

  test.each(runs)('every case on $tag from number $from', ({ tag, group }) => {
    const kernel = kernelProfile(tag);
    for (const line of group) {
      if (line.na?.includes(tag)) continue;
      const result = runSpreadCase(line, kernel);
      expectStrictEqual(result, expectation(line, tag), `${line.id} on ${tag}`);
      checked++;
    }
  });

  test('the kernel of the case is used, and lines have the golden keys in order', () => {
    for (const line of cases) {
      const result = runSpreadCase(line);
      expectStrictEqual(Object.keys(result), KEYS, line.id);
      expectStrictEqual(result, expectation(line, line.kernel), line.id);
    }
  });

  test('nothing was skipped', () => {
    expect(cases.length).toBe(lines);
    expect(checked).toBe(checks);
  });
});
