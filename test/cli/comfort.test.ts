/** What every command has: help that is complete and true, --quiet, --color, and a hint for what is misspelt. */
import { describe, expect, test } from 'vitest';
import { colourLevel } from '../../src/cli/io.ts';
import { definitions, everyCommand } from './definitions.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const ROOT_MODEL = definitions();
const ALL = everyCommand(ROOT_MODEL).map((model) => ({ words: model.path.join(' '), model }));
const GOOD = 'scenarios/four-cpus-two-queues-nr-cpus.yaml';
const BAD = 'scenarios/four-cpus-four-queues.yaml';
const CORES = scratchFile('cores.yaml', 'topology: { cores: 2 }\n');
const LOG = scratchFile('k.log', '[    0.000000] Linux version 6.12.41\n[    0.2] x2apic: enabled by BIOS\n');
/** Commands that say nothing beside what they are asked for. */
const SAYS_NO_MORE = [
  'explain',
  'rules',
  'kernels',
  'policies',
  'schema',
  'completion',
  'man',
  'engine',
  'lsp',
];
const ESCAPE = '\u001b[';

test('what irqsim --help lists is what the commands take', async () => {
  const { out } = await irqsim(['--help']);
  for (const { name, arguments: taken } of ROOT_MODEL.commands.filter((command) => command.name !== 'help')) {
    const words = taken.map((one) => {
      const word = one.variadic ? `${one.name}...` : one.name;
      return one.required ? ` <${word}>` : ` [${word}]`;
    });
    expect(out).toContain(`\n  ${name} [options]${words.join('')}  `);
  }
});

describe.each(ALL)('irqsim $words', ({ model }) => {
  test('is described, with examples and exit codes', () => {
    expect(model.description).not.toBe('');
    expect(model.summary).not.toBe('');
    expect(model.notes).toMatch(/^Examples:$/m);
    expect(model.notes).toMatch(/^Exit codes: 0 /m);
    for (const { long, description } of model.options) expect(description, long).not.toBe('');
    for (const { name, description } of model.arguments) expect(description, name).not.toBe('');
  });

  test('lists the options of every command where they do something', () => {
    const flags = model.options.map(({ long }) => long);
    const format = model.options.find(({ long }) => long === '--format');
    const hasText = format?.choices.includes('text') === true;
    expect(flags).toContain('--help');
    for (const flag of ['--color', '--no-color']) expect(flags.includes(flag), flag).toBe(hasText);
    expect(flags.includes('--quiet')).toBe(!SAYS_NO_MORE.includes(model.path[0]));
    expect(new Set(flags).size).toBe(flags.length);
  });

  test('understands them everywhere', async () => {
    const all = ['--quiet', '--no-color', '--color=never'];
    expect(await irqsim([...all, ...model.path, ...all, '--help'])).toMatchObject({ code: 0, err: '' });
  });

  test('gives examples of commands and options that exist', () => {
    const calls = [...model.notes.matchAll(/\birqsim ((?:[a-z]+)(?: [^|&;\n]*)?)/g)].map(([, call]) =>
      call.split(' '),
    );
    const known = new Map(ALL.map(({ words, model: one }) => [words, one]));
    for (const [name, ...words] of calls) {
      const command = known.get(`${name} ${words[0]}`) ?? known.get(name);
      if (!command) continue;
      const flags = command.options.flatMap(({ short, long }) => [short, long]);
      for (const word of words.filter((one) => /^--?[a-z]/.test(one))) {
        expect(flags, `irqsim ${name} ${words.join(' ')}`).toContain(word.replace(/=.*/, ''));
      }
    }
  });

  test('shows its help, and tells a misspelt option what it may have meant', async () => {
    const help = await irqsim([...model.path, '--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain(model.description.slice(0, 60));
    expect(Math.max(...help.out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
    if (model.name === 'explain') return;
    const wrong = await irqsim([...model.path, '--hepl']);
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toBe(
      `error: unknown option '--hepl'\n(Did you mean --help?)\n(irqsim ${model.path.join(' ')} --help tells what it takes)\n`,
    );
  });
});

test.each(ROOT_MODEL.commands.map(({ name }) => name))('a misspelt %s is suggested', async (name) => {
  const { code, err } = await irqsim([`${name}x`]);
  expect(code).toBe(2);
  expect(err).toContain(`unknown command '${name}x'`);
  expect(err).toMatch(new RegExp(`Did you mean (one of )?.*\\b${name}\\b`));
});

test('irqsim alone prints the help as an error, and irqsim help COMMAND that of a command', async () => {
  const alone = await irqsim([]);
  expect(alone).toMatchObject({ code: 2, out: '' });
  expect(alone.err).toContain('Usage: irqsim [options] [command]');
  const help = await irqsim(['help', 'analyze']);
  expect(help).toMatchObject({ code: 0, err: '', out: (await irqsim(['analyze', '--help'])).out });
});

describe('--quiet', () => {
  test('leaves one line for each input of analyze, and the exit code', async () => {
    const { code, out } = await irqsim(['analyze', '--quiet', GOOD, BAD]);
    expect(code).toBe(1);
    expect(out).toBe(
      `WARN  ${GOOD}  2 of 4 plugged CPUs reachable; all 2 queues work\n` +
        `FAIL  ${BAD}  2 of 4 plugged CPUs reachable; 2 of 4 queues dead\n`,
    );
  });

  test('keeps a line whole, however narrow, and may stand before the command', async () => {
    const { out } = await irqsim(['-q', 'analyze', '--width', '40', 'scenarios/384-of-512-vcpus.yaml']);
    expect(out).toBe(
      'FAIL  scenarios/384-of-512-vcpus.yaml  256 of 384 plugged CPUs reachable; 5 of 16 queues dead, 11 at risk\n',
    );
  });

  test('keeps errors', async () => {
    const { code, out, err } = await irqsim(['analyze', '-q', 'no-such-file.yaml', GOOD]);
    expect(code).toBe(2);
    expect(out).toMatch(/^WARN .*\n$/);
    expect(err).toBe('no-such-file.yaml:1:1: no such file\n');
  });

  test.each([
    [['why', GOOD, 'cpu', '1'], /^CPU 1 is online/],
    [['irqs', GOOD], /^3 interrupts on Linux/],
    [['budget', GOOD], /^ROOM {2}scenarios/],
    [['prove', '--property', 'no-queue-stops', GOOD], /^FAILS {2}scenarios/],
    [['replay', '--event', 'offline=1', GOOD], /^(?:WARN|FAIL) {2}scenarios/],
    [['solve', '--maximise', 'topology.cores=1..4', CORES], /^topology\.cores: 4/],
    [['verify', 'test/captures/a-8v-flat-7.0.tar.xz'], /^MATCH {2}test/],
    [['dmesg', LOG], /: 2 messages of Linux 6\.12\.41/],
  ])('leaves the answer of %j in one line, however narrow, and the exit code', async (args, line) => {
    const whole = await irqsim(args);
    const { code, out, err } = await irqsim([
      ...args,
      '-q',
      ...(args[0] === 'verify' ? [] : ['--width', '40']),
    ]);
    expect({ code, err }).toEqual({ code: whole.code, err: '' });
    expect(out).toMatch(line);
    expect(out.indexOf('\n')).toBe(out.length - 1);
    expect((await irqsim([...args, '-q', '--format', 'json'])).out).toBe(
      (await irqsim([...args, '--format', 'json'])).out,
    );
  });

  test('changes no byte of data', async () => {
    for (const format of ['json', 'ndjson']) {
      const args = ['analyze', '--format', format, GOOD];
      expect((await irqsim([...args, '-q'])).out).toBe((await irqsim(args)).out);
    }
  });
});

describe('--color', () => {
  const coloured = async (args: readonly string[], env = {}) =>
    (await irqsim(args, { env })).out.includes(ESCAPE);

  test.each([
    [['--color', 'always', 'analyze', BAD], true],
    [['--color=always', 'analyze', BAD], true],
    [['--color', '--quiet', 'analyze', BAD], true],
    [['analyze', BAD, '--color'], true],
    [['analyze', '--color=always', BAD], true],
    [['analyze', '--color=auto', BAD], false],
    [['analyze', BAD], false],
    [['--color=never', 'analyze', '--color=always', BAD], true],
    [['--color=always', 'analyze', '--no-color', BAD], false],
    [['analyze', '--color', '--no-color', BAD], false],
    [['analyze', BAD, '--no-color', '--color'], true],
    [['why', '--color=always', BAD, 'cpu', '1'], true],
    [['replay', '--color=always', BAD], true],
  ])('%j', async (args, expected) => {
    expect(await coloured(args)).toBe(expected);
  });

  test('goes before the environment', async () => {
    expect(await coloured(['analyze', '--color=always', BAD], { NO_COLOR: '1' })).toBe(true);
    expect(await coloured(['analyze', '--color=never', BAD], { FORCE_COLOR: '3' })).toBe(false);
    expect(await coloured(['analyze', '--color=auto', BAD], { FORCE_COLOR: '1' })).toBe(true);
  });

  test('never colours data', async () => {
    const path = scratchFile('one.yaml', 'cpus: [{ apicId: 0 }]\n');
    expect(await coloured(['analyze', '--color=always', '--format', 'json', path])).toBe(false);
  });

  test('a wrong value is bad usage', async () => {
    for (const args of [
      ['--color=sometimes', 'rules'],
      ['analyze', '--color', BAD],
    ]) {
      const { code, out, err } = await irqsim(args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(
        'Always, never or auto is expected; before another argument write --color=always.',
      );
    }
  });

  test('always has the colours that the terminal can show', () => {
    const io = { stdoutIsTty: false, color: 'always' } as const;
    expect(colourLevel({ ...io, env: {} })).toBe(1);
    expect(colourLevel({ ...io, env: { TERM: 'xterm-256color' } })).toBe(2);
    expect(colourLevel({ ...io, env: { TERM: 'dumb', COLORTERM: 'truecolor', NO_COLOR: '1' } })).toBe(3);
  });
});
