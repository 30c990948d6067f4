/** A difference as Markdown, for a comment on a pull request. */
import { nothingDiffers } from '../../questions/whatif/difference.ts';
import { markdownCode, markdownTable, markdownText } from '../document/markdown/text.ts';
import type { ReportOptions } from '../reporter.ts';
import { verdictSentence } from '../wording/verdict-sentence.ts';
import type { ComparedPair, LoneMachine, Pair, Side } from './pair.ts';
import type { Row, Section } from './row.ts';
import { sectionsOf } from './rows.ts';
import { differenceSentence, verdictText, verdictWord } from './sentence.ts';

function sideLine(label: string, { title, changes }: Side): string {
  const options = changes.map(markdownCode).join(' ');
  return `- ${label}: ${markdownCode(title)}${options === '' ? '' : ` with ${options}`}`;
}

const cells = ({ sign, name, before, after }: Row): string[] => [
  markdownCode(sign),
  markdownText(name),
  markdownText(before),
  markdownText(after),
];

function detailLines({ rows }: Section): string[] {
  return rows.flatMap(({ name, details }) =>
    details.map((detail) => `- **${markdownText(name)}** ${markdownText(detail)}`),
  );
}

function sectionLines(section: Section): string[] {
  const { title, rows, remark } = section;
  const table = markdownTable(
    [
      ['', 'left'],
      [title, 'left'],
      ['before', 'left'],
      ['after', 'left'],
    ],
    rows.map(cells),
  );
  const details = detailLines(section);
  return [
    ...(rows.length > 0 ? ['', ...table] : []),
    ...(remark === undefined ? [] : ['', `${markdownText(remark)}.`]),
    ...(details.length > 0 ? ['', ...details] : []),
  ];
}

function pairLines({ before, after, difference }: ComparedPair, options: ReportOptions): string[] {
  const sections = nothingDiffers(difference) ? [] : sectionsOf(difference, options);
  return [
    `## ${verdictText(difference)}: ${markdownText(differenceSentence(difference))}`,
    '',
    sideLine('before', before),
    sideLine('after', after),
    ...sections.flatMap(sectionLines),
  ];
}

function loneLines({ only, side, analysis }: LoneMachine): string[] {
  return [
    `## ${verdictWord(analysis)}: only ${only}`,
    '',
    sideLine(only, side),
    '',
    `${markdownText(verdictSentence(analysis))}.`,
  ];
}

/** One pair; lines end with a newline. */
export function differenceMarkdown(pair: Pair, options: ReportOptions): string {
  const lines = 'difference' in pair ? pairLines(pair, options) : loneLines(pair);
  return `${lines.join('\n')}\n`;
}
