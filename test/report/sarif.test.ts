/** SARIF against the published schema, and what a viewer relies on beyond it. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import draft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import fc from 'fast-check';
import type { Log, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import { RULE_NAMES } from '../../src/findings/rules/index.ts';
import { sarif } from '../../src/report/reporters/sarif.ts';
import { anyText } from '../any-text.ts';
import { analysesOf, FAIL, named, ODD_NAMES, PASS, render, SCENARIOS, scenario } from './analyses.ts';

const schemaFile = new URL('../schemas/sarif-2.1.0-rtm.5.json.gz', import.meta.url);
// The schema has a pattern that is none with the u flag.
const ajv = new draft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
formats.default(ajv);
const validate = ajv.compile(JSON.parse(gunzipSync(readFileSync(schemaFile)).toString()));

/** Parses a document, and expects it to be valid. */
function valid(text: string): Log {
  const log = JSON.parse(text);
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

const results = (log: Log): Result[] => log.runs[0].results ?? [];
const uris = (log: Log) =>
  results(log).map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri);
const prints = (log: Log) => results(log).map((one) => one.partialFingerprints?.['irqsimFinding/v1']);

test('the schema is the published one, and refuses what is not SARIF', () => {
  expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  expect(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } } }] })).toBe(true);
});

describe('valid SARIF', () => {
  test.each(SCENARIOS)('of %s, with a result a finding', async (file) => {
    const analyses = await scenario(file);
    const log = valid(render(sarif, analyses));
    const findings = analyses.flatMap((analysis) => analysis.findings);
    const rules = log.runs[0].tool.driver.rules ?? [];
    expect(results(log).map(({ ruleId, level }) => [ruleId, level])).toEqual(
      findings.map(({ rule, level }) => [rule, level]),
    );
    expect(results(log).map(({ ruleIndex }) => rules[ruleIndex ?? -1].id)).toEqual(
      findings.map(({ rule }) => rule),
    );
    for (const { id, shortDescription, help, defaultConfiguration } of rules) {
      expect(RULE_NAMES).toContain(id);
      expect(shortDescription?.text).not.toBe('');
      expect(help?.markdown).not.toBe('');
      expect(defaultConfiguration?.level).toBeDefined();
    }
  });

  test('of all scenarios at once: every rule once, every fingerprint once', async () => {
    const analyses = (await Promise.all(SCENARIOS.map((file) => scenario(file)))).flat();
    const log = valid(render(sarif, analyses, { failed: 'nosuch.yaml' }));
    const ids = (log.runs[0].tool.driver.rules ?? []).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(prints(log)).size).toBe(results(log).length);
  });

  test('of a run without findings, and of one without inputs', async () => {
    expect(results(valid(render(sarif, await scenario(PASS))))).toEqual([]);
    const log = valid(render(sarif, []));
    expect(log.runs[0]).toMatchObject({ results: [], invocations: [{ executionSuccessful: true }] });
    expect(log.runs[0].tool.driver).toMatchObject({
      name: 'irqsim',
      version: '1.2.3',
      semanticVersion: '1.2.3',
    });
  });

  test.each(ODD_NAMES)('of a machine and a file named %j', async (name) => {
    const analysis = await named(name, `a/${name}.json`);
    const log = valid(render(sarif, [analysis], { failed: name }));
    for (const uri of uris(log)) {
      expect(decodeURIComponent(uri ?? '')).toBe(`a/${name.replace('\ud800', '\ufffd')}.json`);
      expect(uri).toMatch(/^[\x21-\x7e]+$/);
    }
  });

  test('of any name', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(), async (name) => {
        valid(render(sarif, [await named(name, `${name}.json`)], { failed: name }));
      }),
      { numRuns: 30 },
    );
  });
});

describe('places', () => {
  const machine = 'platform: kvm\ntopology:\n  sockets: 300\n';
  const expectations = `${machine}expect:\n  reachable: "0"\n`;

  test('are relative to the root, or absolute with a scheme', async () => {
    const at = async (file: string) =>
      results(valid(render(sarif, await analysesOf(expectations, file))))[0].locations?.[0].physicalLocation;
    expect(await at('a b/ü.yaml')).toEqual({
      artifactLocation: { uri: 'a%20b/%C3%BC.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1, startColumn: 1 },
    });
    expect((await at('./a.yaml'))?.artifactLocation).toEqual({ uri: 'a.yaml', uriBaseId: '%SRCROOT%' });
    expect((await at('/srv/a.yaml'))?.artifactLocation).toEqual({ uri: 'file:///srv/a.yaml' });
    expect((await at('c:a.yaml'))?.artifactLocation?.uri).toBe('c%3Aa.yaml');
  });

  test('are the written value where there is one, else line 1', async () => {
    const log = valid(render(sarif, await analysesOf(expectations, 'a.yaml', ['policy=mainline'])));
    const lines = Object.fromEntries(
      results(log).map(({ ruleId, locations }) => [
        ruleId,
        locations?.[0].physicalLocation?.region?.startLine,
      ]),
    );
    expect(lines).toMatchObject({ 'apic-id-above-limit': 1, expectation: 5 });
  });

  test('of options are in the input', async () => {
    const log = valid(render(sarif, await analysesOf(machine, 'a.yaml', ['expect.reachable="0"'])));
    expect(uris(log)).toEqual(uris(log).map(() => 'a.yaml'));
  });

  test('of standard input name the machine only', async () => {
    const locations = async (text: string) =>
      results(valid(render(sarif, await analysesOf(text, '-'))))[0].locations;
    expect(await locations(expectations)).toEqual([]);
    expect(await locations(`name: db\n${expectations}`)).toEqual([{ logicalLocations: [{ name: 'db' }] }]);
  });
});

describe('fingerprints', () => {
  const text = 'name: m\nplatform: kvm\ntopology: { sockets: 300 }\n';
  const of = async (source: string, file = 'a.yaml') =>
    prints(valid(render(sarif, await analysesOf(source, file))));

  test('stay when lines move', async () => {
    expect(await of(`# a comment\n\n${text}`)).toEqual(await of(text));
  });

  test('differ by message, file and machine', async () => {
    const [first] = await of(text);
    expect(await of(text.replace('300', '310'))).not.toContain(first);
    expect(await of(text, 'b.yaml')).not.toContain(first);
    expect(await of(text.replace('m\n', 'n\n'))).not.toContain(first);
  });

  test('of equal findings are numbered', async () => {
    const [analysis] = await analysesOf(text, 'a.yaml');
    const log = valid(render(sarif, [analysis, analysis]));
    expect(new Set(prints(log)).size).toBe(results(log).length);
  });
});

test('a result tells causes and changes in Markdown, and CPUs and devices in its properties', async () => {
  const log = valid(render(sarif, await scenario(FAIL)));
  const dead = results(log).find(({ ruleId }) => ruleId === 'queue-never-starts');
  expect(dead).toMatchObject({
    level: 'warning',
    message: { text: expect.stringMatching(/^24 queues of 64 on nvme can never start/) },
    properties: { cpus: '160-239', devices: ['nvme'], kernel: '6.12', platform: 'kvm' },
  });
  expect(dead?.message.markdown).toContain('\n- because managed queues are spread');
  expect(results(log)[0].message.markdown).toContain("&lt;ioapic driver='qemu'/&gt;");
});

test('inputs that could not be read are notifications of a run that was not successful', async () => {
  const log = valid(render(sarif, await scenario(FAIL), { failed: 'dir/broken.yaml' }));
  const [invocation] = log.runs[0].invocations ?? [];
  expect(invocation.executionSuccessful).toBe(false);
  const told = (invocation.toolExecutionNotifications ?? []).map(({ level, message, locations }) => [
    level,
    message.text,
    locations?.[0].physicalLocation?.region?.startLine,
  ]);
  expect(told).toEqual([
    ['error', 'unknown key "x", "y": 100%\\nexpected <z>', 3],
    ['error', '--set devices.a=1: no such device', 1],
    ['error', 'and 2 more problems', 1],
  ]);
  expect(results(log).length).toBe(4);
});
