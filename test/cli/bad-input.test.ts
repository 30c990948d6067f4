/** Everything a user can get wrong: one clear message, exit code 2, at once, and never a stack trace. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtProgram } from '../built.ts';
import { irqsim, type Outcome, ROOT, scratchFile } from './irqsim.ts';

const CPU_SECONDS_MAX = 20;

function expectRefusal({ code, out, err, cpuSeconds = 0 }: Outcome, message: RegExp): void {
  expect(err).toMatch(message);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).not.toMatch(/^\s+at |node:internal|internal error/m);
  expect(cpuSeconds).toBeLessThan(CPU_SECONDS_MAX);
}

/** Descriptions, and what is said of them with the line and column. */
const DESCRIPTIONS: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['an empty file', '', /m\.yaml:1:1: .*empty/],
  ['only comments', '# nothing\n', /m\.yaml:1:1: /],
  ['a YAML syntax error', 'kernel: "6.12\nplatform: kvm\n', /m\.yaml:\d+:\d+: /],
  ['a JSON syntax error', '{"kernel": "6.12",}', /m\.yaml:1:\d+: /],
  ['a list instead of a mapping', '- 1\n- 2\n', /m\.yaml:1:1: .*mapping/],
  ['several documents', 'kernel: "6.12"\n---\nkernel: "6.1"\n', /m\.yaml:\d+:\d+: .*document/],
  ['an unknown key', 'topology: { sockets: 2 }\nplatfrom: kvm\n', /m\.yaml:2:1: .*platfrom.*platform/],
  [
    'an unknown key in a device',
    'topology: { sockets: 2 }\ndevices:\n  - { name: a, driver: nvme, quues: 3 }\n',
    /m\.yaml:3:\d+: .*quues.*queues/,
  ],
  ['a key twice', 'kernel: "6.12"\nkernel: "6.1"\n', /m\.yaml:2:1: /],
  ['a wrong type', 'topology: { sockets: many }\n', /m\.yaml:1:\d+: .*sockets/],
  ['no CPUs', 'kernel: "6.12"\n', /m\.yaml:1:1: .*(topology|cpus)/],
  ['both CPU forms', 'topology: { sockets: 2 }\ncpus: [{ apicId: 0 }]\n', /m\.yaml:\d+:\d+: /],
  ['an APIC ID out of range', 'cpus: [{ apicId: 0 }, { apicId: 0x1ffffffff }]\n', /m\.yaml:1:\d+: /],
  ['an APIC ID twice', 'cpus:\n  - { apicId: "0-3" }\n  - { apicId: 2 }\n', /m\.yaml:3:\d+: /],
  ['a node out of range', 'cpus:\n  - { apicId: 0, node: 5000 }\n', /m\.yaml:2:\d+: .*node/],
  [
    'a device on a node that is not there',
    'topology: { sockets: 2 }\ndevices:\n  - { name: a, driver: nvme, node: 7 }\n',
    /m\.yaml:3:\d+: .*node/,
  ],
  ['more present than possible', 'topology: { sockets: 2, present: 3 }\n', /m\.yaml:1:\d+: .*present/],
  [
    'an event on a CPU that does not exist',
    'topology: { sockets: 2 }\nevents:\n  - { offline: 9 }\n',
    /m\.yaml:3:\d+: /,
  ],
  [
    'a device with 0 queues',
    'topology: { sockets: 2 }\ndevices:\n  - { name: a, driver: nvme, queues: 0 }\n',
    /m\.yaml:3:\d+: .*queues/,
  ],
  [
    'a device with 10^9 queues',
    'topology: { sockets: 2 }\ndevices:\n  - { name: a, driver: nvme, queues: 1000000000 }\n',
    /m\.yaml:3:\d+: .*queues/,
  ],
  [
    '10^9 devices',
    'topology: { sockets: 2 }\ndevices:\n  - { name: a, driver: nvme, count: 1000000000 }\n',
    /m\.yaml:3:\d+: /,
  ],
  ['too many CPUs', 'topology: { sockets: 100000 }\n', /m\.yaml:1:\d+: .*32,?768/],
  [
    'too many slots',
    'cpus: [{ apicId: 0 }, { count: 1000000000, state: absent }]\n',
    /m\.yaml:1:\d+: .*32,?768/,
  ],
  [
    'an unknown driver',
    'topology: { sockets: 2 }\ndevices:\n  - { name: a, driver: nvmee }\n',
    /m\.yaml:3:\d+: .*nvmee.*nvme/,
  ],
  ['an unknown kernel', 'kernel: "six"\ntopology: { sockets: 2 }\n', /m\.yaml:1:9: .*six/],
  ['a kernel that never was', 'kernel: "6.20"\ntopology: { sockets: 2 }\n', /m\.yaml:1:9: .*6\.20/],
  ['a kernel from the future', 'kernel: "99.1"\ntopology: { sockets: 2 }\n', /m\.yaml:1:9: .*newer/],
  ['a kernel older than modelled', 'kernel: "3.10"\ntopology: { sockets: 2 }\n', /m\.yaml:1:9: .*older/],
  ['an unknown platform', 'platform: qemu\ntopology: { sockets: 2 }\n', /m\.yaml:1:11: .*kvm/],
  ['an unknown policy', 'policy: hope\ntopology: { sockets: 2 }\n', /m\.yaml:1:9: .*hope/],
  [
    'an unknown rule in expect',
    'topology: { sockets: 2 }\nexpect:\n  findings: [queue-never-start]\n',
    /m\.yaml:3:\d+: .*queue-never-starts/,
  ],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((c, n) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[n]}`).join(',')}]`)
      .join('\n')}\n`,
    /m\.yaml:\d+:\d+: /,
  ],
  ['10^6 levels of flow nesting', `cpus: ${'['.repeat(1e6)}`, /m\.yaml:1:\d+: /],
  ['10^6 levels of JSON nesting', `{"a":${'['.repeat(1e6)}`, /m\.yaml:1:\d+: /],
  ['a million nested list dashes', `${'- '.repeat(1e6)}x\n`, /m\.yaml:1:\d+: /],
  ['a prototype key', '__proto__: { x: 1 }\ntopology: { sockets: 2 }\n', /m\.yaml:1:1: .*__proto__/],
];

describe('a description with', () => {
  test.each(DESCRIPTIONS)('%s', async (_, text, message) => {
    expectRefusal(await irqsim(['analyze', scratchFile('m.yaml', text)]), message);
  });

  test('binary content', async () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, n) => (n * 37) % 256);
    expectRefusal(await irqsim(['analyze', scratchFile('b.yaml', bytes)]), /b\.yaml:\d+:\d+: .*binary/);
  });

  test('17 MiB', async () => {
    const text = `# ${'x'.repeat(17 * 2 ** 20)}\ntopology: { sockets: 2 }\n`;
    expectRefusal(await irqsim(['analyze', scratchFile('huge.yaml', text)]), /huge\.yaml:1:1: .*16 MiB/);
    expectRefusal(await irqsim(['analyze', '-'], { input: text }), /^-:1:1: .*16 MiB/);
  });

  test('several mistakes lists them all in one go', async () => {
    const text = 'platfrom: kvm\ntopology: { sockets: many }\ndevices:\n  - { name: a }\n';
    const { err } = await irqsim(['analyze', scratchFile('m.yaml', text)]);
    expect(err.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('a link that leads to itself', () => {
  const link = join(mkdtempSync(`${tmpdir()}/irqsim-link-`), 'link.xml');
  symlinkSync('link.xml', link);
  const MACHINE = 'scenarios/four-cpus-two-queues.yaml';
  test.each([
    ['analyze', link],
    ['advise', link],
    ['dmesg', link],
    ['diff', link, MACHINE],
    ['analyze', join(link, 'proc')],
  ])('%s: is no input', async (...args) => {
    expectRefusal(await irqsim(args), /link\.xml.*(?:ELOOP|no such file)/);
  });

  test('is no baseline', async () => {
    expectRefusal(await irqsim(['analyze', MACHINE, '--baseline', link]), /no such file/);
    const written = await irqsim(['analyze', MACHINE, '--write-baseline', link]);
    expect(written.code).toBe(2);
    expect(written.err).toContain('ELOOP');
  });
});

describe('a command line with', () => {
  const MACHINE = 'scenarios/four-cpus-two-queues.yaml';
  test.each([
    ['a missing file', ['analyze', 'nosuch.yaml'], /^nosuch\.yaml:1:1: no such file$/m],
    [
      'a directory without a machine',
      ['analyze', mkdtempSync(`${tmpdir()}/irqsim-empty-`)],
      /:1:1: .*not a captured machine/,
    ],
    ['no input', ['analyze'], /input/],
    ['an unknown format', ['analyze', '--format', 'nosuch', MACHINE], /nosuch.*text, json, ndjson/s],
    ['an unknown kind', ['analyze', '--from', 'nosuch', MACHINE], /nosuch.*native/],
    ['an unknown level', ['analyze', '--fail-on', 'maybe', MACHINE], /maybe.*error, warning, note, never/s],
    ['a width that is none', ['analyze', '--width', 'wide', MACHINE], /wide/],
    ['an unknown option', ['analyze', '--nosuch', MACHINE], /--nosuch/],
    ['an unknown command', ['nosuch'], /nosuch/],
    ['--set into the prototype', ['analyze', '--set', '__proto__.x=1', MACHINE], /--set __proto__\.x=1/],
    [
      '--set into a constructor',
      ['analyze', '--set', 'constructor.prototype.x=1', MACHINE],
      /--set constructor/,
    ],
    ['--set without a value', ['analyze', '--set', 'kernel', MACHINE], /--set kernel: .*KEY=VALUE/],
    ['--set of an unknown key', ['analyze', '--set', 'quues=1', MACHINE], /--set quues=1: /],
    [
      '--set of a wrong value',
      ['analyze', '--set', 'topology.sockets=many', 'scenarios/240-vcpus-of-5-cores.yaml'],
      /--set topology\.sockets=many: .*sockets/,
    ],
    ['an unknown --kernel', ['analyze', '--kernel', '2.6.32', MACHINE], /2\.6\.32.*older/],
    ['an unknown rule to explain', ['explain', 'queue-never-start'], /queue-never-starts/],
    ['an unknown --kernel for the engine', ['engine', 'spread', '--kernel', 'x'], /--kernel/],
    ['a missing engine file', ['engine', 'matrix', 'nosuch.ndjson'], /^nosuch\.ndjson:1:1: no such file$/m],
  ] as const)('%s', async (_, args, message) => {
    expectRefusal(await irqsim(args), message);
  });
});

describe('a source that never ends, or a sink that is full', () => {
  test.skipIf(!existsSync('/dev/zero'))('an endless device is refused at the size limit', async () => {
    expectRefusal(await irqsim(['analyze', '/dev/zero']), /^\/dev\/zero:1:1: .*16 MiB/);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is one line, not a stack trace', () => {
    const command = `"${process.execPath}" ${builtProgram()} analyze scenarios/four-cpus-two-queues.yaml > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^irqsim: standard output cannot be written: .*no space left[^\n]*\n$/i);
  });

  const json = ['analyze', '--format', 'json', 'scenarios/384-of-512-vcpus.yaml'];
  const perl = spawnSync('perl', ['-e', '0']).status === 0;

  test.skipIf(!perl)('a full pipe that does not block is waited for', async () => {
    const unblocked = 'use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK); exec @ARGV';
    const command = `perl -e '${unblocked}' "${process.execPath}" ${builtProgram()} ${json.join(' ')} | { sleep 0.5; cat; }`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.length).toBeGreaterThan(65_536);
    expect(stdout).toBe((await irqsim(json)).out);
  });

  test('a reader that has gone is no error', () => {
    const command = `{ "${process.execPath}" ${builtProgram()} ${json.join(' ')}; echo "code $?" >&2; } | true`;
    const { stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    expect(stderr).toBe('code 1\n');
  });
});
