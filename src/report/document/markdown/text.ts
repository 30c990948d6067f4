/** Text as GitHub Flavored Markdown shows it literally, also inside a table. */
import { lookup } from '../../../lib/lookup.ts';
import { visible } from '../../../lib/visible.ts';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;
/** Inside a word an underscore means nothing. */
const SPECIAL = /[\\`*[|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
/** Characters that a code span cannot hold in a table, or that would lose a blank at its ends. */
const NOT_IN_CODE = /[`|\\]|^ | $|^$/;

/** Any text on one line, not at the start of one; a mention notifies nobody. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(SPECIAL, '\\$&')
    .replace(/[&<>]/g, (char) => lookup(ENTITIES, char) ?? char)
    .replaceAll('@', '@&#8203;');
}

/** What begins a heading, a list, a quotation or a rule where a line begins. */
const STARTS_BLOCK = /^(?:[#+>=-]|\d+(?=[.)]))/;

/** Markdown that may begin a line, or the text of an item, and stays running text there. */
export function markdownStart(markdown: string): string {
  return markdown.replace(STARTS_BLOCK, (start) => (/\d/.test(start) ? `${start}&#8203;` : `\\${start}`));
}

/** Any text on one line, in the fixed-width face. */
export function markdownCode(text: string): string {
  const line = visible(text);
  if (!NOT_IN_CODE.test(line)) return `\`${line}\``;
  const literal = line.replace(/[^\w ./:=,-]/gu, (char) => `&#${char.codePointAt(0)};`);
  return `<code>${literal.replaceAll('_', '&#95;')}</code>`;
}

/** A text of ours, in which backticks mark code. */
export function markdownProse(text: string): string {
  return text
    .split(/`([^`]+)`/)
    .map((part, n) => (n % 2 === 1 ? markdownCode(part) : markdownText(part)))
    .join('');
}

const RULES = { left: '---', right: '---:', centre: ':---:' } as const;
export type Alignment = keyof typeof RULES;

/** Lines of a table; the cells are Markdown already. */
export function markdownTable(
  head: readonly (readonly [title: string, alignment: Alignment])[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(([title]) => title)),
    line(head.map(([, alignment]) => RULES[alignment])),
    ...rows.map(line),
  ];
}

/** Lines in the fixed-width face, in a fence longer than any run of backticks among them. */
export function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines.map(visible), fence];
}
