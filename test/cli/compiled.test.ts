/** Compiled code that a run leaves for the next: kept and used where nobody else can write, and never in the way. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtProgram } from '../built.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'irqsim-compiled-')));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The program as a Node finds it for which the build left nothing. */
const program = join(scratch, 'program');
const input = join(scratch, 'machine.yaml');

beforeAll(() => {
  const root = join(dirname(builtProgram()), '..');
  for (const part of ['bin', 'dist/cli']) cpSync(join(root, part), join(program, part), { recursive: true });
  rmSync(join(program, 'dist/cli/compiled'), { recursive: true });
  writeFileSync(input, 'cpus: [{ apicId: 0-3 }]\n');
});

let home: string;
let folder: string;
const newHome = () => {
  home = mkdtempSync(join(scratch, 'home-'));
  folder = join(home, '.cache/irqsim');
};
beforeEach(newHome);

const environment = (more: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  ...more,
});

/** Packs and the runs whose code was used for them. */
type Used = Record<string, string[]>;

/** Runs the program as `bin/irqsim.cjs` does; on standard error it leaves what it used, and nothing else is there. */
const RUN = `
const { load } = require(${JSON.stringify(join(program, 'bin/load.cjs'))});
const { keepOwn } = require(${JSON.stringify(join(program, 'bin/compiled.cjs'))});
const { loaded } = load('./main.js');
process.on('exit', () => {
  const used = loaded.filter(({ known }) => known).map(({ pack, known }) => [pack, known.runs]);
  console.error(JSON.stringify(Object.fromEntries(used)));
  keepOwn(loaded);
});
`;

function usedBy(words: readonly string[], env: Record<string, string> = {}): Used {
  const args = ['-e', RUN, 'irqsim', ...words];
  const run = spawnSync(process.execPath, args, { env: environment(env), encoding: 'utf8' });
  const { status, stdout, stderr } = run;
  expect(status, stderr).toBe(0);
  if (words.join() === ['analyze', input].join()) expect(stdout).toBe(first.text);
  return JSON.parse(stderr);
}

/** What the program itself prints; it says nothing of what it could not use or keep. */
function report(env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(program, 'bin/irqsim.cjs'), 'analyze', input],
    { env: environment(env), encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('all 4 plugged CPUs reachable');
  return stdout;
}

/** What a first run printed, and the folder that it left. */
let first: { readonly text: string; readonly folder: string };
beforeAll(() => {
  newHome();
  first = { text: report(), folder };
});

/** Leaves in the folder what a first run leaves there. */
const afterFirst = () => cpSync(first.folder, folder, { recursive: true });

const ANALYSIS = 'start+analyze';
const files = () => readdirSync(folder).sort();
const fileOf = (pack: string) => join(folder, files().find((name) => name.startsWith(`${pack}-`)) ?? '');
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('what a run compiled is used by the next, and a run of another kind adds to it', () => {
  report();
  expect([mode(folder), ...files().map((name) => mode(join(folder, name)))]).toEqual(['700', '600', '600']);
  expect(report()).toBe(first.text);
  expect(usedBy(['analyze', input])).toEqual({ start: [ANALYSIS], analyze: [ANALYSIS] });
  usedBy(['--version']);
  expect(usedBy(['analyze', input])).toEqual({ start: [ANALYSIS, 'start'], analyze: [ANALYSIS] });
  expect(files()).toHaveLength(2);
});

test('a command that works for long runs at another pace once all it loads is kept, and then keeps nothing', () => {
  const advise = () =>
    spawnSync(process.execPath, [join(program, 'bin/irqsim.cjs'), 'advise', input], {
      env: environment({}),
      encoding: 'utf8',
    });
  const first = advise();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  const kept = () => files().map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  const before = kept();
  expect(before).toHaveLength(3);
  expect(advise().stdout).toBe(first.stdout);
  expect(kept()).toEqual(before);
  expect(Object.keys(usedBy(['advise', input]))).toEqual(['start', 'analyze', 'advise']);
});

test('a start asks Node for no module that it has not loaded by itself, but for the one that takes compiled code', () => {
  const list = `const before = new Set(process.moduleLoadList);
process.on('exit', () => console.error(process.moduleLoadList.filter((name) => !before.has(name)).join()));
process.argv.splice(1, 1);
require(process.argv[1]);`;
  const words = ['-e', list, 'node', join(program, 'bin/irqsim.cjs'), 'analyze', input];
  const { stderr } = spawnSync(process.execPath, words, { env: environment({}), encoding: 'utf8' });
  expect(stderr.split(',').filter((name) => /^NativeModule (?!internal|console|process)/.test(name))).toEqual(
    ['NativeModule vm'],
  );
});

test('XDG_CACHE_HOME says where, if it is a whole path', () => {
  const elsewhere = join(home, 'elsewhere');
  report({ XDG_CACHE_HOME: elsewhere });
  expect(readdirSync(join(elsewhere, 'irqsim'))).toHaveLength(2);
  expect(existsSync(folder)).toBe(false);
  report({ XDG_CACHE_HOME: 'elsewhere' });
  expect(files()).toHaveLength(2);
});

describe('a file is not used, and is replaced', () => {
  const spoilt: Record<string, (path: string) => void> = {
    'that others may read': (path) => chmodSync(path, 0o644),
    'that others may write': (path) => chmodSync(path, 0o620),
    'with a second name': (path) => linkSync(path, join(mkdtempSync(join(home, 'other-')), 'name')),
    'that is a link': (path) => {
      renameSync(path, join(home, 'moved'));
      symlinkSync(join(home, 'moved'), path);
    },
    'that is a pipe': (path) => {
      rmSync(path);
      spawnSync('mkfifo', ['-m', '600', path]);
    },
    'that is empty': (path) => writeFileSync(path, ''),
    'cut short': (path) => writeFileSync(path, readFileSync(path).subarray(0, 4000)),
    'cut within a word': (path) => writeFileSync(path, readFileSync(path).subarray(0, -3)),
    'with one bit changed': (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1] ^= 4;
      writeFileSync(path, bytes);
    },
    'of zeros': (path) => writeFileSync(path, Buffer.alloc(100_000)),
    'beyond any size': (path) => writeFileSync(path, Buffer.alloc(2 ** 24 + 4)),
  };

  test.each(Object.entries(spoilt))('%s', (_, spoil) => {
    afterFirst();
    spoil(fileOf('analyze'));
    expect(usedBy(['analyze', input])).toEqual({ start: [ANALYSIS] });
    expect(usedBy(['analyze', input])).toEqual({ start: [ANALYSIS], analyze: [ANALYSIS] });
  });

  test.runIf(process.getuid?.() === 0)("that is another user's", () => {
    afterFirst();
    chownSync(fileOf('analyze'), 12_345, 12_345);
    expect(usedBy(['analyze', input])).toEqual({ start: [ANALYSIS] });
  });
});

describe('a folder is neither used nor written to', () => {
  const spoilt: Record<string, () => void> = {
    'that others may enter': () => chmodSync(folder, 0o701),
    'that others may write to': () => chmodSync(folder, 0o720),
    'that is a link': () => {
      renameSync(folder, join(home, 'moved'));
      symlinkSync(join(home, 'moved'), folder);
    },
  };

  test.each(Object.entries(spoilt))('%s', (_, spoil) => {
    afterFirst();
    rmSync(fileOf('analyze'));
    spoil();
    expect(usedBy(['analyze', input])).toEqual({});
    expect(files()).toHaveLength(1);
  });

  test.runIf(process.getuid?.() === 0)("that is another user's, or in another user's home", () => {
    chownSync(home, 12_345, 12_345);
    report();
    expect(readdirSync(home)).toEqual([]);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, 12_345, 12_345);
    report();
    expect(files()).toEqual([]);
  });
});

test.each<[string, () => Record<string, string>]>([
  ['there is no home', () => ({ HOME: join(home, 'missing') })],
  ['home is no folder', () => ({ HOME: '/dev/null' })],
  ['home has no name', () => ({ HOME: '' })],
  ['nobody wants it', () => ({ NODE_DISABLE_COMPILE_CACHE: '1' })],
])('nothing is kept if %s', (_, env) => {
  expect(report(env())).toBe(first.text);
  expect(readdirSync(home)).toEqual([]);
});

test('what old versions left goes', () => {
  afterFirst();
  for (let i = 0; i < 70; i++) writeFileSync(join(folder, `start-${i}.old`), '', { mode: 0o600 });
  rmSync(fileOf('analyze'));
  report();
  expect(files()).toHaveLength(60);
  expect(usedBy(['analyze', input])).toHaveProperty('analyze');
});
