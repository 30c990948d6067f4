/** Texts in ASCII where the locale is not UTF-8: decided by POSIX's variables, done at the edge, and never to data. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAsciiOnly } from '../../src/cli/output/charset.ts';
import { run } from '../../src/cli/run.ts';
import { asciiText, SIGNS } from '../../src/lib/ascii.ts';
import { irqsimProcess, keepingIo, ROOT, scratchFile } from './irqsim.ts';

const GUEST = join(ROOT, 'scenarios/four-cpus-four-queues.yaml');
const WHATIF = ['whatif', '--no-config', GUEST, '--set', 'remapping=on'];

test.each([
  [{}, true],
  [{ LANG: 'C.UTF-8' }, false],
  [{ LANG: 'de_DE.utf8' }, false],
  [{ LANG: 'de_DE.UTF-8@euro' }, false],
  [{ LANG: 'de_DE' }, true],
  [{ LANG: 'de_DE.ISO-8859-15@euro' }, true],
  [{ LANG: 'POSIX' }, true],
  [{ LC_CTYPE: 'UTF-8' }, false],
  [{ LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }, true],
  [{ LC_ALL: '', LC_CTYPE: 'C', LANG: 'C.UTF-8' }, true],
  [{ LC_ALL: 'en_US.UTF-8', LANG: 'C' }, false],
  [{ LC_MESSAGES: 'C.UTF-8' }, true],
  [{ IRQSIM_ASCII: '1', LANG: 'C.UTF-8' }, true],
  [{ IRQSIM_ASCII: '0', LC_ALL: 'C' }, false],
  [{ IRQSIM_ASCII: '', LANG: 'C.UTF-8' }, false],
])('the locale of %j', (env, expected) => {
  expect(isAsciiOnly(env, 'linux')).toBe(expected);
});

test('other systems show UTF-8 whatever the locale, unless they are asked not to', () => {
  for (const platform of ['darwin', 'win32', 'freebsd'] as const) {
    expect(isAsciiOnly({ LC_ALL: 'C' }, platform)).toBe(false);
    expect(isAsciiOnly({ IRQSIM_ASCII: '1' }, platform)).toBe(true);
  }
});

describe('the text', () => {
  test.each([
    ['0-3 → 0-1', '0-3 -> 0-1'],
    ['2 × 4, N …', '2 x 4, N ~'],
    ['"N …" and so on', '"N ..." and so on'],
    ['a → b  next\nlonger  next', 'a -> b next\nlonger  next'],
    ['a → b     next → last', 'a -> b    next -> last'],
    ['a name that is…  next', 'a name that is~  next'],
    ['Größe → 3', 'Größe -> 3'],
  ])('%j', (text, expected) => {
    expect(asciiText(text)).toBe(expected);
  });

  test('has no other signs: every one that a source file holds is known', () => {
    // Markdown and HTML are UTF-8 by definition; lines of terminals are read, not written.
    const others =
      /report\/(?:reporters\/markdown|document\/(?:markdown|html))|formats\/text\/terminal|^web\/|lib\/ascii/;
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    for (const name of files.filter((file) => file.endsWith('.ts') && !others.test(file))) {
      const signs = readFileSync(join(ROOT, 'src', name), 'utf8').match(/[^\0-\x7f]/g) ?? [];
      expect(Object.keys(SIGNS), name).toEqual(expect.arrayContaining(signs));
    }
  });
});

describe('a run', () => {
  async function said(args: readonly string[], asciiOnly = true) {
    const { io, said: texts } = keepingIo({});
    await run(args, { ...io, asciiOnly });
    return texts;
  }

  test('writes texts in ASCII, into a file too, and keeps their columns', async () => {
    const utf8 = await said(WHATIF, false);
    expect(utf8.out).toContain('→');
    const { out } = await said(WHATIF);
    expect(out).toMatch(/^[\0-\x7f]*$/);
    expect(out).toContain('->');
    const path = scratchFile('whatif.txt', '');
    await said([...WHATIF, '-o', path]);
    expect(readFileSync(path, 'utf8')).toBe(out);
  });

  test('leaves data, help of others and names as they are', async () => {
    for (const format of ['json', 'markdown', 'html'])
      expect((await said([...WHATIF, '--format', format])).out).toBe(
        (await said([...WHATIF, '--format', format], false)).out,
      );
    expect((await said(['schema'])).out).toContain('…');
    const path = scratchFile('größe.yaml', readFileSync(GUEST));
    expect((await said(['analyze', '--no-config', path])).out).toContain('größe.yaml');
  });

  test('writes errors in ASCII', async () => {
    const { err } = await said(['explain', `no such message ${'x'.repeat(300)}`]);
    expect(err).toMatch(/^[\0-\x7f]*$/);
    expect(err).toContain('x..."');
  });

  test('of the program asks the locale', () => {
    const out = (LC_ALL: string) => irqsimProcess(WHATIF, { env: { LC_ALL } }).out;
    expect(out('C.UTF-8')).toContain('→');
    expect(out('C')).toBe(asciiText(out('C.UTF-8')));
  });
});
