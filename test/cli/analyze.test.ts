/** `irqsim analyze` as a user runs it: good input, several inputs, formats, exit codes, colour. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { builtProgram } from '../built.ts';
import { irqsim, irqsimProcess, ROOT, scratchFile } from './irqsim.ts';

const PASS = 'scenarios/possible-larger-than-present.yaml';
const FAIL = 'scenarios/four-cpus-two-queues.yaml';
const ESCAPE = '\u001b[';

describe('text report', () => {
  test('says in one line whether it is fine, and exits with 0', async () => {
    const { code, out, err } = await irqsim(['analyze', 'scenarios/server-384-cpus-apic-447.yaml']);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out.split('\n')[0]).toBe(
      'PASS  scenarios/server-384-cpus-apic-447.yaml  all 384 plugged CPUs reachable; all 1215 queues work',
    );
  });

  test('names the lost CPUs, the limit and its reason, the dead queue and the fix, and exits with 1', async () => {
    const { code, out } = await irqsim(['analyze', FAIL]);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL .* 2 of 4 plugged CPUs reachable; 1 of 2 queues dead$/m);
    expect(out).toContain('xAPIC, physical destinations, APIC IDs up to 254');
    expect(out).toContain('because there is no interrupt remapping (by default)');
    expect(out).toMatch(/unreachable +2-3 +\(2\) +APIC IDs 256-257/);
    expect(out).toContain('OOXX');
    expect(out).toMatch(/queue-never-starts {2}scenarios\/four-cpus-two-queues\.yaml:\d+:\d+/);
    expect(out).toContain('nr_cpus=2');
  });

  test('with -v lists every queue', async () => {
    const { out } = await irqsim(['analyze', '-v', FAIL]);
    expect(out).toMatch(/^ +0 +25 +0-1 +1 +32 +started +healthy$/m);
    expect(out).toMatch(/^ +1 +26 +2-3 +0 +- +shutdown +dead$/m);
    expect(out).toContain("x2apic: IRQ remapping doesn't support X2APIC mode");
  });

  test('fits the width asked for', async () => {
    const { out } = await irqsim(['analyze', '--width', '80', 'scenarios/possible-larger-than-present.yaml']);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('is about as long for 4,096 CPUs as for 4', async () => {
    const big = scratchFile(
      'big.yaml',
      'platform: kvm\nextDestId: true\nhpet: off\ntopology: { sockets: 16, cores: 256, present: 3000 }\n' +
        'devices:\n  - { name: nvme, driver: nvme, count: 64, queues: 64 }\n',
    );
    const small = (await irqsim(['analyze', 'scenarios/four-cpus-four-queues.yaml'])).out.split('\n').length;
    expect((await irqsim(['analyze', big])).out.split('\n').length).toBeLessThan(2 * small);
  });

  test('is the same, byte for byte, every time', async () => {
    expect((await irqsim(['analyze', FAIL])).out).toBe((await irqsim(['analyze', FAIL])).out);
  });
});

describe('colour', () => {
  test('is off in a pipe, and with NO_COLOR', async () => {
    expect((await irqsim(['analyze', FAIL])).out).not.toContain(ESCAPE);
    expect((await irqsim(['analyze', FAIL], { env: { NO_COLOR: '1' } })).out).not.toContain(ESCAPE);
  });

  test('is on with FORCE_COLOR, and only colour differs', async () => {
    const { out } = await irqsim(['analyze', FAIL], { env: { FORCE_COLOR: '1' } });
    expect(out).toContain(ESCAPE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is stripped
    expect(out.replace(/\u001b\[\d+m/g, '')).toBe((await irqsim(['analyze', FAIL])).out);
  });
});

describe('json', async () => {
  const report = JSON.parse((await irqsim(['analyze', '--format', 'json', FAIL])).out);

  test('has the fields of schema version 1', () => {
    expect(report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'irqsim' },
      machine: { source: FAIL, kernel: '6.12.117', platform: 'bare-metal', policy: 'mainline' },
      apic: { mode: 'xapic-physical', remapping: 'none', extDestId: false, maxApicId: 254 },
      cpus: {
        possible: '0-3',
        present: '0-3',
        online: '0-1',
        boot: 0,
        ignored: [],
        apicIds: [
          { cpu: 0, apicId: 0, count: 2 },
          { cpu: 2, apicId: 256, count: 2 },
        ],
      },
      reach: { reachable: '0-1', unreachable: '2-3', unknown: '' },
      summary: {
        verdict: 'fail',
        errors: 1,
        queues: { healthy: 1, idle: 0, 'at-risk': 0, degraded: 0, dead: 1 },
      },
    });
    expect(report.domains[0]).toEqual({
      name: 'pci-msi',
      parent: 'vector',
      maxApicId: 254,
      reachable: '0-1',
      unreachable: '2-3',
      unknown: '',
    });
  });

  test('tells every queue as the kernel would show it', () => {
    const [nvme] = report.devices;
    expect(nvme).toMatchObject({
      name: 'nvme',
      driver: 'nvme',
      vectorsAsked: 3,
      vectorsGranted: 3,
      health: 'dead',
    });
    expect(nvme.queues).toEqual([
      {
        index: 0,
        irq: 25,
        vectorIndex: 1,
        managed: true,
        affinity: '0-1',
        effective: 1,
        vector: 32,
        state: 'started',
        health: 'healthy',
      },
      {
        index: 1,
        irq: 26,
        vectorIndex: 2,
        managed: true,
        affinity: '2-3',
        effective: 0,
        vector: null,
        state: 'shutdown',
        health: 'dead',
        stopped: 'never-started',
        msix: 'vector 0xef on CPU 0, masked',
      },
    ]);
    expect(nvme.interrupts).toHaveLength(1);
    expect(nvme.interrupts[0]).toMatchObject({ irq: 24, vectorIndex: 0, managed: false });
  });

  test('accounts for every vector', () => {
    expect(report.vectors.perCpu).toHaveLength(4);
    expect(report.vectors.perCpu[2]).toEqual({
      cpu: 2,
      available: 0,
      allocated: 0,
      managed: 1,
      managedAllocated: 0,
    });
  });

  test('leaves the vectors of every CPU out with --no-vectors', async () => {
    const brief = JSON.parse((await irqsim(['analyze', '--format', 'json', '--no-vectors', FAIL])).out);
    expect(brief.vectors.perCpu).toBeUndefined();
    expect(brief.vectors.totalAllocated).toBe(report.vectors.totalAllocated);
  });

  test('points findings at the line that causes them', () => {
    const finding = report.findings.find((one: { rule: string }) => one.rule === 'queue-never-starts');
    expect(finding.location.file).toBe(FAIL);
    expect(finding.location.line).toBeGreaterThan(5);
    expect(finding).toMatchObject({ level: 'warning', cpus: '2-3', devices: ['nvme'] });
  });

  test('is an array for several inputs and a line each as NDJSON', async () => {
    const array = JSON.parse((await irqsim(['analyze', '--format', 'json', PASS, FAIL])).out);
    expect(array.map((one: { machine: { source: string } }) => one.machine.source)).toEqual([PASS, FAIL]);
    const lines = (await irqsim(['analyze', '--format', 'ndjson', PASS, FAIL])).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).summary.verdict)).toEqual(['pass', 'fail']);
  });
});

describe('exit codes', () => {
  test.each([
    ['error', PASS, 0],
    ['error', FAIL, 1],
    ['never', FAIL, 0],
    ['note', 'scenarios/four-cpus-two-queues-nr-cpus.yaml', 1],
    ['warning', 'scenarios/four-cpus-two-queues-nr-cpus.yaml', 1],
    ['error', 'scenarios/four-cpus-two-queues-nr-cpus.yaml', 0],
  ])('--fail-on %s %s gives %i', async (level, file, code) => {
    expect((await irqsim(['analyze', '--fail-on', level, file])).code).toBe(code);
  });

  test('several inputs: the worst counts', async () => {
    expect((await irqsim(['analyze', PASS, FAIL])).code).toBe(1);
    expect((await irqsim(['analyze', PASS, PASS])).code).toBe(0);
  });

  test('an input that cannot be read gives 2, and the others are still reported', async () => {
    const { code, out, err } = await irqsim(['analyze', 'nosuch.yaml', FAIL]);
    expect(code).toBe(2);
    expect(out).toContain('FAIL');
    expect(err).toBe('nosuch.yaml:1:1: no such file\n');
  });

  test('a false expectation is an error of its own', async () => {
    const file = scratchFile('expect.yaml', 'topology: { sockets: 2 }\nexpect:\n  reachable: "0-7"\n');
    const { code, out } = await irqsim(['analyze', file]);
    expect(code).toBe(1);
    expect(out).toContain('expected reachable CPUs "0-7", found "0-1"');
    expect(out).toMatch(/expectation {2}.*expect\.yaml:3:/);
  });
});

describe('input', () => {
  test('comes from standard input as -', () => {
    const { code, out } = irqsimProcess(['analyze', '--format', 'json', '-'], {
      input: 'topology: { sockets: 2 }\n',
    });
    expect(code).toBe(0);
    expect(JSON.parse(out).machine.source).toBe('-');
  });

  test('may be JSON', async () => {
    const { out } = await irqsim(['analyze', '--format', 'json', '-'], {
      input: '{"cpus":[{"apicId":"0-3"}]}',
    });
    expect(JSON.parse(out).reach.reachable).toBe('0-3');
  });

  test('--kernel and --set change the description before it is analysed', async () => {
    const machine = 'platform: kvm\nextDestId: off\ntopology: { sockets: 300 }\n';
    const run = async (...args: string[]) =>
      JSON.parse((await irqsim(['analyze', '--format', 'json', ...args, '-'], { input: machine })).out);
    expect((await run()).reach.unreachable).toBe('256-299');
    expect((await run('--set', 'extDestId=true')).reach.unreachable).toBe('');
    expect((await run('--set', 'extDestId=true', '--kernel', '5.10')).reach.unreachable).toBe('256-299');
    expect((await run('--kernel', '5.10')).machine.kernel).toBe('5.10');
  });
});

test('a closed pipe ends quietly', () => {
  const command = `"${process.execPath}" ${builtProgram()} analyze -v scenarios/384-of-512-vcpus.yaml | head -n 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toMatch(/^FAIL/);
  expect(stderr).toBe('');
});
