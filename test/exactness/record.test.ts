/**
 * The public record of exactness is current: every capture comes to what is recorded of it, and the page is made of
 * that. `npm run exactness` writes both anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/report/verification.ts';
import { CAPTURES, type CaptureRow, OTHERS, rowOf, verified } from './captures.ts';
import { goldenRows } from './golden.ts';
import { exactnessPage } from './record.ts';

const RECORD = new URL('../captures/compared.json', import.meta.url);
const PAGE = new URL('../../docs/exactness.md', import.meta.url);
const writes = process.env.EXACTNESS === 'write';

/** One capture a line, for readable differences. */
const recordText = (rows: readonly CaptureRow[]): string =>
  `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;

const recorded: readonly CaptureRow[] = writes ? [] : JSON.parse(readFileSync(RECORD, 'utf8'));

describe.skipIf(writes)('captures', () => {
  test.each(CAPTURES)('%s', async (name) => {
    const result = await verified(name);
    expect(result.mismatches).toEqual([]);
    expect(verdictOf(result)).toBe('match');
    expect(rowOf(name, result)).toEqual(recorded.find((row) => row.name === name));
  });

  test('are all recorded', () => {
    expect(recorded.map(({ name }) => name)).toEqual(CAPTURES);
  });

  test('the page is made of the record', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(exactnessPage(recorded, goldenRows()));
  });
});

describe.skipIf(writes || OTHERS.length === 0)('other captures', () => {
  test.each(OTHERS)('%s', async (name) => {
    expect((await verified(name)).mismatches).toEqual([]);
  });
});

test.runIf(writes)('writes the record', { timeout: 3_600_000 }, async () => {
  const rows: CaptureRow[] = [];
  for (const name of CAPTURES) rows.push(rowOf(name, await verified(name)));
  writeFileSync(RECORD, recordText(rows));
  writeFileSync(PAGE, exactnessPage(rows, goldenRows()));
});
