/** The rules of the house, checked on the sources: rooms, size, banned words and globals. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/**
 * From the ground up. A file imports from its own room or any below, so that a room can be read, tested and used
 * without knowing who asks; formats and linux are neighbours that do not know each other: what a hypervisor's
 * configuration means and what the kernel does with it meet in a machine description only.
 */
const ROOMS = [
  'lib',
  'machine',
  'formats',
  'linux',
  'findings',
  'questions',
  'report',
  'web',
  'lsp',
  'cli',
  'index.ts',
];
const NEIGHBOURS: readonly (readonly [string, string])[] = [['linux', 'formats']];
const LINES_MAX = 300;
const FUNCTION_MAX = 70;

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({
    path,
    name: relative(SRC, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }));

/** What a file imports, by name below src; what lies outside is left out. */
function importsOf({ path, text }: (typeof files)[number]): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    .map(([, target]) =>
      relative(SRC, join(dirname(path), target))
        .split(sep)
        .join('/'),
    )
    .filter((target) => !target.startsWith('..'));
}

/** A folder of a room, or a file that stands in a room by itself. */
const folderOf = (name: string): string => name.split('/').slice(0, 2).join('/');

/** The first circle among nodes, as the way around; null if there is none. */
function circleIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const walk = (node: string, way: readonly string[]): string[] | null => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of arrows.get(node) ?? []) {
      const circle = walk(next, [...way, node]);
      if (circle) return circle;
    }
    done.add(node);
    return null;
  };
  for (const node of arrows.keys()) {
    const circle = walk(node, []);
    if (circle) return circle;
  }
  return null;
}

function arrowsBetween(nodeOf: (name: string) => string): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const file of files) {
    const from = nodeOf(file.name);
    for (const target of importsOf(file)) {
      const to = nodeOf(target);
      if (to !== from) arrows.set(from, (arrows.get(from) ?? new Set<string>()).add(to));
    }
  }
  return arrows;
}

const roomOf = (name: string): string => (name.includes('/') ? name.slice(0, name.indexOf('/')) : name);

/** Where a function, a method or an arrow with a body begins, by its first line as the formatter writes it. */
const HEAD =
  /^ *(?:export )?(?:default )?(?:async )?(?:function\b|.*=> \{$|(?:static |async |get |\*)*#?\w+(?:<.*>)?\(.*(?:\{|\()$|const \w+.* = (?:async )?(?:<.*>)?\()/;
const STATEMENT = /^ *(?:if|for|while|switch|return|throw|\})/;

/**
 * The functions of a text and their lines, from the head to the closing brace, which the formatter puts under the head:
 * the first line at that depth that begins with one, and opens no body as the end of parameters does.
 */
function functionsOf(text: string): { readonly head: string; readonly lines: number }[] {
  const lines = text.split('\n');
  const depthOf = (line: string): number => line.search(/\S/);
  return lines.flatMap((head, at) => {
    if (!HEAD.test(head) || STATEMENT.test(head)) return [];
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((line) => depthOf(line) === depthOf(head) && /^ *\}[^{]*$/.test(line));
    const above = rest.findIndex((line) => depthOf(line) >= 0 && depthOf(line) < depthOf(head));
    return end < 0 || (above >= 0 && above < end) ? [] : [{ head: head.trim(), lines: end + 2 }];
  });
}

/** Constants that are written out in the text, but typed as if any key were in them. */
const tablesOfAnyKey = (text: string): string[] =>
  [...text.matchAll(/\bconst (\w+): (?:[^=;]|=>)*?\bRecord<\s*string\b(?:[^=]|=>)*? = [[{](?![\]}])/g)].map(
    ([, table]) => table,
  );

/** A rule for every file; all that break it are listed, each with what it is about. */
function everyFile(rule: string, complaintsOn: (file: (typeof files)[number]) => readonly string[]): void {
  test(`every file ${rule}`, () => {
    expect(
      files.flatMap((file) => complaintsOn(file).map((complaint) => `src/${file.name}: ${complaint}`)),
    ).toEqual([]);
  });
}

/** All places in a text that are of a kind. */
const found = (text: string, kind: RegExp): readonly string[] =>
  [...text.matchAll(new RegExp(kind, 'g'))].map(([place]) => place);

describe('of the sources', () => {
  test('there are many', () => {
    expect(files.length).toBeGreaterThan(1000);
  });

  // Who opens a file wants to know what it is for before reading how it works.
  everyFile('begins by saying what it is', ({ text }) =>
    text.startsWith('/**') || text.startsWith('//') ? [] : ['it does not'],
  );

  everyFile('imports from its own room or below', (file) => {
    const own = roomOf(file.name);
    const room = ROOMS.indexOf(own);
    if (room < 0) return ['it is in no room'];
    return importsOf(file).filter((target) => {
      const below = ROOMS.indexOf(roomOf(target));
      const isNeighbour = NEIGHBOURS.some(([one, other]) => own === one && roomOf(target) === other);
      return below < 0 || below > room || isNeighbour;
    });
  });

  // The same input gives the same bytes, in any program, only if nothing below reads a clock, a file or chance.
  everyFile('is pure below the command line', ({ name, text }) =>
    name.startsWith('cli/')
      ? []
      : found(text, /from 'node:|\bprocess\.|\bconsole\.|\bDate\b|Math\.random|\bfetch\(/),
  );

  // A what-if that makes its machine by itself forgets what the others know: expectations, what an importer noted.
  everyFile('varies machines by machine/vary.ts', ({ name, text }) =>
    /^(?:machine|formats|linux)\/|^questions\/source\.ts$/.test(name)
      ? []
      : found(text, /\{\s*\.\.\.(?:\w+\.)*(?:machine|\w+Machine)\s*,|\.vary\(|expect: undefined/),
  );

  // A bare 255 does not say whether a mode, a message or a product ends there.
  everyFile('takes the ends of APIC IDs from their table, machine/apic-ids.ts', ({ name, text }) =>
    name === 'machine/apic-ids.ts'
      ? []
      : found(
          text,
          /[<>]=? ?(?:0xf[ef]|0x7fff|0x8000|0xfffffff[ef]|25[45]|32_?76[78])\b|const \w*(?:MAX|ANY)_(?:\w+_)?ID = \d/,
        ),
  );

  // Of a table that takes any key, what is read under a wrong one (`constructor`) counts as an entry for the compiler:
  // `as const satisfies`, or keys of a union; lib/lookup.ts for names of inputs.
  everyFile('has no constant table with keys of any kind', ({ text }) => tablesOfAnyKey(text));

  // What does not fit on a few screens holds more than one thought.
  everyFile('is one concept', ({ text }) => {
    const lines = text.split('\n').length;
    return [
      ...(lines > LINES_MAX ? [`${lines} lines`] : []),
      ...found(text, /\b(?:TO)DO\b|\bFIX(?:ME)\b|@ts-(?:ignore|nocheck)/),
    ];
  });

  // A function that does not fit on a screen does several things, each of which has a name.
  everyFile('has no long function', ({ text }) =>
    functionsOf(text)
      .filter(({ lines }) => lines > FUNCTION_MAX)
      .map(({ head, lines }) => `${head} has ${lines} lines`),
  );

  // A kernel engineer checks the engine against the file that it mirrors.
  everyFile('of the engine names the kernel file it mirrors', ({ name, text }) =>
    name.startsWith('linux/engine/') && !/\b[\w/-]+\.[ch]\b/.test(text.slice(0, 900)) ? ['it does not'] : [],
  );
});

// Folders that need each other are one folder in two places: neither can be understood, moved or tested alone.
test('no circle between the folders inside a room', () => {
  expect(circleIn(arrowsBetween(folderOf))?.join(' -> ') ?? 'none').toBe('none');
});

// The same of files: each is read without the other.
test('no circle between files', () => {
  expect(circleIn(arrowsBetween((file) => file))?.join(' -> ') ?? 'none').toBe('none');
});

test('circles are found', () => {
  const arrows = (text: string) =>
    new Map(text.split(' ').map((arrow) => [arrow[0], new Set(arrow.slice(1))] as const));
  expect(circleIn(arrows('ab bc ca'))).toEqual(['a', 'b', 'c', 'a']);
  expect(circleIn(arrows('abc bd cd de'))).toBeNull();
  expect(circleIn(arrows('ab bc cdb'))).toEqual(['b', 'c', 'b']);
});

test('functions are found, and measured', () => {
  const text = [
    'export async function* first(',
    '  { one }: Two,',
    '): Three {',
    '  const inner = () => {',
    '    if (one) {',
    '    }',
    '  };',
    '}',
    'class Some {',
    '  async #method(one: Two): Three {',
    '  }',
    '}',
    'function other({',
    '  one,',
    '}: Two): Three {',
    '}',
  ];
  expect(functionsOf(text.join('\n')).map(({ lines }) => lines)).toEqual([8, 4, 2, 4]);
});

test('tables of any key are found, and only they', () => {
  const text = `
    const PLAIN: Readonly<Record<string, number>> = { one: 1 };
    export const WIDE: Readonly<
      Record<string, { a: number; make: (of: string) => void }>
    > = {
      one: { a: 1, make: () => {} },
    };
    const LEVELS: readonly Record<string, number>[] = [{ one: 1 }];
    const counted: Record<string, number> = {};
    const lists: Record<string, number>[] = [];
    const keyed: Readonly<Record<Name, number>> = { one: 1 };
    const SAFE = { one: 1 } as const satisfies Readonly<Record<string, number>>;
    const read = (of: Record<string, number>) => ({ ...of });
    const taken: Record<string, number> = read({ one: 1 });
  `;
  expect(tablesOfAnyKey(text)).toEqual(['PLAIN', 'WIDE', 'LEVELS']);
});
