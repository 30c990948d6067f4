/** A document on a terminal: sections with an empty line between, lines that fit the width. */
import { visible } from '../../../lib/visible.ts';
import type { TextOptions } from '../../text-options.ts';
import { blockLines, type Document, type Entries, type Inline, type Renderers } from '../block.ts';
import { changesLines } from './changes.ts';
import { choicesLines } from './choices.ts';
import { factLines } from './facts.ts';
import { findingLines, stepLines } from './findings.ts';
import { gridLines, legendLines, scaleLines } from './grid.ts';
import { headlineLines } from './headline.ts';
import { memberLines } from './members.ts';
import { mapLines, timelineLines } from './states.ts';
import { coloured, type Layout, plainText, type TerminalStyle, terminalStyle } from './style.ts';
import { tableLines } from './table.ts';
import { wrap } from './wrap.ts';

/** A text, wrapped, behind the margin of the layout. */
function indented(text: Inline, { width, indent }: TerminalStyle): string[] {
  return wrap(plainText(text), width - indent).map((line) => ' '.repeat(indent) + line);
}

/** A text whose further lines stand behind the margin. */
function hanging(text: string, { width, indent }: TerminalStyle): string[] {
  const [first, ...more] = wrap(text, width);
  return more.length === 0
    ? [first]
    : [first, ...wrap(more.join(' '), width - indent).map((line) => ' '.repeat(indent) + line)];
}

function entryLines({ entries }: Entries, style: TerminalStyle): string[] {
  return entries.flatMap(({ term, texts }) => [
    ...hanging(plainText(term), style),
    ...texts.flatMap((text) => indented(text, style)),
  ]);
}

const RENDERERS: Renderers<TerminalStyle> = {
  headline: headlineLines,
  heading: ({ text, tone }, { width, chalk }) =>
    wrap(plainText(text), width).map((line) =>
      tone === undefined ? chalk.bold(line) : coloured(line, tone, chalk),
    ),
  paragraph: ({ text, tone }, { width, chalk }) =>
    wrap(plainText(text), width).map((line) => coloured(line, tone, chalk)),
  code: ({ lines, tone, below }, { chalk, indent }) =>
    lines.map((line) => (below ? ' '.repeat(indent) : '') + coloured(visible(line), tone, chalk)),
  list: ({ items }, style) => items.flatMap((item) => indented(item, style)),
  facts: factLines,
  members: memberLines,
  entries: entryLines,
  table: tableLines,
  grid: gridLines,
  scale: scaleLines,
  legend: legendLines,
  steps: stepLines,
  map: mapLines,
  // Drawings of what tables and lists say.
  spans: () => [],
  bars: () => [],
  timeline: timelineLines,
  changes: changesLines,
  choices: choicesLines,
  finding: findingLines,
  folded: ({ summary, blocks }, style) => [
    style.chalk.bold(summary),
    ...blocks.flatMap((block) => blockLines(RENDERERS, block, style)),
  ],
};

/** Lines end with a newline. Sections that say nothing leave no gap. */
export function terminalDocument(
  document: Document,
  options: Pick<TextOptions, 'width' | 'colour'>,
  layout?: Partial<Layout>,
): string {
  const style = terminalStyle(options, layout);
  const sections = document
    .map((blocks) => blocks.flatMap((block) => blockLines(RENDERERS, block, style)))
    .filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
