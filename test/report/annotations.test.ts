/** GitHub annotations, read as the runner reads them, and the one-line format with its problem matcher. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible } from '../../src/lib/visible.ts';
import { github } from '../../src/report/reporters/github.ts';
import { problemMatcher } from '../../src/report/reporters/problem-matcher.ts';
import { unix } from '../../src/report/reporters/unix.ts';
import { placeOf } from '../../src/report/wording/place.ts';
import { anyText } from '../any-text.ts';
import { analysesOf, FAIL, named, ODD_NAMES, PASS, render, SCENARIOS, scenario } from './analyses.ts';

interface Command {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const unescapeData = (text: string) =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
const unescapeProperty = (text: string) => unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));

/** A workflow command by the runner's rules: the first `::` after the name ends the properties. */
function commandOf(line: string): Command {
  const [, head, message] = /^::(.*?)::(.*)$/s.exec(line) ?? [];
  const blank = head.indexOf(' ');
  const properties = head
    .slice(blank + 1)
    .split(',')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), unescapeProperty(pair.slice(pair.indexOf('=') + 1))]);
  return {
    command: head.slice(0, blank),
    properties: Object.fromEntries(properties),
    message: unescapeData(message),
  };
}

const commandsOf = (text: string): Command[] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split(/[\r\n]/)
        .map(commandOf);

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' };

describe('annotations', () => {
  test.each(SCENARIOS)('of %s: one a finding, at its place', async (file) => {
    const analyses = await scenario(file);
    const expected = analyses.flatMap(({ findings }) =>
      findings.map(({ level, location, message, rule }) => {
        const { line, column } = placeOf(location, file);
        return [COMMANDS[level], file, String(line), String(column), rule, message];
      }),
    );
    const found = commandsOf(render(github, analyses)).map(({ command, properties, message }) => {
      const { file: where, line, col, title } = properties;
      return [command, where, line, col, title.split(' ')[0], message.split('\n')[0]];
    });
    expect(found).toEqual(expected);
  });

  test('tell causes and changes below the message', async () => {
    const [first] = commandsOf(render(github, await scenario(FAIL)));
    expect(first.message).toContain('\nbecause there is no interrupt remapping\n');
    expect(first.message).toContain('\nchange: QEMU: -machine q35,kernel-irqchip=split');
  });

  test('are none for a machine without findings', async () => {
    expect(render(github, await scenario(PASS))).toBe('');
  });

  test('of an unreadable input are errors', () => {
    const commands = commandsOf(render(github, [], { failed: 'dir/broken.yaml' }));
    expect(commands[0]).toEqual({
      command: 'error',
      properties: { file: 'dir/broken.yaml', line: '3', col: '7', title: 'unreadable input' },
      message: 'unknown key "x", "y": 100%\\nexpected <z>',
    });
    expect(commands).toHaveLength(3);
  });

  test('of standard input name no file', async () => {
    for (const { properties } of commandsOf(render(github, [await named('db', '-')]))) {
      expect(Object.keys(properties)).toEqual(['title']);
    }
  });

  const survives = async (name: string) => {
    const analysis = await named(name, `a/${name}.json`);
    const commands = commandsOf(render(github, [analysis]));
    expect(commands).toHaveLength(analysis.findings.length);
    for (const { properties } of commands) {
      expect(properties.file).toBe(visible(`a/${name}.json`));
      expect(properties.title).toContain(visible(analysis.machine.name));
    }
  };

  test.each(ODD_NAMES)('survive the name %j', survives);

  test('survive any name', async () => {
    await fc.assert(fc.asyncProperty(anyText(), survives), { numRuns: 50 });
  });
});

interface Matcher {
  readonly owner: string;
  readonly severity?: string;
  readonly pattern: readonly (Readonly<Record<string, number>> & { readonly regexp: string })[];
}

/** What the runner makes of a line; it ignores levels that it does not know. */
function annotationOf(line: string): object | undefined {
  const { problemMatcher: matchers } = problemMatcher() as { problemMatcher: Matcher[] };
  const found = matchers.flatMap(({ pattern: [pattern], severity }) => {
    const match = new RegExp(pattern.regexp).exec(line);
    if (!match) return [];
    const of = (group: string) => match[pattern[group]];
    const level = pattern.severity === undefined ? severity : of('severity');
    if (level === undefined || !['error', 'warning', 'notice'].includes(level)) return [];
    return [
      {
        file: of('file'),
        line: Number(of('line')),
        column: Number(of('column')),
        level,
        message: of('message'),
        code: of('code'),
      },
    ];
  });
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

describe('one line a finding', () => {
  test.each(SCENARIOS)('the problem matcher reads those of %s', async (file) => {
    const analyses = await scenario(file);
    const expected = analyses.flatMap(({ findings }) =>
      findings.map(({ level, location, message, rule: code }) => ({
        ...placeOf(location, file),
        level: COMMANDS[level],
        message,
        code,
      })),
    );
    expect(linesOf(render(unix, analyses)).map(annotationOf)).toEqual(expected);
  });

  test('the matcher reads unreadable inputs, and nothing else', async () => {
    const lines = linesOf(render(unix, [], { failed: 'dir/broken.yaml' }));
    expect(lines[0]).toBe(
      'dir/broken.yaml:3:7: error: unknown key "x", "y": 100%\\nexpected <z> [unreadable]',
    );
    expect(lines.map(annotationOf)).toMatchObject([
      { line: 3, level: 'error' },
      { line: 1, level: 'error' },
      { line: 1, level: 'error' },
    ]);
    for (const other of ['FAIL  a.yaml  2 of 4 CPUs', 'a.yaml:1:1: no such file', 'a.c:1:2: error: x']) {
      expect(annotationOf(other)).toBeUndefined();
    }
  });

  test.each(ODD_NAMES)('stays one line with the name %j', async (name) => {
    const analysis = await named(name, `a/${name}.json`);
    const lines = linesOf(render(unix, [analysis]));
    expect(lines).toHaveLength(analysis.findings.length);
    for (const line of lines) expect(annotationOf(line)).toBeDefined();
  });

  test('places what an option causes in the input', async () => {
    const analyses = await analysesOf('topology: { sockets: 2 }', 'a.yaml', ['expect.unknown="1"']);
    expect(render(unix, analyses)).toMatch(
      /^a\.yaml:1:1: error: expected unknown CPUs "1", found "" \[expectation\]\n/,
    );
  });
});
