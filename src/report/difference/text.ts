/** A difference as text: a headline, what is compared, and two columns of what differs. */
import { visible } from '../../lib/visible.ts';
import { nothingDiffers } from '../../questions/whatif/difference.ts';
import type { ReportOptions } from '../reporter.ts';
import { type Paper, paper } from '../text/paper.ts';
import { verdictSentence } from '../wording/verdict-sentence.ts';
import { rowLines, type Widths, widthsOf, wrapCell } from './columns.ts';
import type { ComparedPair, LoneMachine, Pair, Side } from './pair.ts';
import type { Row, Section, Tone } from './row.ts';
import { sectionsOf } from './rows.ts';
import { differenceSentence, verdictText, verdictWord } from './sentence.ts';

const INK: Record<Tone, 'green' | 'red' | 'yellow'> = { good: 'green', bad: 'red', neutral: 'yellow' };
const VERDICT_INK = { pass: 'green', warn: 'yellow', fail: 'red' } as const;

/** Width of the labels "before" and "after", and of the sign before a row. */
const LABEL = 8;
const SIGN = 2;
const DETAIL = 4;

/** "guest.yaml with --set extDestId=true". */
function sideText({ title, changes }: Side): string {
  return changes.length > 0 ? `${title} with ${changes.join(' ')}` : title;
}

function sideLines(label: string, side: Side, sheet: Paper): string[] {
  return wrapCell(sideText(side), sheet.width - LABEL).map(
    (line, n) => sheet.ink.dim((n === 0 ? label : '').padEnd(LABEL)) + line,
  );
}

function detailLines(detail: string, sheet: Paper): string[] {
  const lines = wrapCell(detail, sheet.width - DETAIL - 2);
  return lines.map((line, n) => ' '.repeat(n === 0 ? DETAIL : DETAIL + 2) + line);
}

function rowText(row: Row, widths: Widths, sheet: Paper): string[] {
  const { sign, tone, name, before, after, details } = row;
  const ink = sheet.ink[INK[tone]];
  const [first, ...more] = rowLines([name, before, after], widths);
  return [
    `${ink.bold(sign)} ${ink(first)}`,
    ...more.map((line) => ' '.repeat(SIGN) + ink(line)),
    ...details.flatMap((detail) => detailLines(detail, sheet)),
  ];
}

function sectionText({ title, rows, remark }: Section, widths: Widths, sheet: Paper): string[] {
  return [
    '',
    sheet.ink.bold(title),
    ...(remark === undefined ? [] : detailLines(remark, sheet)),
    ...rows.flatMap((row) => rowText(row, widths, sheet)),
  ];
}

/** The verdicts, and the sentence beside them. */
function headLines(pair: ComparedPair, sheet: Paper): string[] {
  const { difference } = pair;
  const verdict = verdictText(difference);
  const ink = sheet.ink[VERDICT_INK[difference.after.summary.verdict]];
  const indent = verdict.length + 2;
  const [first, ...more] = wrapCell(differenceSentence(difference), sheet.width - indent);
  return [
    `${ink.bold(verdict)}  ${sheet.ink.bold(first)}`,
    ...more.map((line) => ' '.repeat(indent) + sheet.ink.bold(line)),
  ];
}

function pairText(pair: ComparedPair, sheet: Paper): string[] {
  const { difference, before, after } = pair;
  const head = [
    ...headLines(pair, sheet),
    ...sideLines('before', before, sheet),
    ...sideLines('after', after, sheet),
  ];
  if (nothingDiffers(difference)) return head;
  const sections = sectionsOf(difference, sheet);
  const rows = sections.flatMap((section) => section.rows);
  const widths = widthsOf(
    [['', 'before', 'after'], ...rows.map((row) => [row.name, row.before, row.after] as const)],
    sheet.width - SIGN,
  );
  const [columns] = rowLines(['', 'before', 'after'], widths);
  return [
    ...head,
    '',
    sheet.ink.dim(' '.repeat(SIGN) + columns),
    ...sections.flatMap((section) => sectionText(section, widths, sheet)).slice(1),
  ];
}

function loneText({ only, side, analysis }: LoneMachine, sheet: Paper): string[] {
  const ink = sheet.ink[VERDICT_INK[analysis.summary.verdict]];
  const head = `${verdictWord(analysis)}  only ${only}: ${verdictSentence(analysis)}`;
  const [first, ...more] = wrapCell(head, sheet.width);
  return [ink.bold(first), ...more, ...sideLines(only, side, sheet)];
}

/** All in one line, for `--quiet`. */
function shortText(pair: Pair): string {
  if ('difference' in pair) {
    const { difference, after } = pair;
    return `${verdictText(difference)}  ${visible(sideText(after))}: ${visible(differenceSentence(difference))}\n`;
  }
  return `${verdictWord(pair.analysis)}  ${visible(sideText(pair.side))}: only ${pair.only}\n`;
}

/** One pair; lines end with a newline. */
export function differenceText(pair: Pair, options: ReportOptions): string {
  if (options.quiet) return shortText(pair);
  const sheet = paper(options);
  const lines = 'difference' in pair ? pairText(pair, sheet) : loneText(pair, sheet);
  return `${lines.join('\n')}\n`;
}
