/** The rules of the house, checked on the sources: floors, size, banned words and globals. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** From the ground up. A file imports from its own floor or any below; readers and model are neighbours. */
const FLOORS = [
  'lib',
  'machine',
  'readers',
  'edit',
  'model',
  'engine',
  'drivers',
  'policy',
  'sim',
  'rules',
  'source',
  'explain',
  'analyze.ts',
  'triage',
  'why',
  'verify',
  'whatif',
  'advise',
  'report',
  'cli',
];
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ['model', 'readers'],
  ['engine', 'readers'],
  ['model', 'edit'],
  ['engine', 'edit'],
];
const LINES_MAX = 300;

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({
    path,
    name: relative(SRC, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }));

const floorOf = (name: string): string => (name.includes('/') ? name.slice(0, name.indexOf('/')) : name);

describe.each(files)('$name', ({ path, name, text }) => {
  test('begins by saying what it is', () => {
    expect(text.startsWith('/**') || text.startsWith('//')).toBe(true);
  });

  test('imports from its own floor or below', () => {
    if (name === 'index.ts') return;
    const floor = FLOORS.indexOf(floorOf(name));
    expect(floor, `src/${name} is on no floor`).toBeGreaterThanOrEqual(0);
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const resolved = relative(SRC, join(dirname(path), target))
        .split(sep)
        .join('/');
      if (resolved.startsWith('..')) continue;
      const below = FLOORS.indexOf(floorOf(resolved));
      expect(below, `src/${name} imports ${target}`).toBeGreaterThanOrEqual(0);
      expect(below, `src/${name} imports ${target} from above`).toBeLessThanOrEqual(floor);
      for (const [one, other] of NEIGHBOURS) {
        if (floorOf(name) === one) expect(floorOf(resolved), `src/${name} imports ${target}`).not.toBe(other);
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

  if (name.startsWith('engine/') && !name.includes('plumbing/')) {
    test('names the kernel file it mirrors', () => {
      expect(text.slice(0, 900)).toMatch(/\b[\w/-]+\.[ch]\b/);
    });
  }
});
