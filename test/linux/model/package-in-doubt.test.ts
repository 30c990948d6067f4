/** Absent CPUs on bare metal whose package the description does not tell (docs/model/enumeration.md#disabled-entries). */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { readText } from '../../helpers.ts';

const BARE = 'kernel: "6.12.43"\nhpet: off\n';
const FOURS = 'cpus:\n  - { apicId: "0-3" }\n  - { apicId: "4-7", state: absent }\n';

async function sets(text: string) {
  const { enumeration, domains, findings, summary } = analyze(await readText(text));
  const found = findings.find(({ rule }) => rule === 'package-not-told');
  return {
    possible: enumeration.possible.toString(),
    unknown: domains[0].unknown.toString(),
    verdict: summary.verdict,
    missing: found?.fix ?? [],
  };
}

const WIDTH = 'description: packageCpus, the APIC IDs that a package has room for';
const ID = 'description: the apicId of each absent CPU';

describe('what is unknown, and the fact that is missing', () => {
  test.each<[string, string, string, string, string, string[]]>([
    ['no width', FOURS, '0-7', '4-7', 'warn', [WIDTH]],
    ['one package', `${FOURS}packageCpus: 8\n`, '0-3', '', 'pass', []],
    ['another package', `${FOURS}packageCpus: 4\n`, '0-7', '', 'pass', []],
    ['threads of a running core', `${FOURS}smt: 8\n`, '0-3', '', 'pass', []],
    [
      'an L2 cache with a running CPU',
      'cpus:\n  - { apicId: "0-3", l2: 8 }\n  - { apicId: "4-7", state: absent }\n',
      '0-3',
      '',
      'pass',
      [],
    ],
    [
      'no APIC ID',
      'cpus:\n  - { apicId: 0-1 }\n  - { count: 2, state: absent }\npackageCpus: 2\n',
      '0-3',
      '2-3',
      'warn',
      [ID],
    ],
    [
      'neither',
      'cpus:\n  - { apicId: 0-1 }\n  - { apicId: 2, state: absent }\n  - { count: 1, state: absent }\n',
      '0-3',
      '2-3',
      'warn',
      [WIDTH, ID],
    ],
    ['none absent', 'cpus:\n  - { apicId: 0-3 }\n', '0-3', '', 'pass', []],
    ['a topology', 'topology: { cores: 8, present: 4 }\n', '0-3', '', 'pass', []],
  ])('%s', async (_, cpus, possible, unknown, verdict, missing) => {
    expect(await sets(BARE + cpus)).toEqual({ possible, unknown, verdict, missing });
  });

  test.each([
    ['6.8', 'bare-metal'],
    ['6.12.77', 'bare-metal'],
    ['6.12.43', 'kvm'],
  ])('nothing on %s, %s, which ask for no package', async (kernel, platform) => {
    const { missing } = await sets(`kernel: "${kernel}"\nplatform: ${platform}\nhpet: off\n${FOURS}`);
    expect(missing).toEqual([]);
  });
});

test('an APIC ID above the limit is out of reach whether the kernel takes it or not', async () => {
  const text = `${BARE}cpus:\n  - { apicId: 0-1 }\n  - { apicId: 0x100, state: absent }\nx2apic: enabled\n`;
  const { domains, findings } = analyze(await readText(text));
  expect(domains[0].unreachable.toString()).toBe('2');
  expect(domains[0].unknown.toString()).toBe('');
  expect(findings.map(({ rule }) => rule)).toContain('package-not-told');
});

test('a CPU that an event plugs is judged, and that the kernel may refuse it is said all the same', async () => {
  const text = `${BARE}${FOURS}events:\n  - { plug: { apicId: 4 } }\n  - { online: 4 }\n`;
  const { domains, findings, run } = analyze(await readText(text));
  expect(run.online.toString()).toBe('0-4');
  expect(domains[0].unknown.toString()).toBe('5-7');
  expect(findings.find(({ rule }) => rule === 'package-not-told')?.cpus?.toString()).toBe('4-7');
});
