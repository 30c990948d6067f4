/**
 * The pages of the rules are what the rules say, and the site has no link that leads nowhere. `npm run docs` writes the
 * pages below docs/rules and the site below dist/site.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/findings/rules/index.ts';
import { markdownDocument } from '../../src/report/document/markdown/markdown.ts';
import { rulePage, rulesIndex } from './rule-pages.ts';
import { siteOf, writeSite } from './site.ts';

const FOLDER = fileURLToPath(new URL('../../docs/rules/', import.meta.url));
const writes = process.env.DOCS === 'write';

const written = async (): Promise<Map<string, string>> => {
  const pages = new Map<string, string>([['README.md', rulesIndex()]]);
  for (const rule of RULES) pages.set(`${rule.name}.md`, markdownDocument(await rulePage(rule)));
  return pages;
};

test.runIf(writes)('writes the pages and the site', { timeout: 120_000 }, async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of await written()) writeFileSync(join(FOLDER, name), text);
  writeSite(siteOf());
});

describe.skipIf(writes)('pages of rules', () => {
  test('are current: npm run docs', { timeout: 60_000 }, async () => {
    const pages = await written();
    expect(existsSync(FOLDER) ? readdirSync(FOLDER).sort() : []).toEqual([...pages.keys()].sort());
    for (const [name, text] of pages) expect(readFileSync(join(FOLDER, name), 'utf8'), name).toBe(text);
  });
});

describe.skipIf(writes)('the site', () => {
  const site = siteOf();

  test('has no link that leads nowhere', () => {
    const ids = new Map(
      [...site].map(([path, html]) => [
        path,
        new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
      ]),
    );
    const wrong = [...site].flatMap(([path, html]) =>
      [...html.matchAll(/<a href="([^"]*)"/g)].flatMap(([, href]) => {
        if (/^[a-z]+:/.test(href)) return [];
        const [target, anchor] = href.split('#');
        const file = target === '' ? path : normalize(join(dirname(path), target));
        const known = ids.get(file);
        if (known === undefined)
          return existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)))
            ? []
            : [`${path}: ${href}`];
        return anchor === undefined || known.has(anchor) ? [] : [`${path}: ${href}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('runs nothing and loads nothing', () => {
    for (const [path, html] of site) {
      expect(html, path).not.toMatch(/<(?:script|link|iframe|object)\b|<img[^>]+src="https?:/);
    }
  });
});
