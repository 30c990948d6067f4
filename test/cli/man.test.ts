/** `irqsim man`: the page is complete, and clean in the eyes of those who typeset it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noteBlocks } from '../../src/cli/definition/notes.ts';
import { everyCommand } from './definitions.ts';
import { irqsim, ROOT, scratchFile } from './irqsim.ts';

const { out: PAGE, code } = await irqsim(['man']);
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
/** As a reader sees the text. */
const TEXT = PAGE.replaceAll('\\-', '-').replace(/\\f[BIR]/g, '');

test('has the sections of a manual page', () => {
  expect(code).toBe(0);
  expect([...PAGE.matchAll(/^\.SH (.+)$/gm)].map(([, name]) => name)).toEqual([
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'OPTIONS',
    'COMMANDS',
    'INPUT FORMATS',
    'EXIT STATUS',
    'ENVIRONMENT',
    'FILES',
    'EXAMPLES',
  ]);
});

test('tells every command with every option of its own', () => {
  for (const { path, options } of everyCommand()) {
    const name = `irqsim ${path.join(' ')}`;
    const start = TEXT.indexOf(`.SS "${name}"\n`);
    expect(start, name).toBeGreaterThan(0);
    const section = TEXT.slice(start, TEXT.indexOf('\n.S', start + 1));
    for (const { long } of options) {
      if (!['--quiet', '--color', '--no-color', '--help'].includes(long))
        expect(section, name).toContain(long);
    }
  }
});

test('tells every variable that the program reads', () => {
  const sources = readdirSync(join(ROOT, 'src/cli'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src/cli', name), 'utf8'))
    .join('\n');
  const read = new Set(
    sources.match(/\b(?:IRQSIM|SLURM|JOB|CI|SOURCE|NO|FORCE)_[A-Z][A-Z_]+\b|\bCOLORTERM\b/g),
  );
  expect(read.size).toBeGreaterThan(4);
  const environment = TEXT.slice(TEXT.indexOf('.SH ENVIRONMENT'), TEXT.indexOf('.SH FILES'));
  for (const name of read) expect(environment).toContain(name);
});

test('keeps the examples as they can be typed', () => {
  expect(TEXT).toContain('irqsim init --cpus 128 | irqsim analyze -\n');
  expect(TEXT).toContain(`irqsim explain "[    0.61] x2apic: IRQ remapping doesn't support X2APIC mode"\n`);
  expect(PAGE).not.toMatch(/^[.'](?!\\"|(?:TH|SH|SS|PP|TP|RS|RE|nf|fi|nh|ad)\b)/m);
});

describe('is clean', () => {
  const path = scratchFile('irqsim.1', PAGE);

  test.runIf(has('man'))('for man', () => {
    const { stderr, status } = spawnSync('man', ['--warnings', '-l', path], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  test.runIf(has('groff'))('for groff', () => {
    const { stdout, stderr, status } = spawnSync('groff', ['-ww', '-man', '-Tascii', path], {
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout, 'no word is broken').not.toMatch(/[a-z]-\n +[a-z]/);
  });

  // The date is left out on purpose: the same version gives the same bytes.
  test.runIf(has('mandoc'))('for mandoc', () => {
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', path], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });
});

test('help texts come apart into paragraphs, lists, examples and exit codes', () => {
  const notes =
    'Words\nmore.\n\nKinds:\n  a  one\n\nExamples:\n  irqsim a\n\n  irqsim b\n\nExit codes: 0 fine.';
  expect(noteBlocks(notes)).toEqual([
    { kind: 'paragraph', heading: '', lines: ['Words', 'more.'] },
    { kind: 'lines', heading: 'Kinds:', lines: ['  a  one'] },
    { kind: 'examples', heading: '', lines: ['  irqsim a', '', '  irqsim b'] },
    { kind: 'exit codes', heading: '', lines: ['Exit codes: 0 fine.'] },
  ]);
});
