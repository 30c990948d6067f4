/** A document as HTML: sections for the body of a page. */
import {
  blockLines,
  type Document,
  type FindingBlock,
  type Folded,
  type Headline,
  type Renderers,
} from '../block.ts';
import { htmlBars, htmlSpans, htmlTimeline } from './drawings.ts';
import { htmlChanges, htmlChoices, htmlCode, htmlFacts, htmlMembers, htmlSteps } from './lists.ts';
import { htmlMap } from './map.ts';
import { htmlGrid, htmlLegend, htmlScale, htmlTable } from './tables.ts';
import { element, htmlInline, htmlText, toneClass } from './text.ts';

interface HtmlStyle {
  /** What in the document can be linked to. */
  readonly anchors: ReadonlySet<string>;
}

/** Where a page says what a rule is about. */
export const ruleAnchor = (rule: string): string => `rule-${rule}`;

const heading = (level: number, html: string, attributes = ''): string =>
  element(`h${Math.min(6, Math.max(1, level))}`, html, attributes);

function headline({ level, verdict, tone, title, text }: Headline): string[] {
  const name = title === undefined ? '' : ` ${htmlText(title)}`;
  return [
    heading(level, `${element('span', htmlText(verdict), ` class="verdict on-${tone}"`)}${name}`),
    ...(text === '' ? [] : [element('p', htmlText(text), ' class="sentence"')]),
  ];
}

/** Causes under "because", changes under "change": the reader's next step stands last. */
function finding(
  { level, tone, rule, place, message, causes, changes }: FindingBlock,
  { anchors }: HtmlStyle,
): string[] {
  const reasons = [
    ...causes.map((text, n) => element('dt', n === 0 ? 'because' : 'and') + element('dd', htmlText(text))),
    ...changes.map((text, n) => element('dt', n === 0 ? 'change' : 'or') + element('dd', htmlText(text))),
  ];
  return [
    element(
      'article',
      [
        element(
          'h3',
          `${element('span', htmlText(level), ` class="verdict on-${tone}"`)} ` +
            `${anchors.has(ruleAnchor(rule)) ? element('a', htmlText(rule), ` href="#${htmlText(ruleAnchor(rule))}"`) : htmlText(rule)} ` +
            element('span', htmlText(place), ' class="aside"'),
        ),
        element('p', htmlText(message)),
        ...(reasons.length === 0 ? [] : [element('dl', reasons.join('\n'))]),
      ].join('\n'),
      ' class="finding"',
    ),
  ];
}

const folded = ({ summary, anchor, blocks }: Folded, style: HtmlStyle): string[] => [
  element(
    'details',
    [
      element('summary', htmlText(summary)),
      ...blocks.flatMap((block) => blockLines(RENDERERS, block, style)),
    ].join('\n'),
    anchor === undefined ? '' : ` id="${htmlText(anchor)}"`,
  ),
];

const RENDERERS: Renderers<HtmlStyle> = {
  headline,
  heading: ({ level, text, tone }) => [heading(level, htmlInline(text), toneClass(tone))],
  paragraph: ({ text, tone }) => [element('p', htmlInline(text), toneClass(tone))],
  code: ({ lines }) => htmlCode(lines),
  list: ({ items }) =>
    items.length === 0
      ? []
      : [element('ul', items.map((item) => element('li', htmlInline(item))).join('\n'))],
  facts: htmlFacts,
  members: htmlMembers,
  entries: ({ entries }) =>
    entries.flatMap(({ term, texts }) => [
      element('h4', htmlInline(term)),
      ...texts.map((text) => element('p', htmlInline(text))),
    ]),
  table: htmlTable,
  grid: htmlGrid,
  scale: htmlScale,
  legend: htmlLegend,
  steps: htmlSteps,
  map: htmlMap,
  timeline: htmlTimeline,
  spans: htmlSpans,
  bars: htmlBars,
  changes: htmlChanges,
  choices: htmlChoices,
  finding,
  folded,
};

const anchorsOf = (document: Document): Set<string> =>
  new Set(
    document
      .flat()
      .flatMap((block) => (block.kind === 'folded' && block.anchor !== undefined ? [block.anchor] : [])),
  );

/** A `section` for each section of the document that says something. */
export function htmlSections(document: Document): string {
  const style = { anchors: anchorsOf(document) };
  return document
    .map((blocks) => blocks.flatMap((block) => blockLines(RENDERERS, block, style)))
    .filter((lines) => lines.length > 0)
    .map((lines) => element('section', `\n${lines.join('\n')}\n`))
    .join('\n');
}
