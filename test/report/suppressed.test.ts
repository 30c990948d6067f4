/** Findings that users suppressed, in the formats that can say so; in the others they do not appear. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/findings/analyze.ts';
import { judge } from '../../src/findings/triage/judge.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { csv } from '../../src/report/reporters/csv.ts';
import { github } from '../../src/report/reporters/github.ts';
import { junit } from '../../src/report/reporters/junit.ts';
import { markdown } from '../../src/report/reporters/markdown.ts';
import { sarif } from '../../src/report/reporters/sarif.ts';
import { unix } from '../../src/report/reporters/unix.ts';
import { FAIL, render } from './analyses.ts';

const SUPPRESS = `
suppress:
  - { rule: queue-never-starts, reason: the host is replaced, until: "2099-12-31" }
  - { rule: managed-vectors-wasted, reason: "known & <harmless>" }
`;
const text = readFileSync(fileURLToPath(new URL(`../../${FAIL}`, import.meta.url)), 'utf8') + SUPPRESS;
const line = text.split('\n').findIndex((one) => one.includes('queue-never-starts, reason')) + 1;

let analysis: Analysis;
beforeAll(async () => {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'a.yaml' });
  const place = { file: '--level sparse-apic-ids=off', line: 1, column: 1 };
  analysis = judge(machineOf(source), {
    levels: [{ rule: 'sparse-apic-ids', level: 'off', location: place }],
  });
});

test('some are suppressed, one is left', () => {
  expect(analysis.summary).toMatchObject({ errors: 1, warnings: 0, suppressed: 3 });
});

test('sarif: results with a suppression, in the source or outside', () => {
  const [run] = JSON.parse(render(sarif, [analysis])).runs;
  const of = (rule: string) => run.results.find(({ ruleId }: { ruleId: string }) => ruleId === rule);
  expect(of('apic-id-above-limit').suppressions).toBeUndefined();
  expect(of('queue-never-starts').suppressions).toEqual([
    {
      kind: 'inSource',
      justification: 'the host is replaced (until 2099-12-31)',
      location: {
        physicalLocation: {
          artifactLocation: { uri: 'a.yaml', uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: 5 },
        },
      },
    },
  ]);
  expect(of('sparse-apic-ids').suppressions).toEqual([{ kind: 'external', justification: 'level off' }]);
  expect(run.tool.driver.rules).toHaveLength(4);
});

test('junit: skipped cases with the reason', () => {
  const xml = render(junit, [analysis]);
  expect(xml).toContain('tests="4" failures="1" errors="0" skipped="3"');
  expect(xml).toMatch(
    /<testcase name="queue-never-starts"[^>]*>\n +<skipped message="the host is replaced \(until 2099-12-31\)"\/>/,
  );
  expect(xml).toContain('<skipped message="known &amp; &lt;harmless&gt;"/>');
});

test('markdown: a line', () => {
  const [, after] = render(markdown, [analysis]).split('</details>\n');
  expect(after).toContain('3 findings suppressed: ');
  expect(after).toContain('`queue-never-starts`: the host is replaced (until 2099-12-31)');
  expect(after).toContain('`managed-vectors-wasted`: known &amp; &lt;harmless&gt;');
});

describe.each(Object.entries({ github, unix, csv }))('%s', (_, reporter) => {
  test('has what counts only', () => {
    const out = render(reporter, [analysis]);
    expect(out).toContain('apic-id-above-limit');
    expect(out).not.toContain('queue-never-starts');
  });
});
