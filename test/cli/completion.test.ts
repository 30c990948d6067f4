/** `irqsim completion`: the scripts are asked in their own shells what may follow. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { knownWords } from '../../src/cli/definition/known-words.ts';
import { placesOf } from '../../src/cli/definition/places.ts';
import { definitions, everyCommand } from './definitions.ts';
import { irqsim, ROOT, scratchFile } from './irqsim.ts';

const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

const scripts = new Map<string, string>();

/** The path of the completion script, which is written once. */
async function scriptOf(shell: string): Promise<string> {
  const path =
    scripts.get(shell) ?? scratchFile(`irqsim.${shell}`, (await irqsim(['completion', shell])).out);
  scripts.set(shell, path);
  return path;
}

/** What a shell prints after it has read the completion script. */
async function ask(shell: string, text: string, args: readonly string[] = []): Promise<string[]> {
  const path = await scriptOf(shell);
  const script = scratchFile(`ask.${shell}`, `source '${path}'\n${text}\n`);
  const { stdout, stderr } = spawnSync(shell, [...args, script], { cwd: ROOT, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

/** The words of a line up to the cursor, and some of what must and what must not be offered. */
interface Line {
  readonly words: readonly string[];
  readonly offered: readonly string[];
  readonly not: readonly string[];
}

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
];

function expectOffers(got: readonly string[], offered: readonly string[], not: readonly string[]): void {
  expect(got).toEqual(expect.arrayContaining([...offered]));
  for (const word of not) expect(got).not.toContain(word);
}

const completesBash = (words: readonly string[]): string =>
  `COMP_WORDS=(irqsim ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _irqsim 2>&1; printf '%s\\n' "\${COMPREPLY[@]}"`;

describe.runIf(has('bash'))('bash', () => {
  test('reads the script and calls it for irqsim', async () => {
    const path = await scriptOf('bash');
    expect(spawnSync('bash', ['-n', path])).toMatchObject({ status: 0 });
    expect(await ask('bash', 'complete -p irqsim')).toEqual(['complete -F _irqsim irqsim']);
  });

  test.each(LINES)('irqsim $words', async ({ words, offered, not }) => {
    expectOffers(await ask('bash', completesBash(words)), offered, not);
  });

  test.each([
    { words: ['analyze', '--format', '=', 'js'], offered: ['json'] },
    { words: ['analyze', '--format', '='], offered: ['text', 'json', 'ndjson'] },
    { words: ['analyze', '--set', 'a', '=', 'b', 'package.js'], offered: ['package.json'] },
    { words: ['analyze', '--set', 'extDestId', '='], offered: [] },
    { words: ['analyze', '--', 'package.js'], offered: ['package.json'] },
  ])('words broken at = as bash does: $words', async ({ words, offered }) => {
    const got = await ask('bash', completesBash(words));
    expect(got).toEqual(expect.arrayContaining(offered));
    if (offered.length === 0) expect(got).toEqual([]);
  });
});

describe.runIf(has('fish'))('fish', () => {
  test.each(LINES)('irqsim $words', async ({ words, offered, not }) => {
    const got = (await ask('fish', `complete -C 'irqsim ${words.join(' ')}'`, ['--no-config'])).map(
      (one) => one.split('\t')[0],
    );
    expectOffers(got, offered, not);
  });

  test('describes commands and options', async () => {
    expect(await ask('fish', "complete -C 'irqsim anal'", ['--no-config'])).toEqual([
      'analyze\treport which CPUs and queues work, and why',
    ]);
  });
});

describe.runIf(has('zsh'))('zsh', () => {
  test('reads the script', async () => {
    const path = await scriptOf('zsh');
    const { status, stderr } = spawnSync('zsh', ['-n', path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('has a function for every command', async () => {
    const script = ['autoload -U compinit', 'compinit -u -D'].join('\n');
    const path = await scriptOf('zsh');
    const { stdout, stderr } = spawnSync(
      'zsh',
      ['-f', '-c', `${script}\nsource '${path}'\nprint -l \${(k)functions} $_comps[irqsim]`],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    const functions = stdout.split('\n');
    for (const { path: words } of everyCommand())
      expect(functions).toContain(['_irqsim', ...words].join('_'));
    expect(functions.filter((name) => name === '_irqsim')).toHaveLength(2);
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

test.each(['bash', 'zsh', 'fish'])('the script for %s is the same every time', async (shell) => {
  const first = await irqsim(['completion', shell]);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect((await irqsim(['completion', shell])).out).toBe(first.out);
});

test.each([[[]], [['csh']]])('bad usage is told: completion %j', async (args) => {
  const { code, out, err } = await irqsim(['completion', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/missing required argument 'shell'|Allowed choices are bash, zsh, fish/);
});
