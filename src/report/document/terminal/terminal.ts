/** A document on a terminal: sections with an empty line between, lines that fit the width. */
import { visible } from '../../../lib/visible.ts';
import type { TextOptions } from '../../text-options.ts';
import {
  blockLines,
  type Document,
  type Entries,
  type Headline,
  type Inline,
  type Renderers,
} from '../block.ts';
import { changesLines } from './changes.ts';
import { choicesLines } from './choices.ts';
import { factLines } from './facts.ts';
import { findingLines, stepLines } from './findings.ts';
import { gridLines, legendLines, scaleLines } from './grid.ts';
import { memberLines } from './members.ts';
import { mapLines, timelineLines } from './states.ts';
import { coloured, type Layout, plainText, type TerminalStyle, terminalStyle } from './style.ts';
import { tableLines } from './table.ts';
import { wrap } from './wrap.ts';

/** However long a name is, the sentence beside it has so many columns. */
const LEAST = 20;

/** The verdict and the name, and beside them the sentence, which goes on below the name. */
function headline(
  { verdict, tone, title, text }: Headline,
  { width, chalk, ...style }: TerminalStyle,
): string[] {
  const names = [coloured(chalk.bold(verdict), tone, chalk)];
  if (title !== undefined) names.push(chalk.bold(visible(title)));
  const taken = [verdict, ...(title === undefined ? [] : [visible(title)])].reduce(
    (sum, { length }) => sum + length + 2,
    0,
  );
  const face = title === undefined ? chalk.bold : (line: string) => line;
  const [first, ...more] = style.wrap(text, Math.max(LEAST, width - taken)).map((line) => face(line));
  return [[...names, first].join('  '), ...more.map((line) => ' '.repeat(verdict.length + 2) + line)];
}

/** A text, wrapped, behind the margin of the layout. */
function indented(text: Inline, { width, indent }: TerminalStyle): string[] {
  return wrap(plainText(text), width - indent).map((line) => ' '.repeat(indent) + line);
}

function entryLines({ entries }: Entries, style: TerminalStyle): string[] {
  return entries.flatMap(({ term, texts }) => [
    visible(plainText(term)),
    ...texts.flatMap((text) => indented(text, style)),
  ]);
}

const RENDERERS: Renderers<TerminalStyle> = {
  headline,
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
