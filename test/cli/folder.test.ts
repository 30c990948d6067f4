/** A folder of machine files is walked; what is chosen, left out or cannot be read is said; the last line sums up. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { local, madt } from '../formats/acpi-tables.ts';
import { irqsim, irqsimProcess } from './irqsim.ts';

const GOOD = 'platform: kvm\ntopology: { cores: 4 }\n';
const BAD = 'platform: kvm\ntopology: { sockets: 60, cores: 5 }\n';

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'irqsim-folder-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const cwd = folderWith({
  'vms/a.yaml': GOOD,
  'vms/deep/b.yaml': BAD,
  'vms/old/c.yaml': BAD,
  'vms/README.md': '# not an input',
  'vms/fleet.ndjson': '{}\n',
  'empty/notes.txt': 'none',
});
const sources = async (...args: string[]) => {
  const { out, err, code } = await irqsim(['analyze', '--format', 'ndjson', ...args], { cwd });
  const files = out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).machine.source]));
  return { files, err, code };
};

describe('a folder', () => {
  test('gives a report on each file that has the name of an input, in the order of their names', async () => {
    const { files, err, code } = await sources('vms');
    expect(files).toEqual(['vms/a.yaml', 'vms/deep/b.yaml', 'vms/old/c.yaml']);
    expect(err).toBe(
      'irqsim: not read: vms/fleet.ndjson: records of many machines, which irqsim batch reads\n',
    );
    expect(code).toBe(1);
  });

  test.each([
    [
      ['--exclude', 'old/'],
      ['vms/a.yaml', 'vms/deep/b.yaml'],
    ],
    [['--include', '**/b.yaml'], ['vms/deep/b.yaml']],
    [
      ['--include', '**/*.yaml', '--include', '*.yaml', '--exclude', 'deep/*'],
      ['vms/a.yaml', 'vms/old/c.yaml'],
    ],
  ])('%j', async (options, expected) => {
    expect((await sources('-q', ...options, 'vms')).files).toEqual(expected);
  });

  test('with captured machines or ACPI tables beside machine files gives a report on each', async () => {
    const capture = {
      'proc/version': 'Linux version 6.12.0\n',
      'proc/cpuinfo': 'processor\t: 0\napicid\t: 0\n',
    };
    const below = (folder: string) =>
      Object.fromEntries(Object.entries(capture).map(([name, text]) => [`${folder}/${name}`, text]));
    const beside = folderWith({
      ...below('fleet/host/initial'),
      ...below('fleet/host/after'),
      'fleet/vms/a.yaml': BAD,
      ...below('hosts/a'),
      ...below('hosts/b'),
      ...below('must/sosreport-a'),
      'must/cluster.yaml': 'kind: Node\n',
      'tables/ssdt1.dat': '',
      'tables/a.yaml': BAD,
    });
    writeFileSync(join(beside, 'tables/apic.dat'), madt(local(0, 1), local(1, 1)));
    const files = async (folder: string) => {
      const { out } = await irqsim(['analyze', '-q', '--format', 'ndjson', folder], { cwd: beside });
      return out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).machine.source]));
    };
    expect(await files('tables')).toEqual(['tables', 'tables/a.yaml']);
    expect(await files('fleet')).toEqual(['fleet/host', 'fleet/vms/a.yaml']);
    expect(await files('fleet/host')).toEqual(['fleet/host']);
    // Without an "initial" stage they are no stages of one machine.
    expect(await files('hosts')).toEqual(['hosts/a', 'hosts/b']);
    const { err } = await irqsim(['analyze', 'must'], { cwd: beside });
    expect(err).toContain('a file beside the machines not read: must/cluster.yaml');
  });

  test('has no format that a captured machine cannot have, or that does not exist', async () => {
    const other = folderWith({ 'host/proc/version': 'Linux version 6.12.0\n', 'vms/a.yaml': GOOD });
    for (const [from, folder] of [
      ['nonsense', 'host'],
      ['libvirt', 'host'],
      ['nonsense', 'vms'],
      ['libvirt', 'vms'],
    ]) {
      const { code, out } = await irqsim(['analyze', '-q', '--from', from, folder], { cwd: other });
      expect({ from, folder, code, out }).toEqual({ from, folder, code: 2, out: '' });
    }
    expect((await irqsim(['analyze', '-q', '--from', 'native', 'vms'], { cwd: other })).code).toBe(0);
  });

  test('says with -q too what it leaves out: a PASS is not of what was not read', async () => {
    const { err } = await irqsim(['analyze', '-q', 'vms'], { cwd });
    expect(err).toBe(
      'irqsim: not read: vms/fleet.ndjson: records of many machines, which irqsim batch reads\n',
    );
  });

  test('says which links to folders are not followed', async () => {
    const linked = folderWith({ 'real/b.yaml': BAD, 'vms/a.yaml': GOOD });
    symlinkSync('../real', join(linked, 'vms/prod'));
    symlinkSync('..', join(linked, 'vms/up'));
    const { code, err } = await irqsim(['analyze', '--exclude', 'up', 'vms', 'vms/prod'], { cwd: linked });
    expect(code).toBe(1);
    expect(err).toBe(
      'irqsim: not read: vms/prod: a link to a folder, which could lead in a circle; name it as an input\n',
    );
  });

  test('without any such file is an error', async () => {
    expect(await irqsim(['analyze', 'empty'], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^empty:1:1: this folder is not a captured machine, and no file in it has the name/,
      ),
    });
    const { err } = await irqsim(['analyze', '-q', '--include', 'x', 'vms'], { cwd });
    expect(err).toContain('no file in it that --include and --exclude leave has the name of an input');
  });

  test.each(['sarif', 'junit'])('a file in it that cannot be read is named in %s', async (format) => {
    const broken = folderWith({ 'vms/a.yaml': GOOD, 'vms/deep/b.yaml': 'platform: kvmm\n' });
    const args = ['analyze', '--format', format, '--set', 'name=x', 'vms'];
    const { out } = await irqsim(args, { cwd: broken });
    if (format === 'junit') expect(out).toContain('<testsuite name="vms/deep/b.yaml" tests="1"');
    const { out: set } = await irqsim([...args, '--set', 'nokey=1'], { cwd: broken });
    expect(set).toContain(format === 'junit' ? '<testsuite name="vms/a.yaml"' : '"uri": "vms/a.yaml"');
    expect(set).not.toMatch(/"uri": "vms"|testsuite name="vms"/);
  });

  test('--include and --exclude say which inputs are no folders', async () => {
    const { code, err } = await irqsim(['analyze', '-q', '--exclude', 'old/', 'vms/a.yaml'], { cwd });
    expect({ code, err }).toEqual({
      code: 0,
      err: 'irqsim: --include and --exclude choose among the files of a folder; read all the same: vms/a.yaml\n',
    });
  });

  test('--exclude takes no pattern that leads elsewhere', async () => {
    const { code, err } = await irqsim(['analyze', '--exclude', '/etc', 'vms'], { cwd });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('relative to the folder') });
  });
});

describe('several machines', () => {
  test('end with a line on all of them', async () => {
    const { out } = await irqsim(['analyze', '-q', '--exclude', 'old/', 'vms'], { cwd });
    expect(out).not.toContain('machines;');
    const full = await irqsim(['analyze', '--exclude', 'old/', 'vms'], { cwd });
    expect(full.out).toMatch(
      /\n\n1 error, \d+ warnings?, \d+ notes? in 2 machines; \d+ proposes? changes, which irqsim/,
    );
    expect((await irqsim(['analyze', 'vms/a.yaml'], { cwd })).out).not.toContain('in 1 machine');
  });

  test('--statistics gives what they say together', async () => {
    const { out, code } = await irqsim(['analyze', '--statistics', '-q', 'vms'], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL +3 machines +2 fail, 0 warn, 1 pass$/m);
    expect(out).toMatch(/^apic-id-above-limit +error +2 /m);
    const json = await irqsim(['analyze', '--statistics', '-q', '--format', 'json', 'vms'], { cwd });
    expect(JSON.parse(json.out)).toMatchObject({ records: 3, verdicts: { pass: 1, fail: 2 } });
    const lost = folderWith({
      'mixed/a.vmx': 'config.version = "8"\nnumvcpus = "2"\n',
      'mixed/b.yaml': 'x\n',
    });
    const mixed = await irqsim(['analyze', '--statistics', '-q', '--format', 'json', 'mixed'], { cwd: lost });
    expect(JSON.parse(mixed.out)).toMatchObject({ records: 2, problems: [{ id: 'mixed/b.yaml' }] });
    const sarif = await irqsim(['analyze', '--statistics', '--format', 'sarif', 'vms'], { cwd });
    expect(sarif.err).toContain('--statistics goes with --format text, json, markdown, html, not with sarif');
  });
});

test('standard input has the name that it is given', async () => {
  const { out } = irqsimProcess(['analyze', '--stdin-filename', 'vms/new.yaml', '-'], { cwd, input: BAD });
  expect(out).toMatch(/^FAIL +vms\/new\.yaml /);
});

test.each([
  ['advise'],
  ['whatif', '--set', 'extDestId=true'],
  ['solve', '--format', 'json', '--maximise', 'topology.cores=1..2'],
  ['sweep', '--vary', 'hpet=on,off'],
  ['budget'],
])('%s calls standard input as --stdin-filename says', async (...args) => {
  const { out, err } = await irqsim([...args, '--stdin-filename', 'vms/new.yaml', '-'], { cwd, input: BAD });
  expect(out, err).toContain('vms/new.yaml');
});

test('standard input is not called nothing', async () => {
  const { code, err } = await irqsim(['analyze', '--stdin-filename', '', '-'], { cwd, input: GOOD });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('A name is expected.') });
});

test('a file in the place of a command is told apart from a misspelt command', async () => {
  expect((await irqsim(['vms/a.yaml'], { cwd })).err).toContain(
    '(for the report on a file: irqsim analyze vms/a.yaml)',
  );
  expect((await irqsim(['analyse'], { cwd })).err).not.toContain('for the report on a file');
});
