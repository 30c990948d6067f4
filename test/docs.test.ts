/** Citations of the model's pages: each resolves, in code and between pages, and none is of a kind that readers lack. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Files below a folder with one of these endings, as paths from the root. */
function filesIn(folder: string, endings: readonly string[]): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The anchor of a heading, as forges make it: lower case, punctuation dropped, spaces as hyphens. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Anchors of a page's headings; lines in fences are no headings. */
function anchorsOf(text: string): string[] {
  const prose = text.replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));
}

/** Why a citation leads nowhere; null if it resolves. */
function broken(page: string, anchor: string | undefined): string | null {
  if (!existsSync(join(ROOT, page))) return `${page} does not exist`;
  if (anchor === undefined || anchorsOf(read(page)).includes(anchor)) return null;
  return `${page} has no heading #${anchor}`;
}

const sources = ['src', 'test'].flatMap((folder) => filesIn(folder, ['.ts', '.mjs']));
const pages = filesIn('docs', ['.md']);

/** Pages that were never in the repository. Written so that this file does not find itself. */
const PRIVATE_PAGES = [
  /\b(?:reachability|engine|contract|import|corrections|architecture)\.md/,
  /\b[Rr]eachability [A-K](?:\.\d|\b)/,
  /\breport-sketc[h]/,
];

/** "docs/model/PAGE.md" and "docs/model/PAGE.md#anchor" in a text. */
const citationsIn = (text: string) =>
  text.matchAll(/\b(docs\/(?:model|decisions)\/[\w-]+\.md)(?:#([\w-]+))?/g);

describe('citations', () => {
  test('every citation in src and test leads to a page and a heading', () => {
    const wrong = sources
      .filter((path) => path !== 'test/docs.test.ts')
      .flatMap((path) =>
        [...citationsIn(read(path))].flatMap(([, page, anchor]) => {
          const why = broken(page, anchor);
          return why === null ? [] : [`${path}: ${why}`];
        }),
      );
    expect(wrong).toEqual([]);
  });

  test('no comment cites a page that is not in the repository', () => {
    const wrong = sources.flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, at) =>
          PRIVATE_PAGES.some((pattern) => pattern.test(line)) ? [`${path}:${at + 1}: ${line.trim()}`] : [],
        ),
    );
    expect(wrong).toEqual([]);
  });

  test('every page of the model is cited by some code', () => {
    const cited = new Set(
      sources
        .filter((path) => path.startsWith('src/'))
        .flatMap((path) => [...citationsIn(read(path))].map(([, page]) => page)),
    );
    const model = pages.filter((path) => path.startsWith('docs/model/') && !path.endsWith('README.md'));
    expect(model.filter((page) => !cited.has(page))).toEqual([]);
  });
});

describe('pages', () => {
  const written = [...pages, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

  test('links between pages resolve', () => {
    const wrong = written.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([, target, anchor]) => {
        const page = target === '' ? path : join(dirname(path), target);
        const why = page.endsWith('.md')
          ? broken(page, anchor)
          : existsSync(join(ROOT, page))
            ? null
            : `no ${page}`;
        return why === null ? [] : [`${path}: ${why}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test.each(['docs/model', 'docs/decisions'])('the index of %s lists every page in it', (folder) => {
    const index = read(`${folder}/README.md`);
    const unlisted = pages
      .filter((path) => dirname(path) === folder && !path.endsWith('README.md'))
      .filter((path) => !index.includes(`](${relative(folder, path)})`));
    expect(unlisted).toEqual([]);
  });

  test('files and folders that pages name as code exist', () => {
    const wrong = pages.flatMap((path) =>
      [...read(path).matchAll(/`((?:src|test|bin|scenarios)\/[\w./-]+)`/g)]
        .filter(([, name]) => !/[A-Z]{3}/.test(name) && !existsSync(join(ROOT, name)))
        .map(([, name]) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('anchors are made as forges make them', () => {
    expect(['QEMU and EXT', 'blk-mq maps', 'Remapping table entries', 'P1 in detail'].map(anchorOf)).toEqual([
      'qemu-and-ext',
      'blk-mq-maps',
      'remapping-table-entries',
      'p1-in-detail',
    ]);
  });
});
