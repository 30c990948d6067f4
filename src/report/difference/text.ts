/** A difference as text: a headline, what is compared, and two columns of what differs. */
import { visible } from '../../lib/visible.ts';
import { nothingDiffers } from '../../questions/whatif/difference.ts';
import { type TerminalStyle, terminalStyle } from '../document/terminal/style.ts';
import type { ReportOptions } from '../reporter.ts';
import { verdictSentence } from '../wording/verdict-sentence.ts';
import { rowLines, type Widths, widthsOf, wrapCell } from './columns.ts';
import type { ComparedPair, LoneMachine, Pair, Side } from './pair.ts';
import type { Row, RowOptions, Section, Tone } from './row.ts';
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

function sideLines(label: string, side: Side, style: TerminalStyle): string[] {
  return wrapCell(sideText(side), style.width - LABEL).map(
    (line, n) => style.chalk.dim((n === 0 ? label : '').padEnd(LABEL)) + line,
  );
}

function detailLines(detail: string, style: TerminalStyle): string[] {
  const lines = wrapCell(detail, style.width - DETAIL - 2);
  return lines.map((line, n) => ' '.repeat(n === 0 ? DETAIL : DETAIL + 2) + line);
}

function rowText(row: Row, widths: Widths, style: TerminalStyle): string[] {
  const { sign, tone, name, before, after, details } = row;
  const ink = style.chalk[INK[tone]];
  const [first, ...more] = rowLines([name, before, after], widths);
  return [
    `${ink.bold(sign)} ${ink(first)}`,
    ...more.map((line) => ' '.repeat(SIGN) + ink(line)),
    ...details.flatMap((detail) => detailLines(detail, style)),
  ];
}

function sectionText({ title, rows, remark }: Section, widths: Widths, style: TerminalStyle): string[] {
  return [
    '',
    style.chalk.bold(title),
    ...(remark === undefined ? [] : detailLines(remark, style)),
    ...rows.flatMap((row) => rowText(row, widths, style)),
  ];
}

/** The verdicts, and the sentence beside them. */
function headLines(pair: ComparedPair, style: TerminalStyle): string[] {
  const { difference } = pair;
  const verdict = verdictText(difference);
  const ink = style.chalk[VERDICT_INK[difference.after.summary.verdict]];
  const indent = verdict.length + 2;
  const [first, ...more] = wrapCell(differenceSentence(difference), style.width - indent);
  return [
    `${ink.bold(verdict)}  ${style.chalk.bold(first)}`,
    ...more.map((line) => ' '.repeat(indent) + style.chalk.bold(line)),
  ];
}

function pairText(pair: ComparedPair, style: TerminalStyle & RowOptions): string[] {
  const { difference, before, after } = pair;
  const head = [
    ...headLines(pair, style),
    ...sideLines('before', before, style),
    ...sideLines('after', after, style),
  ];
  if (nothingDiffers(difference)) return head;
  const sections = sectionsOf(difference, style);
  const rows = sections.flatMap((section) => section.rows);
  const widths = widthsOf(
    [['', 'before', 'after'], ...rows.map((row) => [row.name, row.before, row.after] as const)],
    style.width - SIGN,
  );
  const [columns] = rowLines(['', 'before', 'after'], widths);
  return [
    ...head,
    '',
    style.chalk.dim(' '.repeat(SIGN) + columns),
    ...sections.flatMap((section) => sectionText(section, widths, style)).slice(1),
  ];
}

function loneText({ only, side, analysis }: LoneMachine, style: TerminalStyle): string[] {
  const ink = style.chalk[VERDICT_INK[analysis.summary.verdict]];
  const head = `${verdictWord(analysis)}  only ${only}: ${verdictSentence(analysis)}`;
  const [first, ...more] = wrapCell(head, style.width);
  return [ink.bold(first), ...more, ...sideLines(only, side, style)];
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
  const style = { ...terminalStyle(options), verbose: options.verbose };
  const lines = 'difference' in pair ? pairText(pair, style) : loneText(pair, style);
  return `${lines.join('\n')}\n`;
}
