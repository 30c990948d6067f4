/**
 * Nothing goes missing in silence: what can be added by a file and a line is there under the names that users have
 * written down, what a file defines is registered, and what is registered is used and tried by a test or a scenario.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../src/findings/rules/index.ts';
import { FORMAT_NAMES } from '../src/formats/formats.ts';
import { editorOf, READERS } from '../src/formats/index.ts';
import { DRIVERS } from '../src/linux/drivers/index.ts';
import { POLICIES } from '../src/linux/policy/index.ts';
import { propertyOf } from '../src/linux/proof/properties/index.ts';
import { BEHAVIOURS } from '../src/machine/behaviours.ts';
import { kernelProfile, NEWEST_KERNEL, OLDEST_KERNEL } from '../src/machine/kernel.ts';
import { PROPERTY_NAMES } from '../src/machine/property-names.ts';
import { REPORTERS } from '../src/report/index.ts';
import { ROOT } from './built.ts';
import { definitions } from './cli/definitions.ts';
import { EDITOR_CASES } from './formats/edit/cases.ts';
import { edit } from './formats/edit/editing.ts';
import { JUDGED } from './linux/proof/judged.ts';
import { PROMISED } from './promised.ts';

/** Names of one piece. */
type Names = readonly [name: string, ...aliases: string[]];

interface Source {
  readonly name: string;
  readonly text: string;
}

/** All text files below a folder of the project. */
function filesBelow(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.gz'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(ROOT.length), text: readFileSync(path, 'utf8') }));
}

const sources = filesBelow('src');
const tried = [...filesBelow('test'), ...filesBelow('scenarios')].filter(
  ({ name }) => !/^test\/(?:pieces\.test\.ts|promised\.ts|recipes\/)/.test(name),
);

/** What is registered, by the kinds of pieces whose names are promised. */
const KINDS: Readonly<Record<keyof typeof PROMISED, readonly Names[]>> = {
  readers: READERS.map(({ name }) => [name]),
  editors: FORMAT_NAMES.filter((name) => editorOf(name)).map((name) => [name]),
  drivers: Object.keys(DRIVERS).map((name) => [name]),
  policies: POLICIES.map(({ name, aliases }) => [name, ...aliases]),
  'report formats': Object.keys(REPORTERS).map((name) => [name]),
  properties: PROPERTY_NAMES.map((name) => [name]),
  // Commander adds `help`.
  commands: definitions()
    .commands.filter(({ name }) => name !== 'help')
    .map(({ name }) => [name]),
};

describe.each(Object.entries(KINDS))('%s', (kind, registered) => {
  const names = registered.map(([name]) => name);
  const promised = PROMISED[kind as keyof typeof PROMISED].split(' ');

  test('none is gone, none is there twice', () => {
    expect(promised.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('each is promised', () => {
    expect(names.filter((name) => !promised.includes(name))).toEqual([]);
  });

  test.each(registered.map((all) => ({ name: all[0], all })))('$name is tried', ({ all }) => {
    const word = new RegExp(`(?<![\\w-])(?:${all.join('|')})(?![\\w-])`);
    expect(tried.some(({ text }) => word.test(text))).toBe(true);
  });
});

/** Types of pieces that a file defines as a constant, which an index or a list beside it imports. */
const DEFINITION =
  /^export const (\w+): (?:Rule|Reader|Policy|Property|DriverProfile|Reporter|Remedy|DefineCommand) =/gm;

const pieces = sources.flatMap(({ name, text }) =>
  [...text.matchAll(DEFINITION)].map(([, piece]) => [piece, name] as const),
);

test('pieces are found', () => {
  expect(pieces.length).toBeGreaterThan(RULES.length + READERS.length + POLICIES.length);
});

test.each(pieces)('%s of %s is registered', (piece, name) => {
  const word = new RegExp(`\\b${piece}\\b`);
  const users = sources.filter((source) => source.name !== name && word.test(source.text));
  const inItsOwnFile =
    sources.find((source) => source.name === name)?.text.match(new RegExp(word, 'g')) ?? [];
  expect(users.length + inItsOwnFile.length - 1).toBeGreaterThan(0);
});

const products = sources.find(({ name }) => name === 'src/formats/products.ts')?.text ?? '';
const editors = sources.filter(({ name }) => /^src\/formats\/[\w-]+\/edit\.ts$/.test(name));

test.each(editors)('$name is an editor of a product', ({ name }) => {
  expect(products).toContain(`import('./${name.slice('src/formats/'.length)}')`);
});

// What is not registered, or not loaded, writes nothing.
test.each(KINDS.editors.map(([name]) => ({ name })))('the editor of $name writes', async ({ name }) => {
  const { text, intent, written } = EDITOR_CASES[name] ?? {};
  expect(text, `${name} has a text in test/formats/edit/cases.ts`).toBeDefined();
  expect(text).not.toContain(written);
  expect(await edit(text, intent)).toContain(written);
});

describe('properties that are proved', () => {
  const files = sources.filter(({ name }) => /^src\/linux\/proof\/properties\/(?!index)/.test(name));
  const page = readFileSync(join(ROOT, 'docs/model/proofs.md'), 'utf8');
  const sections = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(' ', '-')
      .replace(/[^\w-]/g, ''),
  );

  test.each(files.map(({ name, text }) => [name, text] as const))(
    '%s has a section of docs/model/proofs.md',
    (_, text) => {
      const cited = [...text.matchAll(/docs\/model\/proofs\.md#([\w-]+)/g)].map(([, section]) => section);
      expect(cited).not.toEqual([]);
      expect(cited.filter((section) => !sections.includes(section))).toEqual([]);
    },
  );

  const ofStates = PROPERTY_NAMES.filter((name) => propertyOf(name)).map((name) => ({ name }));
  test.each(ofStates)('$name is judged by what reports show', ({ name }) => {
    expect(JUDGED).toContain(name);
  });
});

describe('kernel behaviours', () => {
  const asking = sources.filter(({ name }) => !/^src\/machine\/behaviours/.test(name));

  test.each(BEHAVIOURS)('$name is asked for', ({ name }) => {
    expect(asking.some(({ text }) => text.includes(`'${name}'`))).toBe(true);
  });

  test.each(BEHAVIOURS)('$name tells releases apart', ({ since, until, backports, endedIn }) => {
    expect(since ?? until ?? backports ?? endedIn).toBeDefined();
  });
});

// The newest release is a fact of one file; what else needs it asks for it.
test('the newest kernel is named in one place, and in README', () => {
  const [series = ''] = /^\d+\.\d+/.exec(NEWEST_KERNEL) ?? [];
  expect(kernelProfile(NEWEST_KERNEL).text).toBe(NEWEST_KERNEL);
  const quoted = new RegExp(`['"]${series.replace('.', '\\.')}['"]`);
  const naming = sources.filter(({ name, text }) => !/machine\/behaviours/.test(name) && quoted.test(text));
  expect(naming.map(({ name }) => name)).toEqual(['src/machine/kernel.ts']);
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  expect(readme).toContain(`Kernels from ${OLDEST_KERNEL} to ${NEWEST_KERNEL} are modelled`);
});
