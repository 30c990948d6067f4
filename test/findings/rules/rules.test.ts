/**
 * Every rule: its texts, its two scenarios (one that raises it, one close to it that does not), and the form
 * of what it reports.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readMachines } from '../../../src/cli/input/input.ts';
import { analyze } from '../../../src/findings/analyze.ts';
import { RULES } from '../../../src/findings/rules/index.ts';
import { LEVELS } from '../../../src/findings/rules/rule.ts';
import { suppressionExpired, suppressionUnused } from '../../../src/findings/rules/suppression.ts';
import { judge } from '../../../src/findings/triage/judge.ts';

const FOLDER = fileURLToPath(new URL('../../../scenarios/rules/', import.meta.url));
const names = readdirSync(FOLDER);
/** A scenario is a description, or a file of another format: RULE.bad.yaml, RULE.ok.args. */
const nameOf = (rule: string, kind: 'bad' | 'ok') =>
  names.find((name) => name.startsWith(`${rule}.${kind}.`)) ?? `${rule}.${kind}.yaml`;
const path = (rule: string, kind: 'bad' | 'ok') => FOLDER + nameOf(rule, kind);
/** Rules about the user's own decisions: judge() makes their findings. */
const judged = [suppressionExpired, suppressionUnused];
const rules = RULES.filter((rule) => rule.name !== 'expectation' && !judged.includes(rule));

async function analyzeScenario(file: string) {
  const [machine] = await readMachines(file, { set: [] });
  return analyze(machine);
}

test('names and aliases are unique, whatever their case', () => {
  const names = RULES.flatMap((rule) => [rule.name, ...rule.aliases]).map((name) => name.toLowerCase());
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every file in scenarios/rules belongs to a rule', () => {
  const known = new Set(
    [...rules, ...judged].flatMap(({ name }) => [nameOf(name, 'bad'), nameOf(name, 'ok')]),
  );
  expect(names.filter((file) => !known.has(file))).toEqual([]);
});

describe.each(RULES.map((rule) => [rule.name, rule] as const))('the text of %s', (name, rule) => {
  test('is complete', () => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)+$|^expectation$/);
    expect(LEVELS).toContain(rule.level);
    expect(rule.summary).toMatch(/\.$/);
    expect(rule.explain.length).toBeGreaterThanOrEqual(2);
    for (const paragraph of rule.explain) expect(paragraph.trim()).not.toBe('');
    for (const message of rule.messages) expect(message.trim()).not.toBe('');
  });
});

describe.each(rules.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  test.each(['bad', 'ok'] as const)('has a scenario %s that says what it shows', (kind) => {
    expect(existsSync(path(name, kind)), `scenarios/rules/${nameOf(name, kind)} is missing`).toBe(true);
    expect(readFileSync(path(name, kind), 'utf8')).toMatch(/^# \S.{15}/);
  });

  test('is raised by the bad one, with all that a reader needs', async () => {
    const analysis = await analyzeScenario(path(name, 'bad'));
    const raw = rule.check(analysis);
    expect(raw.length).toBeGreaterThan(0);
    for (const finding of raw) {
      expect(finding.message.trim()).not.toBe('');
      expect(finding.message).not.toMatch(/undefined|NaN|\[object|\(\)/);
      expect(finding.cause.length).toBeGreaterThan(0);
      for (const text of [...finding.cause, ...(finding.fix ?? [])]) expect(text.trim()).not.toBe('');
      expect(
        finding.path ?? finding.location,
        'a finding points at a value of the description',
      ).toBeDefined();
    }
    expect(analysis.findings.filter((finding) => finding.rule === name)).toHaveLength(raw.length);
  });

  test('is not raised by the ok one', async () => {
    const analysis = await analyzeScenario(path(name, 'ok'));
    expect(rule.check(analysis)).toEqual([]);
  });

  test.each(['bad', 'ok'] as const)('finds what the %s one expects', async (kind) => {
    const { findings } = await analyzeScenario(path(name, kind));
    const unmet = findings.filter((finding) => finding.rule === 'expectation');
    expect(unmet.map((finding) => finding.message)).toEqual([]);
  });
});

describe.each(judged.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  async function judgeScenario(kind: 'bad' | 'ok') {
    const [machine] = await readMachines(path(name, kind), { set: [] });
    return judge(machine, { today: '2026-01-01' }).findings;
  }

  test('is raised by the bad one, with all that a reader needs', async () => {
    const found = (await judgeScenario('bad')).filter((finding) => finding.rule === name);
    expect(found).toHaveLength(1);
    expect(found[0].level).toBe(rule.level);
    expect(found[0].message).toContain('the suppression of apic-id-above-limit ');
    expect(found[0].cause).toEqual(['its reason was: the two CPUs go away with the next machine type']);
    expect(found[0].fix.length).toBeGreaterThan(0);
    expect(found[0].location?.line).toBe(9);
  });

  test('is not raised by the ok one', async () => {
    expect((await judgeScenario('ok')).map((finding) => finding.rule)).not.toContain(name);
  });

  test.each(['bad', 'ok'] as const)('finds what the %s one expects', async (kind) => {
    expect(readFileSync(path(name, kind), 'utf8')).toMatch(/^# \S.{15}/);
    expect((await judgeScenario(kind)).map((finding) => finding.rule)).not.toContain('expectation');
  });
});
