/** Level overrides, suppressions and baselines, on the findings of one machine. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMachines } from '../../../src/cli/input/input.ts';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { AUDIT_RULES, RULES } from '../../../src/findings/rules/index.ts';
import { draftBaseline, readBaseline } from '../../../src/findings/triage/baseline.ts';
import { judge } from '../../../src/findings/triage/judge.ts';
import type { JudgeSettings, ProjectSuppression } from '../../../src/findings/triage/settings.ts';
import { traceOf, watchStale } from '../../../src/findings/triage/stale-in-run.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { LEVEL_SETTINGS, type LevelOverride, type Machine } from '../../../src/machine/machine.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';

/** Two of four CPUs and half of the queues of each of two disks are lost. */
const LOST = `kernel: "6.12"
platform: kvm
hpet: off
cpus:
  - { apicId: "0-1,0x100-0x101" }
devices:
  - { name: disk, driver: virtio-blk, queues: 4, count: 2 }
`;
const RAW = ['apic-id-above-limit', 'sparse-apic-ids', 'queue-never-starts', 'managed-vectors-wasted'];

const rules = ({ findings }: Analysis) => findings.map(({ rule }) => rule);
const levels = ({ findings }: Analysis) =>
  Object.fromEntries(findings.map(({ rule, level }) => [rule, level]));
const setAside = ({ suppressed }: Analysis) => suppressed.map(({ finding, by }) => `${finding.rule} ${by}`);

async function judged(more: string, settings: JudgeSettings = {}): Promise<Analysis> {
  return judge(await readText(LOST + more), settings);
}

const override = (rule: string, level: LevelOverride['level'], file: string): LevelOverride => ({
  rule,
  level,
  location: { file, line: 1, column: 1 },
});

const known = (suppress: Partial<ProjectSuppression> & { rule: string }): ProjectSuppression => ({
  reason: 'known',
  until: undefined,
  devices: undefined,
  files: undefined,
  location: { file: '.irqsim.yaml', line: 3, column: 5 },
  ...suppress,
});

const project = (...suppress: ProjectSuppression[]): JudgeSettings => ({
  cwd: '/p',
  project: { folder: '/p', levels: [], suppress },
});

describe('with nothing decided', () => {
  test('judge is analyze, with and without the audit', async () => {
    const files = readdirSync('scenarios/rules').map((name) => `scenarios/rules/${name}`);
    for (const file of files.filter((_, n) => n % 7 === 0)) {
      for (const machine of await readMachines(file, { set: [] })) {
        if (machine.triage) continue;
        for (const audit of [false, true]) {
          const { findings, summary, suppressed } = judge(machine, { audit, today: '2026-01-01', cwd: '/' });
          const plain = analyze(machine, { audit });
          expect({ findings, summary, suppressed }).toEqual({
            findings: plain.findings,
            summary: plain.summary,
            suppressed: [],
          });
        }
      }
    }
  });

  test('the machine has its four findings', async () => {
    expect(rules(await judged(''))).toEqual(RAW);
  });
});

describe('levels', () => {
  test('a rule gets another level, and the order and the numbers follow', async () => {
    const analysis = await judged('levels: { managed-vectors-wasted: error, apic-id-above-limit: note }\n');
    expect(rules(analysis)).toEqual([
      'managed-vectors-wasted',
      'sparse-apic-ids',
      'queue-never-starts',
      'apic-id-above-limit',
    ]);
    expect(analysis.summary).toMatchObject({
      verdict: 'fail',
      errors: 1,
      warnings: 2,
      notes: 1,
      suppressed: 0,
    });
    expect(analysis.findings[0].overridden).toEqual({
      level: 'warning',
      location: { file: 'test.yaml', line: 8, column: 11 },
    });
    expect(analysis.findings[1].overridden).toBeUndefined();
  });

  test('off suppresses', async () => {
    const analysis = await judged('levels: { apic-id-above-limit: off }\n');
    expect(setAside(analysis)).toEqual(['apic-id-above-limit level']);
    expect(analysis.summary).toMatchObject({ verdict: 'warn', errors: 0, suppressed: 1 });
  });

  test('the own level is no override', async () => {
    const analysis = await judged('levels: { apic-id-above-limit: error }\n');
    expect(analysis.findings.filter(({ overridden }) => overridden)).toEqual([]);
  });

  test('the command line goes before the description, that before the project', async () => {
    const rule = 'apic-id-above-limit';
    const line = [override(rule, 'off', '--level x')];
    const file = { folder: '/p', levels: [override(rule, 'warning', '.irqsim.yaml')], suppress: [] };
    const written = `levels: { ${rule}: note }\n`;
    expect(levels(await judged('', { project: file }))[rule]).toBe('warning');
    expect(levels(await judged(written, { project: file }))[rule]).toBe('note');
    const all = await judged(written, { project: file, levels: line });
    expect(all.suppressed[0]).toMatchObject({ by: 'level', location: { file: '--level x' } });
  });

  test('an unmet expectation is judged too, but the expectations look at the findings as they are', async () => {
    const expecting = `expect: { verdict: fail, findings: [${RAW.join(', ')}] }\n`;
    const met = await judged(`${expecting}levels: { ${RAW.map((rule) => `${rule}: off`).join(', ')} }\n`);
    expect(met.findings).toEqual([]);
    expect(met.summary).toMatchObject({ verdict: 'pass', suppressed: 4 });
    expect(
      levels(await judged('expect: { verdict: pass }\nlevels: { expectation: note }\n')).expectation,
    ).toBe('note');
  });
});

describe('suppressions of a description', () => {
  const one = (rest: string) => `suppress: [{ rule: queue-never-starts, reason: known${rest} }]\n`;

  test('hold, and say why', async () => {
    const analysis = await judged(
      'suppress:\n  - rule: queue-never-starts\n    reason: >\n      the  next\n      BIOS\n',
    );
    expect(rules(analysis)).toEqual(RAW.filter((rule) => rule !== 'queue-never-starts'));
    expect(analysis.suppressed).toMatchObject([
      {
        finding: { rule: 'queue-never-starts', level: 'warning' },
        by: 'description',
        reason: 'the next BIOS',
        location: { file: 'test.yaml', line: 9, column: 5 },
      },
    ]);
  });

  test('by an alias, whatever its case', async () => {
    const { aliases, name } = RULES.find((rule) => rule.name === 'queue-never-starts') ?? RULES[0];
    const analysis = await judged(`suppress: [{ rule: ${aliases[0].toLowerCase()}, reason: known }]\n`);
    expect(setAside(analysis)).toEqual([`${name} description`]);
  });

  test.each([
    ['2027-03-30', ['queue-never-starts description'], false],
    ['2027-03-31', ['queue-never-starts description'], false],
    ['2027-04-01', [], true],
    [undefined, ['queue-never-starts description'], false],
  ])('until 2027-03-31, on %s', async (today, expected, told) => {
    const analysis = await judged(one(', until: 2027-03-31'), { today });
    expect(setAside(analysis)).toEqual(expected);
    const [expired] = analysis.findings.filter(({ rule }) => rule === 'suppression-expired');
    expect(expired !== undefined).toBe(told);
    if (!told) return;
    expect(expired).toMatchObject({
      level: 'warning',
      message: 'the suppression of queue-never-starts ended on 2027-03-31; it no longer holds back 1 finding',
      cause: ['its reason was: known'],
      location: { file: 'test.yaml', line: 8 },
    });
  });

  test('one that has ended and matches nothing is to be removed', async () => {
    const analysis = await judged('suppress: [{ rule: x2apic-locked, reason: r, until: 2020-01-01 }]\n', {
      today: '2026-01-01',
    });
    expect(analysis.findings.at(-1)).toMatchObject({
      rule: 'suppression-expired',
      message: 'the suppression of x2apic-locked ended on 2020-01-01; nothing matches it',
      fix: ['remove it'],
    });
  });

  test('match findings about their devices and no others', async () => {
    expect(setAside(await judged(one(', devices: [disk0, disk1]')))).toHaveLength(1);
    expect(setAside(await judged(one(', devices: [disk]')))).toHaveLength(1);
    const half = await judged(one(', devices: [disk1]'));
    expect(setAside(half)).toEqual([]);
    expect(half.findings.at(-1)).toMatchObject({
      rule: 'suppression-unused',
      level: 'note',
      message: 'the suppression of queue-never-starts on disk1 matches no finding',
    });
  });

  test('a long list of devices is told in short', async () => {
    const many = LOST.replace('count: 2', 'count: 6');
    const { findings } = judge(
      await readText(`${many}suppress: [{ rule: x2apic-locked, reason: r, devices: [disk] }]\n`),
    );
    expect(findings.at(-1)?.message).toBe(
      'the suppression of x2apic-locked on disk0, disk1, disk2 and 3 more matches no finding',
    );
  });

  test('that match nothing are told, unless their rule did not run', async () => {
    const unused = 'suppress: [{ rule: x2apic-locked, reason: r }, { rule: H1, reason: r }]\n';
    const told = (analysis: Analysis) =>
      rules(analysis).filter((rule) => rule === 'suppression-unused').length;
    expect(told(await judged(unused))).toBe(1);
    const audited = await judged(unused, { audit: true });
    expect(told(audited) + setAside(audited).length).toBe(2);
  });

  test('of a rule that is off are in use', async () => {
    const analysis = await judged(`${one('')}levels: { queue-never-starts: off }\n`);
    expect(setAside(analysis)).toEqual(['queue-never-starts level']);
    expect(rules(analysis)).not.toContain('suppression-unused');
  });

  test('the findings about suppressions can be judged like others', async () => {
    const unused = '{ rule: x2apic-locked, reason: r }';
    expect(rules(await judged(`suppress: [${unused}]\nlevels: { suppression-unused: off }\n`))).toEqual(RAW);
    const both = await judged(`suppress: [${unused}, { rule: suppression-unused, reason: r }]\n`);
    expect(setAside(both)).toEqual(['suppression-unused description']);
    expect(rules(await judged('suppress: [{ rule: suppression-unused, reason: r }]\n'))).toEqual(RAW);
  });

  test.each([
    [
      'suppress: [{ rule: queue-never-start, reason: r }]',
      '8:20: unknown rule "queue-never-start", did you mean "queue-never-starts"?',
    ],
    [
      'levels: { queue-never-start: off }',
      '8:11: unknown rule "queue-never-start", did you mean "queue-never-starts"?',
    ],
    [
      'levels: { queue-never-starts: of }',
      '8:31: levels.queue-never-starts: expected one of error, warning, note, off, found "of", did you mean "off"?',
    ],
    ['levels: off', '8:9: levels: expected a mapping such as { sparse-apic-ids: off }, found "off"'],
    [
      'suppress: [{ rule: sparse-apic-ids }]',
      '8:12: suppress[0].reason is missing: expected a reason in 1 to 1000 printable characters',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: " " }]',
      '8:45: suppress[0].reason: expected a reason in 1 to 1000 printable characters, found " "',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: r, untl: "2027-01-01" }]',
      '8:48: unknown key "untl" in suppress[0], did you mean "until"?',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: r, until: "2027-02-29" }]',
      '8:55: "2027-02-29" is no day; a day is written as "2027-03-31"',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: r, until: 2027 }]',
      '8:55: suppress[0].until: expected a day in quotes such as "2027-03-31", found 2027',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: r, devices: [dsk0] }]',
      '8:58: there is no device "dsk0", did you mean "disk0"?',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: r, devices: [] }]',
      '8:57: suppress[0].devices: expected a list of 1 to 4096 device names, found an empty list',
    ],
    [
      'suppress: [{ rule: sparse-apic-ids, reason: r, files: [a] }]',
      '8:48: unknown key "files" in suppress[0]; known keys: rule, reason, until, devices',
    ],
    ['suppress: {}', '8:11: suppress: expected a list of at most 1000 suppressions, found a mapping'],
  ])('bad: %s', async (text, message) => {
    const error = await readText(`${LOST}${text}\n`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).format()).toBe(`test.yaml:${message}`);
  });

  test('a rule by its name and by an alias is said twice', async () => {
    const [alias] = RULES.find((rule) => rule.name === 'queue-never-starts')?.aliases ?? [];
    const text = `${LOST}levels: { queue-never-starts: off, ${alias}: error }\n`;
    await expect(readText(text)).rejects.toThrow(`${alias} and queue-never-starts are the same rule`);
  });
});

describe('a project file', () => {
  test('suppresses on the inputs it names', async () => {
    const settings = project(known({ rule: 'queue-never-starts', files: ['vms/*'] }));
    const here = await readText(LOST, [], 'vms/a.yaml');
    const there = await readText(LOST, [], 'a.yaml');
    const lower = await readText(LOST, [], 'a.yaml');
    expect(setAside(judge(here, settings))).toEqual(['queue-never-starts project']);
    expect(setAside(judge(there, settings))).toEqual([]);
    expect(setAside(judge(lower, { ...settings, cwd: '/p/vms' }))).toEqual(['queue-never-starts project']);
  });

  test('the description is asked first', async () => {
    const analysis = await judged(
      'suppress: [{ rule: queue-never-starts, reason: here }]\n',
      project(known({ rule: 'queue-never-starts' })),
    );
    expect(analysis.suppressed).toMatchObject([{ by: 'description', reason: 'here' }]);
  });

  test('is told, once a run, what has ended or matches nothing in it', async () => {
    const settings: JudgeSettings = {
      ...project(
        known({ rule: 'queue-never-starts' }),
        known({ rule: 'sparse-apic-ids', until: '2026-01-01' }),
        known({ rule: 'x2apic-locked', until: '2026-01-01' }),
        known({ rule: 'x2apic-locked', location: { file: '.irqsim.yaml', line: 9, column: 5 } }),
        known({ rule: 'x2apic-opt-out', files: ['other/*'] }),
        known({ rule: AUDIT_RULES[0].name }),
      ),
      today: '2026-01-02',
    };
    const watch = watchStale(settings);
    watch.see(traceOf(judge(await readText(LOST, [], 'a.yaml'), settings), settings));
    watch.see(traceOf(judge(await readText('cpus: [{ apicId: 0-1 }]\n', [], 'b.yaml'), settings), settings));
    expect(watch.notes(true)).toEqual([
      '.irqsim.yaml:3:5: note: the suppression of sparse-apic-ids ended on 2026-01-01; it no longer holds anything back',
      '.irqsim.yaml:3:5: note: the suppression of x2apic-locked ended on 2026-01-01; nothing matches it',
      '.irqsim.yaml:9:5: note: the suppression of x2apic-locked matches no finding of this run',
    ]);
  });
});

describe('a baseline', () => {
  /** What a run over these machines writes, read again as a file of this folder. */
  function written(machines: readonly Machine[], folder = '/p', settings: JudgeSettings = {}) {
    const draft = draftBaseline('/p', folder);
    for (const machine of machines) draft.add(judge(machine, settings));
    const text = draft.text('1.0');
    return { text, baseline: readBaseline(text, 'known.json', folder), size: draft.size() };
  }

  test('holds all that was found, sorted, the same whatever the order', async () => {
    const a = await readText(LOST, [], 'a.yaml');
    const b = await readText(`name: b\n${LOST}`, [], 'vms/b.yaml');
    const { text, size } = written([b, a], '/p/known');
    expect(size).toBe(8);
    expect(text).toBe(written([a, b], '/p/known').text);
    const { schemaVersion, tool, findings } = JSON.parse(text);
    expect({ schemaVersion, tool }).toEqual({ schemaVersion: 1, tool: { name: 'irqsim', version: '1.0' } });
    expect(findings[0]).toEqual({
      file: '../a.yaml',
      machine: '',
      rule: 'apic-id-above-limit',
      level: 'error',
      devices: [],
      message: expect.stringContaining('2 CPUs above APIC ID 255'),
    });
    expect(findings[4]).toMatchObject({ file: '../vms/b.yaml', machine: 'b' });
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('what it holds does not count, wherever the run is started and the lines moved to', async () => {
    const { baseline } = written([await readText(LOST, [], 'vms/a.yaml')]);
    const moved = await readText(`# a comment\n${LOST}`, [], 'a.yaml');
    const analysis = judge(moved, { baseline, cwd: '/p/vms' });
    expect(analysis.findings).toEqual([]);
    expect(analysis.summary).toMatchObject({ verdict: 'pass', suppressed: 4 });
    expect(analysis.suppressed[0]).toMatchObject({
      by: 'baseline',
      location: { file: 'known.json', line: 8 },
    });
    expect(rules(judge(moved, { baseline, cwd: '/p' }))).toEqual(RAW);
  });

  test('a new finding, another message, a worse level count; a better level does not', async () => {
    const settings = (level: LevelOverride['level']): JudgeSettings => ({
      levels: [override('sparse-apic-ids', level, '--level')],
      cwd: '/p',
    });
    const machine = await readText(LOST);
    const { baseline } = written([machine]);
    const grown = await readText(LOST, ['devices.0.count=3', 'expect={"verdict":"pass"}']);
    expect(rules(judge(grown, { baseline, cwd: '/p' })).sort()).toEqual([
      'expectation',
      'managed-vectors-wasted',
      'queue-never-starts',
    ]);
    expect(rules(judge(machine, { ...settings('error'), baseline }))).toEqual(['sparse-apic-ids']);
    expect(rules(judge(machine, { ...settings('note'), baseline }))).toEqual([]);
  });

  test('what is suppressed elsewhere is not written', async () => {
    const { size } = written([await readText(`${LOST}levels: { sparse-apic-ids: off }\n`)]);
    expect(size).toBe(3);
  });

  test('entries that are gone are told, of inputs of the run only', async () => {
    const a = await readText(LOST, [], 'a.yaml');
    const b = await readText(LOST, [], 'b.yaml');
    const settings: JudgeSettings = { ...written([a, b]), cwd: '/p' };
    const whole = watchStale(settings);
    whole.see(traceOf(judge(a, settings), settings));
    expect(whole.notes(true)).toEqual([]);
    const mended = watchStale(settings);
    mended.see(traceOf(judge(await readText(LOST, ['devices=[]'], 'a.yaml'), settings), settings));
    expect(mended.notes(true)).toEqual([
      expect.stringMatching(/^known\.json:16:1: note: no longer found: managed-vectors-wasted in a\.yaml: /),
      expect.stringMatching(
        /^known\.json:24:1: note: no longer found: queue-never-starts on disk0, disk1 in a\.yaml: 4 queues/,
      ),
      'known.json: irqsim analyze --write-baseline writes it anew',
    ]);
  });

  test.each([
    ['', '1:1: the file is empty'],
    ['[]', '1:1: expected a baseline: a JSON object with schemaVersion and findings'],
    ['{"schemaVersion": 1,}', '1:21: expected a key in double quotes'],
    [
      '{"schemaVersion": 2, "tool": {"name": "irqsim", "version": "9"}, "findings": []}',
      '1:19: schemaVersion: expected 1, the only version there is so far, found 2',
    ],
    [
      '{"schemaVersion": 1, "tool": {"name": "irqsim", "version": "9"}, "findings": [{}]}',
      '1:79: findings[0].file is missing: expected the name of an input',
    ],
  ])('bad: %s', (text, message) => {
    expect(() => readBaseline(text, 'known.json', '/p')).toThrow(`known.json:${message}`);
  });
});

test('whatever is decided, no finding is lost and none is made up', async () => {
  const machine = await readText(LOST);
  const raw = analyze(machine).findings;
  const rule = fc.constantFrom(...RAW, 'x2apic-locked');
  const settings = fc.record({
    levels: fc.array(
      fc
        .tuple(rule, fc.constantFrom(...LEVEL_SETTINGS))
        .map(([name, level]) => override(name, level, '--level')),
    ),
    suppress: fc.array(
      fc
        .record({ rule, until: fc.constantFrom(undefined, '2026-01-01', '2026-01-02', '2026-01-03') })
        .map(known),
    ),
  });
  fc.assert(
    fc.property(settings, ({ levels: given, suppress }) => {
      const decided = { ...project(...suppress), levels: given, today: '2026-01-02' };
      const { findings, suppressed, summary } = judge(machine, decided);
      const all = [...findings, ...suppressed.map(({ finding }) => finding)];
      expect(all.map(({ rule: name }) => name).sort()).toEqual([...RAW].sort());
      for (const finding of all) {
        const before = raw.find((one) => one.rule === finding.rule);
        expect(finding.overridden?.level ?? finding.level).toBe(before?.level);
        expect({ ...finding, level: 0, overridden: 0 }).toEqual({ ...before, level: 0, overridden: 0 });
      }
      for (const { by, until } of suppressed)
        expect(by === 'level' || until === undefined || until >= '2026-01-02').toBe(true);
      expect(summary.errors + summary.warnings + summary.notes + summary.suppressed).toBe(all.length);
    }),
    { numRuns: runs(300) },
  );
});
