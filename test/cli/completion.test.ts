/** `irqsim completion`: the scripts are asked in their own shells what may follow. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { knownWords } from '../../src/cli/definition/known-words.ts';
import { placesOf } from '../../src/cli/definition/places.ts';
import { definitions } from './definitions.ts';
import { irqsim, ROOT } from './irqsim.ts';
import { ask, has, offers, SHELLS, scriptOf } from './shells.ts';

/** The words of a line up to the cursor, and some of what must and what must not be offered. */
interface Line {
  readonly words: readonly string[];
  /** Words behind the cursor; asked of bash only. */
  readonly behind?: readonly string[];
  readonly offered: readonly string[];
  readonly not: readonly string[];
}

const GUEST = 'scenarios/four-cpus-four-queues.yaml';
const hostile = mkdtempSync(join(tmpdir(), 'irqsim-hostile-'));
const NAMES = [
  '$(touch pwned)',
  '`touch pwned`',
  ';touch pwned',
  "'touch pwned'",
  '-rf',
  'ok-1',
  'ok 2',
  '*',
];
writeFileSync(
  join(hostile, '$(touch pwned).yaml'),
  `cpus: [{ apicId: "0-1" }]\ndevices:\n${NAMES.map((name) => `  - { name: ${JSON.stringify(name)}, driver: nvme }\n`).join('')}`,
);
copyFileSync(join(hostile, '$(touch pwned).yaml'), join(hostile, 'plain.yaml'));

const LINES: readonly Line[] = [
  { words: ['ana'], offered: ['analyze'], not: ['why'] },
  {
    words: [''],
    offered: ['analyze', 'completion', 'engine', 'help', 'man'],
    not: ['spread', 'package.json'],
  },
  { words: ['analyze', '--fo'], offered: ['--format'], not: ['--from'] },
  { words: ['analyze', '--format', ''], offered: ['text', 'json', 'ndjson'], not: ['package.json'] },
  { words: ['analyze', '--fail-on', 'n'], offered: ['never', 'note'], not: ['error'] },
  { words: ['analyze', 'package.js'], offered: ['package.json'], not: [] },
  { words: ['analyze', 'x.yaml', 'package.js'], offered: ['package.json'], not: [] },
  { words: ['why', 'x.yaml', ''], offered: ['cpu', 'apic', 'queue', 'device'], not: ['package.json'] },
  { words: ['why', '--width', '80', 'x.yaml', 'q'], offered: ['queue'], not: ['package.json'] },
  { words: ['-q', '--color', 'always', 'why', 'x.yaml', 'd'], offered: ['device'], not: [] },
  { words: ['analyze', '--kernel', '6.1'], offered: ['6.1', '6.12', '6.18'], not: ['5.4'] },
  { words: ['analyze', '--policy', 'p'], offered: ['present-only'], not: [] },
  { words: ['analyze', '--from', 'k'], offered: ['kubevirt'], not: ['qemu'] },
  { words: ['analyze', '--set', 'ext'], offered: ['extDestId='], not: [] },
  { words: ['replay', '--event', 's'], offered: ['suspend', 'smt=', 'set-affinity='], not: ['suspend='] },
  { words: ['explain', 'apic-id'], offered: ['apic-id-above-limit', 'apic-id-too-big'], not: [] },
  { words: ['engine', ''], offered: ['spread', 'matrix', 'lifecycle'], not: ['analyze'] },
  { words: ['engine', 'spread', '--k'], offered: ['--kernel'], not: [] },
  { words: ['engine', 'spread', 'package.js'], offered: ['package.json'], not: [] },
  { words: ['help', 'r'], offered: ['replay', 'rules'], not: ['analyze'] },
  { words: ['init', '--platform', 'xen'], offered: ['xen-hvm', 'xen-pvh'], not: ['kvm'] },
  { words: ['completion', ''], offered: ['bash', 'zsh', 'fish'], not: [] },
  { words: ['--color', ''], offered: ['always', 'never', 'auto'], not: ['analyze'] },
  { words: ['analyze', 'engine', ''], offered: ['package.json'], not: ['spread'] },
  { words: ['analyze', '--level', 'apic-id-above-limit='], offered: ['error', 'off'], not: ['package.json'] },
  { words: ['analyze', '--level=apic-id-above-limit=w'], offered: ['warning'], not: ['error'] },
  { words: ['analyze', '--set', 'platform=xen'], offered: ['xen-hvm', 'xen-pvh'], not: ['kvm'] },
  { words: ['analyze', '--set', 'devices.nvme.driver=virtio-s'], offered: ['virtio-scsi'], not: ['nvme'] },
  { words: ['replay', '--event', 'smt='], offered: ['on', 'off'], not: ['suspend'] },
  { words: ['why', GUEST, 'device', ''], offered: ['nvme'], not: ['package.json'] },
  { words: ['why', '--width', '80', GUEST, 'cpu', ''], offered: ['0', '3'], not: ['4'] },
  { words: ['why', GUEST, 'queue', 'nvme:'], offered: ['nvme:0', 'nvme:3'], not: ['nvme:4', 'nvme'] },
  { words: ['why', 'no-such-file.yaml', 'device', ''], offered: [], not: ['package.json'] },
  { words: ['analyze', GUEST, '--set', 'devices.'], offered: ['devices.nvme.'], not: ['devices='] },
  {
    words: ['why', `${hostile}/plain.yaml`, 'device', ''],
    offered: ['ok-1'],
    not: NAMES.filter((name) => name !== 'ok-1'),
  },
  { words: ['why', `'${hostile}/$(touch pwned).yaml'`, 'device', ''], offered: ['ok-1'], not: ['ok 2', '*'] },
];
/** The words that may stand behind the last "=" or ":" where a shell replaces only that part. */
const lastPart = (word: string): string => word.replace(/^.*[=:](?=.)/, '');

describe.each(SHELLS)('%s', (shell) => {
  const isHere = has(shell);

  test.runIf(isHere)('offers what may follow, and runs nothing of it', async () => {
    const got = await offers(shell, LINES, ROOT);
    expect(got).toHaveLength(LINES.length);
    for (const [at, { words, offered, not }] of LINES.entries()) {
      const parts = got[at].flatMap((one) => [one, lastPart(one)]);
      expect(parts, words.join(' ')).toEqual(expect.arrayContaining(offered.map(lastPart)));
      for (const word of not) expect(got[at], words.join(' ')).not.toContain(word);
    }
    for (const folder of [hostile, ROOT]) expect(readdirSync(folder)).not.toContain('pwned');
  });

  test.runIf(isHere)('reads the script', async () => {
    const { status, stderr } = spawnSync(shell, ['-n', await scriptOf(shell)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('is given the same script every time', async () => {
    const first = await irqsim(['completion', shell]);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect((await irqsim(['completion', shell])).out).toBe(first.out);
  });
});

test.runIf(has('bash'))(
  'bash: the function is called for irqsim, and words behind the cursor are seen',
  async () => {
    expect(await ask('bash', 'complete -p irqsim', ROOT)).toBe('complete -F _irqsim irqsim\n');
    const lines = [
      { words: ['analyze', '--format', '='], offered: ['text', 'json', 'ndjson'] },
      { words: ['analyze', '--set', 'a=b', 'package.js'], offered: ['package.json'] },
      { words: ['analyze', '--set', 'no-such-key='], offered: [] },
      { words: ['analyze', '--', 'package.js'], offered: ['package.json'] },
      { words: ['analyze', '--set', 'devices.'], behind: [GUEST], offered: ['devices.nvme.'] },
    ];
    const got = await offers('bash', lines, ROOT);
    for (const [at, { offered }] of lines.entries()) {
      if (offered.length === 0) expect(got[at]).toEqual([]);
      expect(got[at]).toEqual(expect.arrayContaining(offered));
    }
  },
);

test.runIf(has('fish'))('fish: commands are described', async () => {
  expect(await ask('fish', "complete -C 'irqsim anal'", ROOT)).toBe(
    'analyze\treport which CPUs and queues work, and why\n',
  );
});

describe('the machine of a line', () => {
  const values = async (at: number, ...words: string[]) =>
    (await irqsim(['completion', 'values', String(at), '--', ...words])).out.trimEnd().split('\n');

  test('has the names that why takes', async () => {
    expect(await values(3, 'why', GUEST, 'cpu', '')).toEqual(['0', '1', '2', '3']);
    expect(await values(3, 'why', GUEST, 'apic', '25')).toEqual(['256', '257']);
    expect(await values(3, 'why', GUEST, 'queue', 'nvme:3')).toEqual(['nvme:3']);
    expect(await values(5, 'why', '--kernel', '6.12', GUEST, 'device', '')).toEqual(['nvme']);
  });

  test('is found wherever it stands, and however bash breaks the words', async () => {
    expect(await values(2, 'analyze', '--set', 'dev', GUEST)).toEqual(['devices.nvme.']);
    expect(await values(3, 'analyze', '--set', '=', 'dev', GUEST)).toEqual(['devices.nvme.']);
    expect(await values(3, 'why', GUEST.replaceAll('-', '\\-'), 'device', '')).toEqual(['nvme']);
  });

  test.each([
    ['no file', 3, ['why', 'no-such.yaml', 'cpu', '']],
    ['standard input', 3, ['why', '-', 'cpu', '']],
    ['a directory', 3, ['why', '/', 'cpu', '']],
    ['a device', 3, ['why', '/dev/zero', 'cpu', '']],
    ['what is no machine', 3, ['why', 'package.json', 'cpu', '']],
    ['no kind', 3, ['why', GUEST, 'fish', '']],
    ['no place', 9, ['why', GUEST, 'cpu', '']],
    ['no command', 1, ['fish', GUEST]],
    ['itself', 1, ['completion', GUEST]],
    ['no number', Number.NaN, ['why', GUEST, 'cpu', '']],
  ])('is not there, and nobody hears of it: %s', async (_, at, words) => {
    const outcome = await irqsim(['completion', 'values', String(at), '--', ...words]);
    expect(outcome).toMatchObject({ code: 0, out: '', err: '' });
  });
});

test('every word that is offered can be typed as it is', () => {
  const places = placesOf(definitions(), knownWords());
  const offered = places.flatMap((place) => [
    ...place.values.map(({ candidates }) => candidates),
    ...place.arguments,
  ]);
  const words = offered.flatMap((one) => (one.kind === 'words' ? one.words : []));
  expect(words.length).toBeGreaterThan(100);
  for (const word of words) expect(word).toMatch(/^[\w.+:=-]+$/);
});

test.each([[[]], [['csh']]])('bad usage is told: completion %j', async (args) => {
  const { code, out, err } = await irqsim(['completion', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/missing required argument 'shell'|Allowed choices are bash, zsh, fish/);
});
