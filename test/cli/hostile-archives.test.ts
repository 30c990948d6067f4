/** Archives made to do harm: one clear error or nothing at all, in seconds, in little memory, and nothing written. */
import { existsSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { local, madt } from '../formats/acpi-tables.ts';
import { writeTree } from './fake-root.ts';
import { irqsim, irqsimProcess, type Outcome, scratchFile } from './irqsim.ts';

const BLOCK = 512;
const TYPES = { file: '0', hardLink: '1', link: '2', longName: 'L', pax: 'x' } as const;
const encoder = new TextEncoder();

interface HeaderOptions {
  readonly type?: keyof typeof TYPES;
  readonly target?: string;
}

/** One header of a tar archive; its size need not be true. */
function header(name: string, size: number, { type = 'file', target = '' }: HeaderOptions = {}): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(name, 0, 100);
  bytes.write('0000644\x000000000\x000000000\0', 100);
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  bytes.write('00000000000\0        ', 136);
  bytes.write(TYPES[type], 156);
  bytes.write(target, 157, 100);
  bytes.write('ustar\x0000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

function entry(name: string, content: string | Uint8Array, options?: HeaderOptions): Buffer {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
  return Buffer.concat([header(name, bytes.length, options), bytes, padding]);
}

const link = (name: string, target: string, type: 'link' | 'hardLink' = 'link') =>
  entry(name, '', { type, target });
const END = Buffer.alloc(2 * BLOCK);
const MIB = 2 ** 20;

/** Parts of a .tar.gz; each is packed once and may come many times, as members of one stream. */
const archive = (name: string, ...parts: readonly (readonly [part: Uint8Array, times: number])[]): string =>
  scratchFile(
    name,
    Buffer.concat(
      parts.flatMap(([part, times]) => new Array<Buffer>(times).fill(gzipSync(part, { level: 1 }))),
    ),
  );
const small = (name: string, ...entries: Buffer[]): string =>
  archive(name, [Buffer.concat([...entries, END]), 1]);

const MACHINE = [
  entry('proc/version', 'Linux version 6.12.41 (x) #1\n'),
  entry('sys/firmware/acpi/tables/APIC', madt(local(0, 1), local(1, 1))),
];
const zeros = Buffer.alloc(MIB);
const headers = (count: number, name: (n: number) => string) =>
  Buffer.concat(Array.from({ length: count }, (_, n) => header(name(n), 0)));

const usage = scratchFile(
  'usage.cjs',
  'process.on("exit", () => process.stderr.write("USED " + process.resourceUsage().maxRSS + " KiB " + process.cpuUsage().user / 1e6 + " s\\n"));',
);
const MAX_CPU_SECONDS = 20;
const MAX_KIB = 512 * 1024;

const analysis = (file: string): string[] => ['analyze', '--fail-on', 'never', file];

/** Analyses an archive that is small, unpacked too, in an empty temporary folder; it must be quick and write nothing. */
async function attack(file: string) {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'irqsim-attack-'));
  vi.stubEnv('TMPDIR', TMPDIR);
  try {
    const { code, out, err, cpuSeconds } = await irqsim(analysis(file));
    expect(cpuSeconds).toBeLessThan(MAX_CPU_SECONDS);
    return { code, out, err };
  } finally {
    vi.unstubAllEnvs();
    expect(readdirSync(TMPDIR)).toEqual([]);
  }
}

/** The same of a large one, in a process of its own, which must be small too. */
function attackProcess(file: string) {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'irqsim-attack-'));
  const { code, out, err } = irqsimProcess(analysis(file), {
    env: { TMPDIR, NODE_OPTIONS: `--require ${usage}` },
  });
  expect(readdirSync(TMPDIR)).toEqual([]);
  const [, memory, cpuSeconds] = /USED (\S+) KiB (\S+) s/.exec(err) ?? [];
  expect(Number(cpuSeconds)).toBeLessThan(MAX_CPU_SECONDS);
  expect(Number(memory)).toBeLessThan(MAX_KIB);
  return { code, out, err: err.replace(/USED .*\n/, '') };
}

const canary = join(mkdtempSync(join(tmpdir(), 'irqsim-canary-')), 'canary');
const secret = join(writeTree({ version: 'Linux version 5.4.99 (x) #1\n' }), 'version');

test.each([
  ['..', small('dots.tar.gz', entry('proc/../../canary', 'x'), entry('../proc/version', 'x'), ...MACHINE)],
  ['absolute paths', small('absolute.tar.gz', entry(canary, 'x'), ...MACHINE)],
  [
    'links out',
    small(
      'links.tar.gz',
      ...MACHINE,
      link('proc/cmdline', secret),
      link('proc/cpuinfo', '../../../../etc/passwd'),
    ),
  ],
  ['hard links out', small('hard.tar.gz', ...MACHINE, link('proc/cmdline', secret, 'hardLink'))],
  [
    'links in circles',
    small('circle.tar.gz', ...MACHINE, link('proc/cmdline', 'cpuinfo'), link('proc/cpuinfo', 'cmdline')),
  ],
  [
    'directories in circles',
    small('loop.tar.gz', ...MACHINE, link('sys/class/iommu/dmar0', '..'), link('sys/bus', '.')),
  ],
])('%s are passed over', async (_name, file) => {
  const { code, out, err } = await attack(file);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Linux 6.12.41');
  expect(out).not.toMatch(/root:x|5[.]4[.]99/);
  expect(existsSync(canary)).toBe(false);
});

test('a link in the place of a file that is read', async () => {
  const { code, err } = await attack(
    small('swap.tar.gz', link('proc/version', secret), link('sys/firmware', '/etc')),
  );
  expect(code).toBe(2);
  expect(err).toContain('tells the APIC IDs of the CPUs');
});

/** Standard output is empty, and standard error is one line about the file. */
function expectOneError({ code, out, err }: Outcome, file: string, text: string): void {
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.startsWith(`${file}:1:1: `)).toBe(true);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toContain(text);
}

const deep = 'b/'.repeat(40);
test.each([
  ['1 GiB of zeros', archive('zeros.tar.gz', [zeros, 1025]), 'unpacks to more than 1 GiB'],
  [
    'a file of 1 GiB',
    archive('huge.tar.gz', [header('proc/version', 1024 * MIB), 1], [zeros, 64]),
    'larger than 16 MiB',
  ],
  [
    'a file of 1 GiB that nobody reads',
    archive('other.tar.gz', [header('home/x', 1024 * MIB), 1], [zeros, 1024]),
    '1 GiB',
  ],
  [
    'an endless pax header',
    archive('pax.tar.gz', [header('x', 900 * MIB, { type: 'pax' }), 1], [zeros, 900]),
    'maximum size',
  ],
  [
    'an endless name',
    archive('name.tar.gz', [header('x', 900 * MIB, { type: 'longName' }), 1], [zeros, 900]),
    'maximum size',
  ],
  [
    'a million entries',
    archive('million.tar.gz', [headers(1000, (n) => `sys/kernel/irq/${n}/hwirq`), 1000]),
    '200,000 files',
  ],
  [
    'millions of directories',
    archive('deep.tar.gz', [Buffer.concat([headers(9000, (n) => `proc/${n}/${deep}f`), END]), 1]),
    '200,000 files',
  ],
  [
    'files above the limit together',
    archive(
      'sum.tar.gz',
      ...Array.from(
        { length: 13 },
        (_, n) =>
          [
            [header(`proc/${n}`, 15.5 * MIB), 1],
            [zeros, 15],
            [Buffer.alloc(MIB / 2), 1],
          ] as const,
      ).flat(),
    ),
    'larger than 192 MiB in all',
  ],
])('%s: one error, in little memory', (_name, file, text) => {
  expectOneError(attackProcess(file), file, text);
});

test.each([
  ['a size beyond the end', archive('lie.tar.gz', [header('proc/version', 10 * MIB), 1]), 'truncated'],
  [
    'the largest size',
    archive('largest.tar.gz', [header('proc/version', 0o77777777777), 1]),
    'larger than 16 MiB',
  ],
  ['cut short', archive('cut.tar.gz', [Buffer.concat(MACHINE).subarray(0, 600), 1]), 'truncated'],
  [
    'gzip cut short',
    scratchFile('cut2.tar.gz', gzipSync(Buffer.concat([...MACHINE, END])).subarray(0, 60)),
    'cannot be read',
  ],
  ['no archive at all', scratchFile('text.tar.gz', 'hello'), 'cannot be read'],
  ['no tar in it', archive('noise.tar.gz', [Buffer.alloc(4096, 'hello '), 1]), 'cannot be read'],
  ['no xz', scratchFile('text.tar.xz', 'hello'), 'cannot be read'],
  ['empty', scratchFile('empty.tar', ''), ''],
])('%s: one error', async (_name, file, text) => {
  expectOneError(await attack(file), file, text);
});

test('a directory whose links lead out', async () => {
  const root = writeTree({ 'proc/version': 'Linux version 6.12.41 (x) #1\n' });
  symlinkSync(secret, join(root, 'proc/cpuinfo'));
  symlinkSync('/sys', join(root, 'sys'));
  const { code, err } = await attack(root);
  expect(code).toBe(2);
  expect(err).toContain('tells the APIC IDs of the CPUs');
});
