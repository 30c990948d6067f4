/** The JSON Schema of reports: every report is valid, and says nothing that the schema does not tell of. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import { reportJsonSchema } from '../../src/report/schema/report-schema.ts';
import { render, SCENARIOS, scenario } from './analyses.ts';
import { closed } from './closed-schema.ts';

const ajv = new Ajv2020({ allErrors: true });
const open = ajv.compile(reportJsonSchema());
const strict = new Ajv2020({ allErrors: true }).compile(closed(reportJsonSchema()) as object);

describe('a report is valid, and holds documented fields only', () => {
  test.each(SCENARIOS)('%s', async (file) => {
    for (const analysis of await scenario(file)) {
      for (const vectors of [true, false]) {
        const report = JSON.parse(render(json, [analysis], { vectors }));
        strict(report);
        expect(strict.errors ?? []).toEqual([]);
      }
    }
  });
});

test('fields may be added, but none may be missing', async () => {
  const [analysis] = await scenario(SCENARIOS[0]);
  const report = JSON.parse(render(json, [analysis]));
  expect(open({ ...report, later: 1, summary: { ...report.summary, later: {} } })).toBe(true);
  for (const key of Object.keys(report)) {
    if (key === 'imported') continue;
    const { [key]: _, ...rest } = report;
    expect(open(rest), key).toBe(false);
  }
  expect(open({ ...report, schemaVersion: 2 })).toBe(false);
  expect(open({ ...report, reach: { ...report.reach, reachable: '0, 1' } })).toBe(false);
});
