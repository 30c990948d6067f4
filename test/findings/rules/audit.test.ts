/** The audit: each row names the assumption, the place, and the consequence on the machine; only if asked. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { AUDIT_RULES, findRule, RULES } from '../../../src/findings/rules/index.ts';
import type { Finding } from '../../../src/findings/rules/rule.ts';
import { irqsim } from '../../cli/irqsim.ts';
import { readText } from '../../helpers.ts';

async function audit(text: string): Promise<readonly Finding[]> {
  const { findings } = analyze(await readText(text), { audit: true });
  return findings.filter(({ rule }) => rule.startsWith('audit-'));
}

/** H numbers of the rows that a machine meets. */
async function rows(text: string): Promise<string[]> {
  return (await audit(text)).map(({ rule }) => findRule(rule)?.aliases[0] ?? rule);
}

const SCENARIO = readFileSync('scenarios/audit-assumptions.yaml', 'utf8');

test('21 of the 24 rows are known, each by its number, and none is a rule of its own', () => {
  const left = new Set([21, 23, 24]);
  const wanted = Array.from({ length: 24 }, (_, n) => n + 1).filter((n) => !left.has(n));
  expect(AUDIT_RULES.map(({ aliases }) => aliases[0])).toEqual(wanted.map((n) => `H${n}`));
  for (const rule of AUDIT_RULES) {
    expect(rule.name).toMatch(/^audit-[a-z0-9-]+$/);
    expect(rule.level).toBe('note');
    expect(findRule(rule.aliases[0].toLowerCase())).toBe(rule);
    expect(RULES).not.toContain(rule);
  }
});

test('nothing without --audit, and no audit note changes the verdict', async () => {
  const machine = await readText(SCENARIO);
  const plain = analyze(machine);
  const audited = analyze(machine, { audit: true });
  expect(plain.findings.filter(({ rule }) => rule.startsWith('audit-'))).toEqual([]);
  expect(audited.findings.filter(({ rule }) => !rule.startsWith('audit-'))).toEqual(plain.findings);
  expect(audited.summary.verdict).toBe(plain.summary.verdict);
});

test('the scenario meets most rows, each with assumption, place and consequence', async () => {
  expect(await rows(SCENARIO)).toEqual([
    'H1',
    'H4',
    'H5',
    'H10',
    'H15',
    'H16',
    'H17',
    'H18',
    'H19',
    'H20',
    'H22',
  ]);
  for (const finding of await audit(SCENARIO)) {
    expect(finding.cause[0]).toMatch(/^the kernel assumes that /);
    expect(finding.cause[1]).toMatch(/^where: /);
    expect(finding.location).toBeDefined();
  }
  const [affinity, vectors] = await audit(SCENARIO);
  expect(affinity.message).toBe('the default affinity holds 6 unreachable CPUs, harmless, as none is online');
  expect(vectors.cpus?.toString()).toBe('4-7,12-13');
});

describe('rows that other machines meet', () => {
  const guest = 'kernel: "6.12"\nhpet: off\nplatform: kvm\n';
  const high = 'cpus:\n  - { apicId: 300, boot: true }\n  - { apicId: "0-3" }\n';
  test.each<[string, string, string[]]>([
    [
      'an ordinary machine meets none',
      'topology: { sockets: 2, cores: 4 }\ndevices:\n  - { name: n, driver: nvme }\n',
      [],
    ],
    ['H2, H9: a guest that starts above 255', `${guest}extDestId: off\n${high}`, ['H2', 'H9']],
    ['H3: a server that starts above 255', `remapping: on\n${high}`, ['H3', 'H9']],
    [
      'H6, H7, H8: Hyper-V without the extended ID',
      'kernel: "6.12"\nhpet: off\nplatform: hyperv\ncmdline: crashkernel=1G\ntopology: { sockets: 300 }\n',
      ['H6', 'H7', 'H8'],
    ],
    [
      'H8: bare metal depends on remapping',
      'remapping: on\nkdump: nr_cpus=1\ntopology: { sockets: 300 }\n',
      ['H8'],
    ],
    ['H11: a CPU with APIC ID 255', `${guest}extDestId: on\ntopology: { sockets: 256 }\n`, ['H11']],
    [
      'H12: devices behind remapping',
      'remapping: on\ntopology: { sockets: 16 }\ndevices:\n  - { name: n, driver: nvme }\n',
      ['H12'],
    ],
    ['H13: a locked x2APIC', 'kernel: "6.12"\nx2apic: locked\ntopology: { sockets: 4 }\n', ['H13']],
    [
      'H14: remapping in xAPIC mode and the extended ID',
      `${guest}extDestId: on\nremapping: { enabled: on, eim: off }\ntopology: { sockets: 300 }\n`,
      ['H14'],
    ],
    ['H17: not with the fix of 2026', 'kernel: "7.2"\nx2apic: enabled\ntopology: { sockets: 4 }\n', []],
  ])('%s', async (_, text, wanted) => {
    expect(await rows(text)).toEqual(expect.arrayContaining(wanted));
    if (wanted.length === 0) expect(await rows(text)).toEqual([]);
  });

  test('a machine that panics at boot meets the row on panics only', async () => {
    expect(await rows('kernel: "6.12"\nx2apic: locked\ncpus:\n  - { apicId: "0-3,300" }\n')).toEqual(['H13']);
  });
});

test('the command line: analyze --audit, explain H4, rules', async () => {
  const file = 'scenarios/audit-assumptions.yaml';
  expect((await irqsim(['analyze', file])).out).not.toContain('note      audit-');
  const { code, out } = await irqsim(['analyze', '--audit', '--fail-on', 'never', file]);
  expect(code).toBe(0);
  expect(out).toContain('note      audit-present-cpus');
  expect((await irqsim(['explain', 'H4'])).out).toContain('irq_matrix_reserve_managed');
  expect((await irqsim(['rules'])).out).toContain('audit-linear-cpu-numbers');
});
