/** The rules of the house, checked on the sources: rooms, size, banned words and globals. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** From the ground up. A file imports from its own room or any below; formats and linux are neighbours. */
const ROOMS = ['lib', 'machine', 'formats', 'linux', 'findings', 'questions', 'report', 'cli', 'index.ts'];
const NEIGHBOURS: readonly (readonly [string, string])[] = [['linux', 'formats']];
const LINES_MAX = 300;

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({
    path,
    name: relative(SRC, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }));

const roomOf = (name: string): string => (name.includes('/') ? name.slice(0, name.indexOf('/')) : name);

describe.each(files)('$name', ({ path, name, text }) => {
  test('begins by saying what it is', () => {
    expect(text.startsWith('/**') || text.startsWith('//')).toBe(true);
  });

  test('imports from its own room or below', () => {
    const room = ROOMS.indexOf(roomOf(name));
    expect(room, `src/${name} is in no room`).toBeGreaterThanOrEqual(0);
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const resolved = relative(SRC, join(dirname(path), target))
        .split(sep)
        .join('/');
      if (resolved.startsWith('..')) continue;
      const below = ROOMS.indexOf(roomOf(resolved));
      expect(below, `src/${name} imports ${target}`).toBeGreaterThanOrEqual(0);
      expect(below, `src/${name} imports ${target} from above`).toBeLessThanOrEqual(room);
      for (const [one, other] of NEIGHBOURS) {
        if (roomOf(name) === one) expect(roomOf(resolved), `src/${name} imports ${target}`).not.toBe(other);
      }
    }
  });

  test('is pure below the command line', () => {
    if (name.startsWith('cli/')) return;
    expect(text).not.toMatch(/from 'node:|\bprocess\.|\bconsole\.|\bDate\b|Math\.random|\bfetch\(/);
  });

  test('is one concept', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(LINES_MAX);
    expect(text).not.toMatch(/\b(?:TO)DO\b|\bFIX(?:ME)\b|@ts-(?:ignore|nocheck)/);
  });

  if (name.startsWith('linux/engine/')) {
    test('names the kernel file it mirrors', () => {
      expect(text.slice(0, 900)).toMatch(/\b[\w/-]+\.[ch]\b/);
    });
  }
});
