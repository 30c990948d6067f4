/** A document as GitHub Flavored Markdown, for comments on pull requests, job summaries and pages. */
import {
  blockLines,
  type Document,
  type Facts,
  type Folded,
  type Headline,
  type Renderers,
  type Section,
} from '../block.ts';
import { mapLines, timelineLines } from '../terminal/states.ts';
import { terminalStyle } from '../terminal/style.ts';
import { changeTables } from './changes.ts';
import { choicesSection } from './choices.ts';
import { gridTable, legendItems, scaleItem } from './grid.ts';
import { markdownInline } from './inline.ts';
import { memberItems } from './members.ts';
import { fenced, markdownCode, markdownStart, markdownTable, markdownText } from './text.ts';

const hashes = (level: number): string => '#'.repeat(level);

function headline({ level, verdict, title, text }: Headline): string[] {
  const said = text === '' ? '' : ` ${markdownText(text)}`;
  const name = title === undefined ? ':' : ` ${markdownCode(title)}`;
  return [`${hashes(level)} ${verdict}${name}${said}`];
}

/** A list; what has no name of its own stands below the fact before it. */
function factList({ facts }: Facts): string[] {
  return facts.flatMap(({ name, texts, code = [], note }) =>
    [...texts, ...code.map((line) => ({ code: line }))].map((text) => {
      const said = markdownInline(text) + (note ? ` (${markdownText(note)})` : '');
      return name === '' ? `  - ${markdownStart(said)}` : `- ${markdownText(name)}: ${said}`;
    }),
  );
}

/** Opened by a click; an empty line after the summary makes what follows Markdown. */
function folded({ summary, blocks }: Folded): string[] {
  return [
    '<details>',
    `<summary>${markdownText(summary)}</summary>`,
    '',
    ...sectionLines(blocks),
    '',
    '</details>',
  ];
}

/** Drawings of signs are drawn as on a terminal of this width, without colours. */
const DRAWING = terminalStyle({ width: 100, colour: 0 });

const RENDERERS: Renderers<null> = {
  headline,
  heading: ({ level, text }) => [`${hashes(level)} ${markdownInline(text)}`],
  paragraph: ({ text }) => [markdownStart(markdownInline(text))],
  code: ({ lines }) => (lines.length === 0 ? [] : fenced(lines)),
  list: ({ items }) => items.map((item) => `- ${markdownStart(markdownInline(item))}`),
  facts: factList,
  members: memberItems,
  entries: ({ entries }) =>
    entries.flatMap(({ term, texts }) => [
      `- **${markdownInline(term)}**`,
      ...texts.map((text) => `  - ${markdownStart(markdownInline(text))}`),
    ]),
  table: ({ caption, columns, rows }) => [
    ...(caption === undefined ? [] : [`**${markdownInline(caption)}**`, '']),
    ...markdownTable(
      columns.map(({ title, numbers, centred }) => [
        markdownText(title),
        numbers ? 'right' : centred ? 'centre' : 'left',
      ]),
      rows.map((row) => row.map(({ text, marked = text }) => markdownInline(marked))),
    ),
  ],
  grid: gridTable,
  scale: scaleItem,
  legend: legendItems,
  steps: ({ steps }) =>
    steps.flatMap(({ number, what, result, details }) => [
      `${number}. **${markdownText(what)}**: ${markdownText(result)}`,
      ...details.map((text) => `   - ${markdownStart(markdownText(text))}`),
    ]),
  map: (map) => fenced(mapLines(map, DRAWING)),
  // Drawings of what tables and lists say.
  spans: () => [],
  bars: () => [],
  timeline: (timeline) => fenced(timelineLines(timeline, DRAWING)),
  changes: changeTables,
  choices: choicesSection,
  finding: ({ level, rule, place, message, causes, changes }) => [
    `**${level} ${markdownCode(rule)}** ${markdownText(place.startsWith('(') ? place : `(${place})`)} ${markdownText(message)}`,
    '',
    ...causes.map((text, n) => `- ${n === 0 ? 'because' : 'and'} ${markdownText(text)}`),
    ...changes.map((text, n) => `- ${n === 0 ? 'change' : 'or'}: ${markdownText(text)}`),
  ],
  folded,
};

/** An empty line stands between blocks. */
function sectionLines(blocks: Section): string[] {
  return blocks
    .map((block) => blockLines(RENDERERS, block, null))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, n) => (n === 0 ? lines : ['', ...lines]));
}

/** Lines end with a newline. */
export const markdownDocument = (document: Document): string =>
  `${sectionLines(document.flat()).join('\n')}\n`;
