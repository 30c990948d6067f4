/**
 * A page that stands by itself: nothing is loaded, and nothing runs but the scripts that it was written with, whatever
 * the names in it say. The policy in its head holds their digests.
 */
import { sha256Base64 } from '../../../lib/sha256.ts';
import type { Frame } from '../../reporter.ts';
import { DEFINITIONS, STYLE } from './style.ts';
import { element, htmlText } from './text.ts';

export interface Page {
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** Programs that run in the page, in order. */
  readonly scripts?: readonly string[];
  /** Texts that scripts read, by ID: they are data, and run only where a script makes a worker of them. */
  readonly data?: Readonly<Record<string, string>>;
  /** Further style. */
  readonly style?: string;
}

const digest = (text: string): string => `'sha256-${sha256Base64(text)}'`;

/** A text inside `script` ends at the first closing tag, and a comment may hide one. */
const inScript = (text: string): string => text.replace(/<(?=\/script|!--|script)/gi, '\\x3c');
const inData = (text: string): string => text.replaceAll('<', '\\u003c');

function policy(style: string, scripts: readonly string[]): string {
  const script = scripts.length === 0 ? "'none'" : scripts.map(digest).join(' ');
  return [
    "default-src 'none'",
    `style-src ${digest(style)}`,
    `script-src ${script}`,
    ...(scripts.length === 0 ? [] : ['worker-src blob:']),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const head = (title: string, css: string, programs: readonly string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(css, programs)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="generator" content="irqsim">',
    element('title', htmlText(title)),
    element('style', css),
    '</head>',
    '<body>',
    DEFINITIONS,
  ].join('\n');

/** What stands around the parts of a page in which nothing runs. */
export const pageFrame = (title: string): Frame => ({
  open: `${head(title, STYLE, [])}\n<main>\n`,
  between: '',
  close: '</main>\n</body>\n</html>\n',
});

/** The page, from the doctype to the last newline. */
export function htmlPage({ title, body, scripts = [], data = {}, style = '' }: Page): string {
  const programs = scripts.map(inScript);
  return `${[
    head(title, STYLE + style, programs),
    body,
    ...Object.entries(data).map(
      ([id, text]) =>
        `<script type="application/json" id="${htmlText(id)}">${inData(JSON.stringify(text))}</script>`,
    ),
    ...programs.map((program) => element('script', program)),
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}
