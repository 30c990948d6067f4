/** How users judge findings, from the command line: project file, levels, suppressions, baseline, day. */
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtProgram } from '../built.ts';
import { irqsim, irqsimProcess, type Outcome } from './irqsim.ts';

/** One error (apic-id-above-limit), three warnings. */
const GUEST = `kernel: "6.12"
platform: kvm
hpet: off
cpus:
  - { apicId: "0-1,0x100-0x101" }
devices:
  - { name: disk, driver: virtio-blk, queues: 4 }
`;
const TODAY = { SOURCE_DATE_EPOCH: '1767225600' };

/** A repository with these files, and a function that runs irqsim in it. */
function repository(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'irqsim-triage-'));
  mkdirSync(join(root, '.git'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const run = (args: readonly string[], { folder = '.', env = {} } = {}): Promise<Outcome> =>
    irqsim(args, { cwd: join(root, folder), env: { ...TODAY, ...env } });
  /** Worker threads need the built program. */
  const runBatch = (...args: readonly string[]): Outcome =>
    irqsimProcess(['batch', ...args], { cwd: root, env: TODAY });
  return { root, run, runBatch };
}

interface Report {
  findings: { rule: string; level: string; overridden?: { level: string; location: { file: string } } }[];
  suppressed: {
    rule: string;
    suppression: { by: string; reason: string; location: { file: string; line: number } };
  }[];
  summary: { verdict: string; suppressed: number };
}

const report = ({ out }: Outcome): Report => JSON.parse(out) as Report;
const JSON_REPORT = ['analyze', '--format', 'json'];

test('SARIF links to the pages that the project file names', async () => {
  const { run } = repository({ '.irqsim.yaml': 'docs: https://docs.example.org/irqsim/\n', 'a.yaml': GUEST });
  const { runs } = JSON.parse((await run(['analyze', '--format', 'sarif', 'a.yaml'])).out);
  expect(runs[0].tool.driver.informationUri).toBe('https://docs.example.org/irqsim/index.html');
  expect(runs[0].tool.driver.rules[0].helpUri).toBe(
    'https://docs.example.org/irqsim/docs/rules/apic-id-above-limit.html',
  );
});

describe('the project file', () => {
  const PROJECT = `# How we judge.
levels:
  apic-id-above-limit: warning
suppress:
  - rule: queue-never-starts
    reason: the disk is for backups
    until: 2026-01-01
    files: ["vms/**"]
`;

  test('counts in its folder and below, and the report says so', async () => {
    const { run } = repository({ '.irqsim.yaml': PROJECT, 'vms/a.yaml': GUEST });
    for (const [folder, input, file] of [
      ['.', 'vms/a.yaml', '.irqsim.yaml'],
      ['vms', 'a.yaml', '../.irqsim.yaml'],
    ]) {
      const json = await run([...JSON_REPORT, input], { folder });
      expect(json).toMatchObject({ code: 0, err: folder === '.' ? '' : 'settings of ../.irqsim.yaml\n' });
      const { findings, suppressed, summary } = report(json);
      expect(summary).toMatchObject({ verdict: 'warn', suppressed: 1 });
      expect(findings[0]).toMatchObject({
        rule: 'apic-id-above-limit',
        level: 'warning',
        overridden: { level: 'error', location: { file, line: 3, column: 3 } },
      });
      expect(suppressed).toMatchObject([
        {
          rule: 'queue-never-starts',
          suppression: {
            by: 'project',
            reason: 'the disk is for backups',
            until: '2026-01-01',
            location: { file, line: 5, column: 5 },
          },
        },
      ]);
    }
    const { out } = await run(['analyze', '--width', '100', 'vms/a.yaml']);
    expect(out).toContain(
      [
        'Triage    1 finding suppressed',
        '          queue-never-starts on disk (.irqsim.yaml:5: the disk is for backups, until 2026-01-01)',
        '          warning instead of error: apic-id-above-limit (.irqsim.yaml:3)',
      ].join('\n'),
    );
  });

  test('its suppressions end, by --today, SOURCE_DATE_EPOCH, the clock', async () => {
    const { run } = repository({ '.irqsim.yaml': PROJECT, 'vms/a.yaml': GUEST });
    const ended =
      '.irqsim.yaml:5:5: note: the suppression of queue-never-starts ended on 2026-01-01; it no longer holds anything back\n';
    const asked = await run([...JSON_REPORT, '--today', '2026-01-02', 'vms/a.yaml']);
    expect(asked.err).toBe(ended);
    expect(report(asked).suppressed).toEqual([]);
    expect((await run(['analyze', 'vms/a.yaml'], { env: { SOURCE_DATE_EPOCH: '1767311999' } })).err).toBe('');
    expect((await run(['analyze', 'vms/a.yaml'], { env: { SOURCE_DATE_EPOCH: '1767312000' } })).err).toBe(
      ended,
    );
    expect((await run(['analyze', 'vms/a.yaml'], { env: { SOURCE_DATE_EPOCH: '' } })).err).toBe(ended);
    expect((await run(['analyze', '--quiet', '--today', '2026-01-02', 'vms/a.yaml'])).err).toBe('');
  });

  test('fail-on and stack count unless the options are given, and are noted', async () => {
    const { run } = repository({
      '.irqsim.yaml': 'fail-on: warning\nstack: { qemu: 9.0 }\nlevels: { apic-id-above-limit: warning }\n',
      'a.yaml': GUEST,
      'a.args': 'qemu-system-x86_64 -machine q35 -smp 4 -drive file=x,if=virtio\n',
    });
    const notes = '.irqsim.yaml:1:1: note: fail-on warning\n.irqsim.yaml:2:1: note: stack qemu=9.0\n';
    expect(await run(['analyze', 'a.yaml'])).toMatchObject({ code: 1, err: notes });
    expect(await run(['analyze', '--fail-on', 'error', 'a.yaml'])).toMatchObject({
      code: 0,
      err: '.irqsim.yaml:2:1: note: stack qemu=9.0\n',
    });
    expect(await run(['analyze', '--no-config', 'a.yaml'])).toMatchObject({ code: 1, err: '' });
    expect(await run(['replay', 'a.yaml'])).toMatchObject({ code: 1, err: notes });
    expect((await run(['import', 'a.args'])).out).toContain('QEMU 9.0');
    expect((await run(['import', '--stack', 'qemu=8.2', 'a.args'])).out).toContain('QEMU 8.2');
    expect((await run(['import', '--no-config', 'a.args'])).out).toContain('QEMU 11.1');
    expect((await run(['analyze', '-v', 'a.args'])).out).toContain('QEMU 9.0');
  });

  test('is looked for up to the top of the repository, the nearest first', async () => {
    const off = 'levels: { apic-id-above-limit: off }\n';
    const { run } = repository({
      '.irqsim.yaml': off,
      'mine/.irqsim.yaml': '# nothing here\n',
      'mine/a.yaml': GUEST,
      'inner/.git/HEAD': '',
      'inner/deep/a.yaml': GUEST,
      'other.yaml': off,
    });
    expect((await run(['analyze', 'mine/a.yaml'])).code).toBe(0);
    expect((await run(['analyze', 'a.yaml'], { folder: 'mine' })).code).toBe(1);
    expect((await run(['analyze', 'a.yaml'], { folder: 'inner/deep' })).code).toBe(1);
    expect((await run(['analyze', '--config', '../other.yaml', 'a.yaml'], { folder: 'mine' })).code).toBe(0);
  });

  test.each([
    [
      'levels: { sparse-apic: off }\n',
      /^\.irqsim\.yaml:1:11: unknown rule "sparse-apic", did you mean "sparse-apic-ids"\?\n$/,
    ],
    ['suppres: []\n', /^\.irqsim\.yaml:1:1: unknown key "suppres", did you mean "suppress"\?\n$/],
    [
      'suppress:\n  - rule: expectation\n    reason: r\n    until: 2027-02-30\n',
      /^\.irqsim\.yaml:4:12: "2027-02-30" is no day/,
    ],
    [
      'suppress:\n  - { rule: expectation, reason: r, files: ["/a"] }\n',
      /^\.irqsim\.yaml:2:45: a pattern is relative to/,
    ],
    ['stack: { qemo: 9.0 }\n', /^\.irqsim\.yaml:1:10: unknown key "qemo" in stack, did you mean "qemu"\?\n$/],
    ['stack: { qemu: new }\n', /^\.irqsim\.yaml:1:16: expected a version such as "11\.1"\n$/],
    [
      'fail-on: errors\n',
      /^\.irqsim\.yaml:1:10: fail-on: expected one of error, warning, note, never, found "errors", did/,
    ],
    [
      'suppress:\n  - { rule: expectation, reason: r, files: [""] }\n',
      /^\.irqsim\.yaml:2:45: an empty pattern matches nothing\n$/,
    ],
    [
      'suppress:\n  - { rule: expectation, reason: r, files: [] }\n',
      /files: expected a list of one or more patterns, found an empty list\n$/,
    ],
    [
      'levels: { "*": off }\n',
      /^\.irqsim\.yaml:1:11: unknown rule "\*"; known rules: (?:[\w-]+, ){8}and \d+ more\n$/,
    ],
    ['- a\n', /^\.irqsim\.yaml:1:1: expected a mapping/],
    ['docs: ../pages\n', /^\.irqsim\.yaml:1:7: expected an address such as "https:/],
    ['docs: "javascript:alert(1)"\n', /^\.irqsim\.yaml:1:7: expected an address such as "https:/],
    [
      'docs: https://me:secret@docs.example.org/irqsim\n',
      /^\.irqsim\.yaml:1:7: expected .* without a user name/,
    ],
    ['levels: {\n', /^\.irqsim\.yaml:2:1: /],
    [
      'baseline: gone.json\n',
      /^irqsim: \.irqsim\.yaml:1:1: baseline: no such file; irqsim analyze --write-baseline gone\.json INPUT\.\.\. writes it\n$/,
    ],
  ])('bad: %s', async (text, message) => {
    const { run } = repository({ '.irqsim.yaml': text, 'a.yaml': GUEST });
    const { code, out, err } = await run(['analyze', 'a.yaml']);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test.each(['.irqsim.yml', '.irqsim.json'])('%s is not passed over in silence', async (name) => {
    const { root, run } = repository({ [name]: '{ fail-on: warning }', 'vms/a.yaml': GUEST });
    const { code, out, err } = await run(['analyze', 'a.yaml'], { folder: 'vms' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      `irqsim: ${join(root, name)}: the project file is called .irqsim.yaml; rename it, or say --config FILE or --no-config\n`,
    );
    expect(await run(['analyze', '--no-config', 'vms/a.yaml'])).toMatchObject({ code: 1, err: '' });
    expect((await run(['analyze', '--config', name, 'vms/a.yaml'])).err).toBe(
      `${name}:1:3: note: fail-on warning\n`,
    );
  });

  test('a link that leads nowhere is no missing file', async () => {
    const { root, run } = repository({ 'a.yaml': GUEST });
    symlinkSync('gone', join(root, '.irqsim.yaml'));
    expect(await run(['analyze', 'a.yaml'])).toMatchObject({
      code: 2,
      out: '',
      err: '.irqsim.yaml:1:1: no such file\n',
    });
  });

  test('a verdict that it made better says so in one line too', async () => {
    const { run } = repository({ '.irqsim.yaml': PROJECT, 'vms/a.yaml': GUEST });
    expect((await run(['analyze', '--quiet', 'vms/a.yaml'])).out).toMatch(
      /^WARN .* \(1 finding suppressed\)\n$/,
    );
    expect((await run(['analyze', '--quiet', '--no-config', 'vms/a.yaml'])).out).toMatch(/^FAIL .* dead\n$/);
  });

  test('one that is named must be there', async () => {
    const { run } = repository({ 'a.yaml': GUEST });
    expect(await run(['analyze', '--config', 'x.yaml', 'a.yaml'])).toMatchObject({
      code: 2,
      err: 'x.yaml:1:1: no such file\n',
    });
    expect(await run(['analyze', '--config', '.', 'a.yaml'])).toMatchObject({
      code: 2,
      err: '.:1:1: is a directory\n',
    });
  });
});

describe('levels', () => {
  test('of the command line go before all others, the last first', async () => {
    const { run } = repository({
      '.irqsim.yaml': 'levels: { apic-id-above-limit: note }\n',
      'a.yaml': `${GUEST}levels: { apic-id-above-limit: warning }\n`,
    });
    const level = async (...args: string[]) =>
      report(await run([...JSON_REPORT, ...args, 'a.yaml'])).findings.find(
        ({ rule }) => rule === 'apic-id-above-limit',
      )?.level;
    expect(await level()).toBe('warning');
    expect(await level('--level', 'apic-id-above-limit=error')).toBe('error');
    expect(await level('--level', 'apic-id-above-limit=error', '--level', 'R001=note')).toBe('error');
    expect(
      await level('--level', 'apic-id-above-limit=error', '--level', 'apic-id-above-limit = off'),
    ).toBeUndefined();
  });

  test('change the verdict of a comparison of kernels too, which says so', async () => {
    const { run } = repository({ 'a.yaml': GUEST });
    const args = ['analyze', '--kernel', '5.10,6.12', '--level', 'apic-id-above-limit=off', 'a.yaml'];
    const { code, out } = await run(args);
    expect(code).toBe(0);
    expect(out).toMatch(/^suppressed +1 +1$/m);
    expect(
      (await run(['analyze', '--policy', 'all', '--level', 'apic-id-above-limit=off', 'a.yaml'])).out,
    ).toMatch(/^Findings suppressed: P0 1/m);
  });

  test.each([
    ['x=off', 'unknown rule'],
    ['sparse-apic-id=off', 'unknown rule, did you mean "sparse-apic-ids"?'],
    ['sparse-apic-ids', 'expected RULE=LEVEL, the level one of error, warning, note, off'],
    ['sparse-apic-ids=fatal', 'expected RULE=LEVEL, the level one of error, warning, note, off'],
  ])('bad: %s', async (text, message) => {
    const { code, err } = await irqsim(['analyze', '--level', text, '-'], { input: GUEST });
    expect(code).toBe(2);
    expect(err).toContain(`irqsim: --level ${text}: ${message}`);
  });
});

test.each([
  [['--today', '2027-02-29'], /--today <day>.*A day such as 2027-03-31 is expected/],
  [['--write-baseline', 'a', '--baseline', 'b'], /cannot be used with/],
])('bad: %j', async (args, message) => {
  const { code, err } = await irqsim(['analyze', ...args, '-'], { input: GUEST });
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

test('a SOURCE_DATE_EPOCH that is no time is refused', async () => {
  const { code, err } = await irqsim(['analyze', '-'], {
    input: GUEST,
    env: { SOURCE_DATE_EPOCH: 'today' },
  });
  expect({ code, err }).toEqual({
    code: 2,
    err: 'irqsim: SOURCE_DATE_EPOCH=today: expected seconds since 1970\n',
  });
});

describe('a baseline', () => {
  test('written, compared, worse, mended', async () => {
    const { root, run } = repository({ 'vms/a.yaml': GUEST, 'vms/b.yaml': `name: b\n${GUEST}` });
    const missing = await run(['analyze', '--baseline', 'known.json', 'vms/a.yaml']);
    expect(missing).toMatchObject({
      code: 2,
      out: '',
      err: 'irqsim: --baseline known.json: no such file; irqsim analyze --write-baseline known.json INPUT... writes it\n',
    });

    const writing = ['analyze', '--write-baseline', 'known.json', 'vms/a.yaml', 'vms/b.yaml'];
    const plain = await run(['analyze', 'vms/a.yaml', 'vms/b.yaml']);
    expect(await run(writing)).toMatchObject({
      code: 1,
      out: plain.out,
      err: 'known.json is written: 8 known findings\n',
    });
    const bytes = readFileSync(join(root, 'known.json'), 'utf8');
    await run(['analyze', '--write-baseline', '../known.json', 'b.yaml', 'a.yaml'], { folder: 'vms' });
    expect(readFileSync(join(root, 'known.json'), 'utf8')).toBe(bytes);
    expect(readdirSync(root).sort()).toEqual(['.git', 'known.json', 'vms']);

    const known = await run(
      ['analyze', '--fail-on', 'note', '--baseline', '../known.json', 'a.yaml', './b.yaml'],
      {
        folder: 'vms',
      },
    );
    expect(known).toMatchObject({ code: 0, err: '' });
    expect(known.out).toContain('apic-id-above-limit (../known.json:8: known)');

    const worse = [
      'analyze',
      '--baseline',
      'known.json',
      '--set',
      'cpus.0.apicId="0-1,0x100-0x102"',
      'vms/a.yaml',
    ];
    const counted = await run([...worse, '--format', 'json']);
    expect(counted.code).toBe(1);
    expect(report(counted).findings[0]).toMatchObject({ rule: 'apic-id-above-limit' });
    expect(counted.err).toMatch(
      /^known\.json:8:1: note: no longer found: apic-id-above-limit in vms\/a\.yaml: 2 CPUs above/,
    );

    const mended = await run(['analyze', '--baseline', 'known.json', '--set', 'extDestId=on', 'vms/a.yaml']);
    expect(mended.code).toBe(0);
    expect(mended.err.split('\n').filter((line) => line.includes('no longer found'))).toHaveLength(4);
    expect(mended.err).toContain('known.json: irqsim analyze --write-baseline writes it anew\n');
    expect(mended.err).not.toContain('b.yaml');
  });

  test('is named in a project file, also before it is there', async () => {
    const { run } = repository({ 'ci/.irqsim.yaml': 'baseline: known.json\n', 'ci/a.yaml': GUEST });
    const how = { folder: 'ci' };
    expect((await run(['analyze', 'a.yaml'], how)).code).toBe(2);
    expect(
      (await run(['analyze', '--fail-on', 'never', '--write-baseline', 'known.json', 'a.yaml'], how)).code,
    ).toBe(0);
    expect((await run(['analyze', 'a.yaml'], how)).code).toBe(0);
    expect((await run(['analyze', '--config', 'ci/.irqsim.yaml', 'ci/a.yaml'])).code).toBe(0);
  });

  test('takes the place of a baseline only', async () => {
    const { root, run } = repository({ 'a.yaml': GUEST, 'known.json': '' });
    for (const file of ['a.yaml', './a.yaml']) {
      expect(await run(['analyze', '--write-baseline', file, 'a.yaml'])).toEqual(
        expect.objectContaining({
          code: 2,
          out: '',
          err: `irqsim: --write-baseline ${file}: the file is there and is no baseline; remove it first\n`,
        }),
      );
    }
    expect(readFileSync(join(root, 'a.yaml'), 'utf8')).toBe(GUEST);
    symlinkSync('known.json', join(root, 'link.json'));
    expect((await run(['analyze', '--write-baseline', 'link.json', 'a.yaml'])).code).toBe(1);
    expect(lstatSync(join(root, 'link.json')).isSymbolicLink()).toBe(true);
    expect((await run(['analyze', '--baseline', 'known.json', 'a.yaml'])).code).toBe(0);
    for (const option of ['--baseline', '--write-baseline'])
      expect(await run(['analyze', option, '-', 'a.yaml'])).toMatchObject({
        code: 2,
        err: `irqsim: ${option} -: expected the name of a file\n`,
      });
  });

  test('is written into a pipe, which stays one', () => {
    const { root } = repository({ 'a.yaml': GUEST });
    const script = 'mkfifo pipe && { cat pipe > got & } && "$@" --write-baseline pipe a.yaml; wait';
    spawnSync('/bin/sh', ['-c', script, 'sh', process.execPath, builtProgram(), 'analyze'], {
      cwd: root,
      timeout: 30_000,
    });
    expect(lstatSync(join(root, 'pipe')).isFIFO()).toBe(true);
    expect(JSON.parse(readFileSync(join(root, 'got'), 'utf8')).findings).toHaveLength(4);
  });

  test('is not written without every input, and never by halves', async () => {
    const old = '{"schemaVersion": 1, "tool": {"name": "irqsim", "version": "0"}, "findings": []}';
    const { root, run } = repository({ 'a.yaml': GUEST, 'known.json': old, 'folder/x': '' });
    const { code, err } = await run(['analyze', '--write-baseline', 'known.json', 'a.yaml', 'gone.yaml']);
    expect(code).toBe(2);
    expect(err).toContain('irqsim: --write-baseline known.json: not written, for it would lack');
    expect(readFileSync(join(root, 'known.json'), 'utf8')).toBe(old);
    const refused = await run(['analyze', '--write-baseline', 'folder', 'a.yaml']);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^irqsim: folder cannot be written \(EISDIR\)\n$/);
    expect(readdirSync(root).sort()).toEqual(['.git', 'a.yaml', 'folder', 'known.json']);
    writeFileSync(join(root, 'known.json'), 'old');
    expect(await run(['analyze', '--baseline', 'known.json', 'a.yaml'])).toMatchObject({
      code: 2,
      err: 'known.json:1:1: expected a value\n',
    });
  });
});

describe('a batch', () => {
  const PROJECT = `suppress:
  - { rule: apic-id-above-limit, reason: r, until: 2025-12-31 }
  - { rule: x2apic-locked, reason: r }
`;
  const ended =
    '.irqsim.yaml:2:5: note: the suppression of apic-id-above-limit ended on 2025-12-31; it no longer holds anything back\n';
  const unused = '.irqsim.yaml:3:5: note: the suppression of x2apic-locked matches no finding of this run\n';

  test('tells what is stale as analyze does, however many threads there are', async () => {
    const { root, run, runBatch } = repository({
      '.irqsim.yaml': PROJECT,
      'vms/a.yaml': GUEST,
      'vms/b.yaml': GUEST,
    });
    await run(['analyze', '--no-config', '--write-baseline', 'known.json', 'vms/a.yaml', 'vms/b.yaml']);
    writeFileSync(join(root, 'vms/a.yaml'), GUEST.replace('queues: 4', 'queues: 2'));
    const { err } = await run(['analyze', '--baseline', 'known.json', 'vms/a.yaml', 'vms/b.yaml']);
    expect(err).toContain(ended + unused);
    expect(err).toMatch(
      /^known\.json:\d+:1: note: no longer found: queue-never-starts on disk in vms\/a\.yaml/m,
    );
    for (const jobs of ['1', '2']) {
      const batch = runBatch('-j', jobs, '--baseline', 'known.json', 'vms');
      expect(batch.err.startsWith(err)).toBe(true);
      expect(batch.err.slice(err.length)).toMatch(/^irqsim: batch: 2 records: .*\n$/);
    }
    expect(runBatch('--quiet', '--baseline', 'known.json', 'vms').err).toBe('');
  });

  test('that sees a part of the inputs only tells what has ended', async () => {
    const { runBatch } = repository({
      '.irqsim.yaml': PROJECT,
      'vms/a.yaml': GUEST,
      'vms/b.yaml': GUEST,
    });
    const { err } = runBatch('--shard', '1/2', 'vms');
    expect(err).toContain(ended);
    expect(err).not.toContain('matches no finding');
  });

  test('with a baseline of other levels is another run', async () => {
    const { root, run, runBatch } = repository({ 'a.yaml': GUEST });
    await run(['analyze', '--write-baseline', 'known.json', 'a.yaml']);
    const digest = async () =>
      JSON.parse(runBatch('--baseline', 'known.json', 'a.yaml').out.split('\n')[0]).options;
    const before = await digest();
    const text = readFileSync(join(root, 'known.json'), 'utf8');
    writeFileSync(join(root, 'known.json'), `\n${text}`);
    expect(await digest()).toBe(before);
    writeFileSync(join(root, 'known.json'), text.replace('"error"', '"note"'));
    expect(await digest()).not.toBe(before);
  });

  test('merged takes fail-on from the project file as the batch did, and says so', async () => {
    const { run, runBatch } = repository({ '.irqsim.yaml': 'fail-on: never\n', 'a.yaml': GUEST });
    runBatch('-o', 'out.ndjson', 'a.yaml');
    const { code, err } = await run(['merge', '--check', 'out.ndjson']);
    expect(code).toBe(0);
    expect(err).toContain('.irqsim.yaml:1:1: note: fail-on never\n');
  });
});

test('editors can have the form of the project file', async () => {
  const schema = JSON.parse((await irqsim(['schema', 'project'])).out);
  expect(Object.keys(schema.properties)).toEqual([
    'levels',
    'suppress',
    'fail-on',
    'stack',
    'baseline',
    'docs',
  ]);
  expect(schema.properties.suppress.items.required).toEqual(['rule', 'reason']);
  expect(schema.additionalProperties).toBe(false);
});

test('the rules about suppressions are listed and explained', async () => {
  const { out } = await irqsim(['rules']);
  expect(out).toMatch(/^suppression-expired +warning +A suppression/m);
  expect(out).toMatch(/^suppression-unused +note +A suppression/m);
  expect((await irqsim(['explain', 'suppression-expired'])).out).toContain('--today');
});
