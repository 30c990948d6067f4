/** Every scenario is a test: it must be analysed, and its own expectations must hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { analyzeFile } from './helpers.ts';

const SCENARIOS = fileURLToPath(new URL('../scenarios', import.meta.url));
const names = readdirSync(SCENARIOS).filter((name) => name.endsWith('.yaml'));

test('there are at least 14 scenarios', () => {
  expect(names.length).toBeGreaterThanOrEqual(14);
});

describe.each(names)('%s', (name) => {
  const path = `${SCENARIOS}/${name}`;

  test('says where it comes from, and what it expects', () => {
    const text = readFileSync(path, 'utf8');
    expect(text.startsWith('# ')).toBe(true);
    expect(text).toMatch(/^expect:/m);
  });

  test('comes out as expected', async () => {
    const { findings } = await analyzeFile(path);
    expect(
      findings.filter((finding) => finding.rule === 'expectation').map((finding) => finding.message),
    ).toEqual([]);
  });
});
