/** `irqsim whatif`, as a user runs it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { irqsim, ROOT, scratchFile } from './irqsim.ts';

const HOLES = 'scenarios/240-vcpus-of-5-cores.yaml';
const KUBEVIRT = 'scenarios/imported/kubevirt-64-vcpus.yaml';

describe('whatif', () => {
  test('says in one line what changes, then shows before and after of what differs', async () => {
    const { code, out, err } = await irqsim(['whatif', HOLES, '--set', 'extDestId=true', '--width', '80']);
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'FAIL → PASS  80 CPUs and 24 queues gained; 4 findings gone',
      `before  ${HOLES}`,
      `after   ${HOLES} with --set extDestId=true`,
    ]);
    expect(out).toMatch(/^~ APIC ID limit +255 +32767$/m);
    expect(out).toMatch(/^\+ online, reachable +0-159 \(160\) +0-239 \(240\)$/m);
    expect(out).toContain('gained 160-239 (80); before: APIC ID above the limit 255');
    expect(out).toMatch(/^~ nvme queues +40 healthy, 24 dead +64 healthy$/m);
    expect(out).toContain('queues 40-63: dead → healthy, started on CPUs');
    expect(out).toMatch(/^- apic-id-above-limit +error +-$/m);
    for (const same of ['kernel', 'platform', 'APIC mode', 'expectation']) expect(out).not.toContain(same);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each([40, 60, 120])('fits %i columns', async (width) => {
    for (const changes of [
      ['--set', 'remapping=on'],
      ['--set', 'topology.sockets=96', '-v'],
    ]) {
      const { out } = await irqsim(['whatif', HOLES, ...changes, '--width', String(width)]);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test('colours say good and bad, the signs say it without', async () => {
    const args = ['whatif', HOLES, '--set', 'extDestId=true'];
    const plain = (await irqsim(args)).out;
    const coloured = (await irqsim(args, { env: { FORCE_COLOR: '1' } })).out;
    expect(plain).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[32m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('--quiet leaves one line', async () => {
    const { out } = await irqsim(['whatif', HOLES, '--set', 'extDestId=true', '--quiet']);
    expect(out).toBe(
      `FAIL → PASS  ${HOLES} with --set extDestId=true: 80 CPUs and 24 queues gained; 4 findings gone\n`,
    );
  });

  test('nothing differs', async () => {
    const { code, out } = await irqsim(['whatif', HOLES, '--set', 'name=other']);
    expect(code).toBe(0);
    expect(out).toBe(
      `FAIL → FAIL  nothing differs\nbefore  ${HOLES}\nafter   ${HOLES} with --set name=other\n`,
    );
  });

  test('all kinds of changes together, in the header as typed', async () => {
    const { out } = await irqsim([
      ...['whatif', 'scenarios/hotplug-16-cpus-8-events.yaml', '--width', '160'],
      ...['--event', 'offline=4-7', '--kernel', '6.1', '--policy', 'P3', '--set', 'x2apic=supported'],
    ]);
    expect(out).toContain('with --set x2apic=supported --kernel 6.1 --policy P3 --event offline=4-7\n');
    expect(out).toContain('4 CPUs lost; 9 queues wait for CPUs');
    expect(out).toMatch(/^~ policy +mainline +exclude-unreachable$/m);
    expect(out).toMatch(/^~ nvme0, nvme1 queues +16 healthy +12 healthy, 4 idle$/m);
  });

  test('--stack-after asks what an upgrade would change, also of standard input', async () => {
    const upgrade = ['--stack', 'kubevirt=1.4', '--stack-after', 'libvirt=11.0'];
    const { code, out } = await irqsim(['whatif', KUBEVIRT, ...upgrade]);
    expect(code).toBe(0);
    expect(out).toContain('FAIL → PASS');
    expect(out).toMatch(/^- hypervisor-refuses +error +-$/m);
    const piped = await irqsim(['whatif', '-', ...upgrade], { input: readFileSync(`${ROOT}/${KUBEVIRT}`) });
    expect(piped.out.replaceAll('standard input', KUBEVIRT)).toBe(out);
  });

  test('every machine of an input is compared with itself', async () => {
    const vm = (name: string) =>
      `kind: VirtualMachine\napiVersion: kubevirt.io/v1\nmetadata: { name: ${name} }\nspec: { template: { spec: { domain: { cpu: { sockets: 4 }, devices: {} } } } }\n`;
    const file = scratchFile('two.yaml', `${vm('web')}---\n${vm('db')}`);
    const { out } = await irqsim(['whatif', file, '--set', 'platform=tcg', '--format', 'json']);
    const pairs: { before: { title: string } }[] = JSON.parse(out);
    expect(pairs.map(({ before }) => before.title)).toEqual([`${file} (web)`, `${file} (db)`]);
  });
});

test('a topology whose number of CPUs is fixed says so', async () => {
  const file = scratchFile('capped.yaml', 'topology: { sockets: 4, max: 3 }\n');
  const cores = ['--set', 'topology.cores=2'];
  const { code, out, err } = await irqsim(['whatif', file, ...cores]);
  expect(code).toBe(0);
  expect(err).toBe(
    `irqsim: ${file}: topology.max is written as 3: there are 3 CPUs however they are arranged, unless it changes too\n`,
  );
  expect(out).toMatch(/^~ topology +4 x 1 x 1, 3 CPUs of it +4 x 2 x 1, 3 CPUs of it$/m);
  expect((await irqsim(['whatif', file, ...cores, '--quiet'])).err).toBe('');
  expect((await irqsim(['whatif', file, ...cores, '--set', 'topology.max=8'])).err).toBe('');
  expect((await irqsim(['whatif', file, '--kernel', '5.4'])).err).toBe('');
});

describe('exit code', () => {
  test('1 for a finding that was not there before, 0 for one that was', async () => {
    expect((await irqsim(['whatif', HOLES, '--set', 'extDestId=true', '--kernel', '5.10'])).code).toBe(1);
    expect((await irqsim(['whatif', HOLES, '--kernel', '6.1'])).code).toBe(0);
  });

  test('by --fail-on', async () => {
    const offline = ['whatif', 'scenarios/hotplug-16-cpus-8-events.yaml', '--event', 'offline=4-7'];
    expect((await irqsim(offline)).code).toBe(0);
    expect((await irqsim([...offline, '--fail-on', 'note'])).code).toBe(1);
    const worse = ['whatif', 'scenarios/six-cpus-remapped-6.12.yaml', '--set', 'remapping=off'];
    expect((await irqsim(worse)).code).toBe(1);
    expect((await irqsim([...worse, '--fail-on', 'never'])).code).toBe(0);
  });

  test('1 for a finding raised to the level by the changes', async () => {
    const levels = ['--set', 'levels={"sparse-apic-ids":"error"}'];
    expect((await irqsim(['whatif', HOLES, ...levels])).code).toBe(1);
  });

  test('2 for bad usage and bad input, with one message', async () => {
    const cases = [
      [
        ['whatif', HOLES],
        'irqsim: whatif: say what to change: --set, --event, --kernel, --policy or --stack-after',
      ],
      [['whatif', 'nowhere.yaml', '--kernel', '6.1'], 'nowhere.yaml:1:1: no such file'],
      [['whatif', HOLES, '--set', 'sockets=3'], '--set sockets=3: unknown key "sockets"'],
      [['whatif', HOLES, '--kernel', '5.4,6.1'], '--kernel 5.4,6.1: one kernel is expected'],
      [['whatif', HOLES, '--policy', 'all'], '--policy all: one policy is expected'],
      [['whatif', HOLES, '--event', 'explode'], '--event explode: '],
      [['whatif', HOLES, '--stack-after', 'word=5'], 'PRODUCT=VERSION is expected'],
    ] as const;
    for (const [args, message] of cases) {
      const { code, out, err } = await irqsim(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(message);
      expect(err).not.toContain('    at ');
    }
  });
});

describe('formats', () => {
  test('json has the sides, the totals and every queue that differs', async () => {
    const { out } = await irqsim(['whatif', HOLES, '--set', 'extDestId=true', '--format', 'json']);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'irqsim' },
      before: { title: HOLES, changes: [], summary: { verdict: 'fail' } },
      after: { title: HOLES, changes: ['--set extDestId=true'], summary: { verdict: 'pass' } },
      same: false,
      verdict: { before: 'fail', after: 'pass' },
      gained: { cpus: 80, queues: 24, devices: 0 },
      lost: { cpus: 0, queues: 0, devices: 0 },
      numbering: { by: 'number', renumbered: null },
      findings: { came: [], changed: [] },
      suppressed: { gone: [], came: [], changed: [] },
    });
    const [{ queues, interrupts }] = report.devices;
    expect(queues).toHaveLength(24);
    expect(queues[0]).toEqual({
      index: 40,
      health: { before: 'dead', after: 'healthy' },
      state: { before: 'shutdown', after: 'started' },
      effective: { before: null, after: 163 },
    });
    expect(interrupts[0]).toMatchObject({
      vectorIndex: 0,
      before: { affinity: '0-159' },
      after: { affinity: '0-239' },
    });
    expect(report.findings.gone[0]).toMatchObject({ rule: 'apic-id-above-limit', cpus: '160-239' });
  });

  test('markdown is a heading and tables for a pull request', async () => {
    const { out } = await irqsim(['whatif', HOLES, '--set', 'extDestId=true', '--format', 'markdown']);
    expect(out.split('\n').slice(0, 4)).toEqual([
      '## FAIL → PASS: 80 CPUs and 24 queues gained; 4 findings gone',
      '',
      `- before: \`${HOLES}\``,
      `- after: \`${HOLES}\` with \`--set extDestId=true\``,
    ]);
    expect(out).toContain('| `~` | APIC ID limit | 255 | 32767 |');
    expect(out).toContain('| `-` | apic-id-above-limit | error | - |');
  });

  test('the same input gives the same bytes', async () => {
    for (const format of ['text', 'json', 'markdown']) {
      const args = ['whatif', HOLES, '--set', 'remapping=on', '--format', format];
      expect((await irqsim(args)).out).toBe((await irqsim(args)).out);
    }
  });
});

test('what users suppress is told apart', async () => {
  const suppress = 'suppress=[{"rule":"apic-id-above-limit","reason":"known"}]';
  const { code, out } = await irqsim(['whatif', HOLES, '--set', suppress]);
  expect(code).toBe(0);
  expect(out).toMatch(/^Suppressed findings\n\+ apic-id-above-limit +- +error$/m);
});

test('help has examples and says what the exit codes mean', async () => {
  const { code, out } = await irqsim(['whatif', '--help']);
  expect(code).toBe(0);
  expect(out).toContain('Examples:');
  expect(out).toContain('Exit codes: 0 no new finding');
});
