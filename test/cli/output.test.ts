/** `-o FILE` of every command that writes a report: the same text, whole or not at all. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refuseReportAmongInputs } from '../../src/cli/output/whole-file.ts';
import { definitions } from './definitions.ts';
import { fakeRoot } from './fake-root.ts';
import { irqsim } from './irqsim.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqsim-output-'));
const at = (name: string): string => join(folder, name);
const GUEST = at('guest.yaml');
writeFileSync(
  GUEST,
  'topology: { cores: 4 }\ndevices: [{ name: nvme0, driver: nvme, queues: 4 }]\nevents: [{ offline: 3 }]\n',
);
const LOG = at('kernel.log');
writeFileSync(LOG, '[    0.000000] Linux version 6.12.41\n[    0.2] x2apic: enabled by BIOS\n');
const text = (name: string): string => readFileSync(at(name), 'utf8');

const CALLS: Readonly<Record<string, readonly string[]>> = {
  analyze: [GUEST],
  replay: [GUEST],
  why: [GUEST, 'cpu', '1'],
  irqs: [GUEST],
  budget: [GUEST],
  prove: ['--property', 'no-queue-stops', GUEST],
  whatif: ['--set', 'remapping=off', GUEST],
  diff: [GUEST, GUEST],
  sweep: ['--vary', 'remapping=on,off', GUEST],
  solve: ['--maximise', 'topology.cores=1..4', GUEST],
  advise: [GUEST],
  verify: [fakeRoot()],
  dmesg: [LOG],
};

test('every command that writes a report for people has it', () => {
  const reports = definitions().commands.filter(({ options, arguments: list }) => {
    const formats = options.find(({ long }) => long === '--format')?.choices ?? [];
    return formats.includes('html') && list.some(({ required }) => required);
  });
  const known = [...Object.keys(CALLS), 'merge'];
  expect(reports.map(({ name }) => name).sort()).toEqual(known.sort());
  for (const { name, options } of reports)
    expect(
      options.map(({ long }) => long),
      name,
    ).toContain('--output');
});

describe.each(Object.entries(CALLS))('%s', (name, args) => {
  test('writes the same into a file', async () => {
    const plain = await irqsim([name, ...args]);
    const { code, out, err } = await irqsim([name, ...args, '-o', at(`${name}.txt`)], {
      env: { FORCE_COLOR: '3' },
    });
    expect({ code, out, err }).toEqual({ ...plain, out: '', cpuSeconds: undefined });
    expect(text(`${name}.txt`)).toBe(plain.out);
    expect((await irqsim([name, ...args, '-o', '-'])).out).toBe(plain.out);
  });

  test('writes nothing where it fails', async () => {
    const missing = args.map((arg) => (arg.startsWith('/') ? at('missing') : arg));
    const { code, out } = await irqsim([name, ...missing, '-o', at(`${name}.bad`)]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    // What analyze could not read is in its report, in the formats that hold it.
    if (name !== 'analyze') expect(existsSync(at(`${name}.bad`))).toBe(false);
  });
});

describe('the file', () => {
  test('has colours only where they are asked for', async () => {
    await irqsim(['analyze', GUEST, '-o', at('colour.txt'), '--color=always']);
    expect(text('colour.txt')).toContain('\u001b[');
  });

  test('keeps its mode, its links and its other names', async () => {
    writeFileSync(at('kept'), 'before', { mode: 0o640 });
    symlinkSync('kept', at('link'));
    linkSync(at('kept'), at('second-name'));
    symlinkSync('not-there-yet', at('dangling'));
    for (const name of ['link', 'dangling']) {
      await irqsim(['analyze', GUEST, '--format', 'json', '-o', at(name)]);
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
    }
    expect(text('second-name')).toBe(text('kept'));
    expect(text('not-there-yet')).toBe(text('kept'));
    expect(statSync(at('kept')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('holds what could be read, as standard output does', async () => {
    const args = ['analyze', '--format', 'sarif', 'missing.yaml', GUEST];
    const plain = await irqsim(args);
    const filed = await irqsim([...args, '-o', at('some.sarif')]);
    expect(filed).toMatchObject({ code: 2, out: '', err: plain.err });
    expect(text('some.sarif')).toBe(plain.out);
  });

  test('is the patch of advise, or with --fix the changed input', async () => {
    const path = at('wide.yaml');
    writeFileSync(path, 'topology: { cores: 300 }\nplatform: kvm\nkernel: "6.12"\n');
    const patch = await irqsim(['advise', '--patch', path]);
    const filed = await irqsim(['advise', '--patch', path, '-o', at('wide.patch')]);
    expect(patch.out).toContain('+++ ');
    expect(text('wide.patch')).toBe(patch.out);
    expect(filed).toMatchObject({ code: patch.code, out: '', err: patch.err });
    const fixed = await irqsim(['advise', '--fix', path, '-o', '-']);
    expect(fixed.out).toContain('topology: { cores: 300 }');
    expect(fixed.err).toContain('--fix --choose 2 writes it');
  });
});

describe('what no report may become', () => {
  mkdirSync(at('vms'));
  writeFileSync(join(at('vms'), 'a.yaml'), 'topology: { cores: 2 }\n');
  spawnSync('mkfifo', [at('pipe')]);
  symlinkSync('guest.yaml', at('guest-link'));
  const PROJECT = at('project.yaml');
  writeFileSync(PROJECT, 'fail-on: warning\n');

  test('its own standard input', () => {
    const stdin = openSync(GUEST, 'r');
    expect(() => refuseReportAmongInputs(GUEST, ['-'], stdin)).toThrow('is standard input too');
    expect(() => refuseReportAmongInputs(LOG, ['-'], stdin)).not.toThrow();
    closeSync(stdin);
  });

  test.each([
    ['no name', [GUEST, '-o', ''], '-o: expected the name of a file'],
    ['a directory', [GUEST, '-o', at('vms')], 'is no regular file'],
    ['a pipe', [GUEST, '-o', at('pipe')], 'is no regular file'],
    ['a device', [GUEST, '-o', '/dev/null'], 'is no regular file'],
    ['its own input', [GUEST, '-o', GUEST], 'is an input too'],
    ['its own input by a link', [GUEST, '-o', at('guest-link')], 'is an input too'],
    ['a baseline', [GUEST, '--baseline', LOG, '-o', LOG], 'is an input too'],
    ['an input of the next run', [at('vms'), '-o', join(at('vms'), 'report.json')], 'lies in '],
    ['a project file', [GUEST, '--config', PROJECT, '-o', PROJECT], 'is an input too'],
    ['a file in a folder that is not there', [GUEST, '-o', at('no/such/x.txt')], 'there is no directory'],
  ])('%s', async (_, args, message) => {
    const before = readFileSync(GUEST, 'utf8');
    const { code, out, err } = await irqsim(['analyze', '--format', 'json', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(readFileSync(GUEST, 'utf8')).toBe(before);
  });

  test('but a file that no folder is read for may lie in it', async () => {
    expect((await irqsim(['analyze', at('vms'), '-o', join(at('vms'), 'report.md')])).code).toBe(0);
    expect((await irqsim(['analyze', at('vms')])).code).toBe(0);
  });
});
