/**
 * The recipes of CONTRIBUTING, followed: a thing of each kind is added to a copy of the project, where it compiles and
 * passes the tests with exactly the steps that are written there; left out, each step is missed.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../built.ts';
import { RECIPES } from './recipes.ts';
import { type Addition, camel, carryOut, incomplete, type Lacking, type Recipe, whole } from './steps.ts';

/** The tests that look whether things are whole, as far as recipes touch them. */
const CHECKS = [
  'test/pieces.test.ts',
  'test/findings/rules/rules.test.ts',
  'test/findings/rules/numbers.test.ts',
  'test/questions/advise/changes.test.ts',
  'test/formats/products.test.ts',
  'test/linux/drivers/profiles.test.ts',
  'test/machine/behaviours.test.ts',
];

const copies = mkdtempSync(join(tmpdir(), 'irqsim-recipes-'));
afterAll(() => rmSync(copies, { recursive: true }));

/** A copy of parts of the project, with things added to these parts. */
function copyWith(name: string, parts: readonly string[], additions: readonly Addition[]): string {
  const folder = join(copies, name);
  for (const part of parts)
    cpSync(join(ROOT, part), join(folder, part), {
      recursive: true,
      filter: (path) => !['golden', 'data', 'captures'].includes(basename(path)),
    });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'sources.json'), '{ "extends": "./tsconfig.json", "include": ["src"] }\n');
  carryOut(folder, parts, additions);
  return folder;
}

/** Output of a program of node_modules, run in a folder. */
function output(folder: string, program: string, args: readonly string[]): Promise<string> {
  // What this run of the tests has set is not for another.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_)/.test(name)),
  );
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: folder,
    // The compiler is done before it would run out of memory: a fifth of its time goes into the collection of garbage.
    env: { ...env, GOGC: '400' },
  });
  return new Promise((resolve, reject) => {
    let text = '';
    const keep = (chunk: Buffer): void => {
      text += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}

/** What somebody said of an addition: the place, and all that may name the addition. */
interface Complaint {
  readonly at: string;
  readonly text: string;
}

/** What the compiler says of a copy, by file: the message, and the line that it is about. */
async function compiled(folder: string): Promise<readonly Complaint[]> {
  // Several checkers at once take twice the time of the processor.
  const args = ['-p', 'sources.json', '--pretty', 'false', '--singleThreaded'];
  const said = await output(folder, 'typescript/bin/tsc', args);
  return [...said.matchAll(/^(\S+?)\((\d+),\d+\): (.*)$/gm)].map(([, at, line, message]) => {
    const about = readFileSync(join(folder, at), 'utf8').split('\n')[Number(line) - 1];
    return { at, text: `${at} ${message} ${about}` };
  });
}

interface TestResult {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}

const CHECK = 'check.test.mjs';
const BUNDLE = 'bundle.mjs';
const CONFIG = `export default {
  cacheDir: '.vite',
  test: {
    include: ['${CHECK}'],
    isolate: false,
    maxWorkers: 1,
    chaiConfig: { truncateThreshold: 0 },
    server: { deps: { external: [/${BUNDLE}$/] } },
  },
};
`;

/** CommonJS packages ask for modules of Node; for each place in a stack Vitest would read the whole bundle. */
const BANNER = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
Error.stackTraceLimit = 0;`;

/** The checks of a copy with all that they import in one file: Vitest takes most of its time for each of a thousand. */
async function bundleChecks(folder: string): Promise<void> {
  await build({
    absWorkingDir: folder,
    stdin: { contents: CHECKS.map((path) => `import './${path}';`).join('\n'), resolveDir: folder },
    outfile: BUNDLE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['vitest'],
    banner: { js: BANNER },
    logLevel: 'error',
    plugins: [
      {
        name: 'places',
        setup({ onLoad }) {
          // Where a file says where it is, it says where it is in the copy.
          onLoad({ filter: /[.]ts$/ }, ({ path }) => {
            const text = readFileSync(path, 'utf8');
            if (!text.includes('import.meta.url')) return undefined;
            const contents = text.replaceAll('import.meta.url', JSON.stringify(String(pathToFileURL(path))));
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  writeFileSync(join(folder, CHECK), `import './${BUNDLE}';\n`);
}

/** The tests that fail in a copy, by full name. */
async function tested(folder: string): Promise<readonly Complaint[]> {
  await bundleChecks(folder);
  writeFileSync(join(folder, 'vitest.config.mjs'), CONFIG);
  const results = join(folder, 'results.json');
  const said = await output(folder, 'vitest/vitest.mjs', [
    'run',
    '--reporter=json',
    `--outputFile=${results}`,
    '--configLoader=runner',
  ]);
  const files: { assertionResults: TestResult[] }[] = JSON.parse(readFileSync(results, 'utf8')).testResults;
  expect(
    files.filter(({ assertionResults }) => assertionResults.length > 0),
    said,
  ).toHaveLength(1);
  return files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, failureMessages }) => ({
      at: fullName,
      text: [fullName, ...failureMessages].join('\n'),
    }));
}

const complete = RECIPES.map(whole);
const lacking = RECIPES.flatMap(incomplete);
const missedBy = (who: 'tests' | 'compiler', apart = false): readonly Lacking[] =>
  lacking.filter(({ without: { missed } }) => who in missed && 'apart' in missed === apart);

const LACKING = {
  tests: missedBy('tests'),
  compiler: missedBy('compiler'),
  apart: missedBy('compiler', true),
};

/** Where each addition has to be missed. */
const placesOf = ({ without: { missed } }: Lacking): readonly string[] =>
  'tests' in missed ? missed.tests : missed.compiler;

/** True if a text names an addition, as such or as a constant. */
const names = (text: string, { name }: Lacking): boolean => text.includes(name) || text.includes(camel(name));

let complaints: Readonly<Record<keyof typeof LACKING | 'compilerOfWhole', readonly Complaint[]>>;

beforeAll(async () => {
  const project = copyWith(
    'tests',
    ['src', 'test', 'scenarios', 'docs', 'README.md', 'package.json', 'tsconfig.json'],
    [...complete, ...LACKING.tests],
  );
  symlinkSync(join(ROOT, 'test/golden'), join(project, 'test/golden'));
  const sources = (name: 'compiler' | 'apart'): string =>
    copyWith(name, ['src', 'package.json', 'tsconfig.json'], [...complete, ...LACKING[name]]);
  const [compilerOfWhole, compiler, apart, tests] = await Promise.all([
    compiled(project),
    compiled(sources('compiler')),
    compiled(sources('apart')),
    tested(project),
  ]);
  complaints = { compilerOfWhole, compiler, apart, tests };
}, 600_000);

/** CONTRIBUTING's entry of a kind of things. */
function entryOf({ entry }: Recipe): string {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  return text.split(/^- /m).find((part) => part.startsWith(`**${entry}**`)) ?? '';
}

test.each(RECIPES)('CONTRIBUTING says each step of a $kind, and no other', (recipe) => {
  const said = [...entryOf(recipe).matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  const steps = recipe.steps('any').filter(({ key }) => key !== '');
  const paths = steps.map(({ says }) => says);
  expect(paths.filter((path) => !said.includes(path))).toEqual([]);
  const isPath = (code: string): boolean => /^(?:src|test|scenarios|docs)\/|^README/.test(code);
  expect(said.filter((code) => isPath(code) && !paths.includes(code))).toEqual([]);
});

test('what is added as written compiles', () => {
  expect(complaints.compilerOfWhole).toEqual([]);
});

describe.each(['tests', 'compiler', 'apart'] as const)('of what lacks a step (%s)', (who) => {
  test.each(LACKING[who])('$name is missed', (addition) => {
    const about = complaints[who].filter(({ text }) => names(text, addition));
    const places = placesOf(addition);
    expect(places.filter((place) => !about.some(({ at }) => at === place))).toEqual([]);
  });

  test('nothing else is said', () => {
    const expected = LACKING[who].flatMap(placesOf);
    expect(complaints[who].filter(({ at }) => !expected.includes(at))).toEqual([]);
  });
});
