/** The documentation as a small static site: plain HTML in the style of the reports, without scripts. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import { htmlPage } from '../../src/report/document/html/page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const SITE = join(ROOT, 'dist/site');

/** The anchor of a heading, as forges make it. */
const anchorOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const marked = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${anchorOf(text.replaceAll('`', ''))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    // Pages of the site stand where their sources stand.
    link({ href, tokens }) {
      const target = href.replace(/\.md(?=#|$)/, '.html').replace(/README\.html/, 'index.html');
      return `<a href="${target}">${this.parser.parseInline(tokens)}</a>`;
    },
  },
});

/** Paths of the pages from the folder of the project. */
const pages = (): string[] => [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
];

const targetOf = (page: string): string =>
  page.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');

const NAVIGATION = [
  ['README.md', 'irqsim'],
  ['docs/model/README.md', 'Model'],
  ['docs/rules/README.md', 'Rules'],
  ['docs/decisions/README.md', 'Decisions'],
  ['docs/exactness.md', 'Exactness'],
  ['CHANGELOG.md', 'Changes'],
] as const;

const STYLE =
  'nav{display:flex;flex-wrap:wrap;gap:1.2em;border-bottom:1px solid var(--line);padding-bottom:.6em}img{max-width:100%}';

/** The site: path from its top → HTML. */
export function siteOf(): Map<string, string> {
  return new Map(
    pages().map((page) => {
      const text = readFileSync(join(ROOT, page), 'utf8');
      const [, title = page] = /^# (.+)$/m.exec(text) ?? [];
      const links = NAVIGATION.map(([target, name]) => {
        const to = relative(dirname(page), targetOf(target)) || targetOf(target);
        return `<a href="${to}">${name}</a>`;
      });
      const body = `<nav>${links.join('\n')}</nav>\n<main>\n${marked.parse(text, { async: false })}</main>`;
      return [targetOf(page), htmlPage({ title: title.replaceAll('`', ''), body, style: STYLE })];
    }),
  );
}

/** Writes the site below dist. */
export function writeSite(site: ReadonlyMap<string, string>): void {
  for (const [path, html] of site) {
    mkdirSync(dirname(join(SITE, path)), { recursive: true });
    writeFileSync(join(SITE, path), html);
  }
  cpSync(join(ROOT, 'docs/explore.png'), join(SITE, 'docs/explore.png'));
}
