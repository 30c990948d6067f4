/** The advice as text: a headline, and for each answer what to change, what it costs, and the proof. */

import type { Change } from '../../findings/remedies/remedy.ts';
import { wordsOf } from '../../findings/remedies/words.ts';
import { visible } from '../../lib/visible.ts';
import type { Advice, Answer } from '../../questions/advise/advise.ts';
import { type TerminalStyle, terminalStyle } from '../document/terminal/style.ts';
import { wrap } from '../document/terminal/wrap.ts';
import type { AdviceStyle, AdviceWriter } from './style.ts';
import {
  assumedTexts,
  CUT_SHORT,
  fileText,
  findingText,
  gainsOf,
  givenUp,
  headlineOf,
  proofOf,
  titleOf,
  triedText,
  unknownTexts,
  whatifOptions,
} from './words.ts';

const LABELS = ['nearest', 'gives up', 'because'];
const INDENT = 3;

/** The sheet, and the width of its column of labels. */
interface Page {
  readonly sheet: TerminalStyle;
  readonly label: number;
}

function pageOf(advice: Advice, sheet: TerminalStyle): Page {
  const languages = advice.answers
    .flatMap(({ changes }) => changes.flatMap((change) => wordsOf(change, advice.before.machine)))
    .map(({ language }) => language);
  return { sheet, label: 2 + Math.max(...[...LABELS, ...languages].map(({ length }) => length)) };
}

/** A label, and texts beside it; lines to paste are never broken. */
function labelled({ sheet, label }: Page, name: string, texts: readonly string[], paste = false): string[] {
  const room = Math.max(20, sheet.width - INDENT - label);
  const lines = texts.flatMap((text) => (paste ? [visible(text)] : wrap(text, room)));
  return lines.map(
    (line, n) => ' '.repeat(INDENT) + sheet.chalk.dim((n === 0 ? name : '').padEnd(label)) + line,
  );
}

function changeLines(change: Change, advice: Advice, page: Page): string[] {
  const { sheet } = page;
  const [first, ...more] = wrap(change.title, sheet.width - INDENT - 2);
  return [
    `${' '.repeat(INDENT)}${sheet.chalk.bold(first)}`,
    ...more.map((line) => ' '.repeat(INDENT) + sheet.chalk.bold(line)),
    ...wordsOf(change, advice.before.machine).flatMap(({ language, lines }) =>
      labelled(page, language, lines, true),
    ),
    ...labelled(page, 'costs', [change.costs]),
  ];
}

function answerLines(answer: Answer, number: number, advice: Advice, page: Page): string[] {
  const { changes, cost } = answer;
  const lost = givenUp(answer);
  const head = `${number}  cost ${cost}${changes.length > 1 ? `, ${changes.length} changes` : ''}`;
  return [
    '',
    page.sheet.chalk.cyan.bold(head),
    ...changes.flatMap((change) => changeLines(change, advice, page)),
    ...(lost.length > 0 ? labelled(page, 'gives up', [lost.join(', ')]) : []),
    ...labelled(page, 'brings', [gainsOf(answer)]),
    ...labelled(page, 'proved', [proofOf(advice, answer)]),
    ...labelled(page, 'file', [fileText(advice, answer)]),
    ...labelled(page, 'whatif', whatifOptions(answer), true),
  ];
}

/** Why nothing helps: what stays under the nearest set of changes, and what was tried. */
function nearestLines(advice: Advice, page: Page): string[] {
  const { nearest, level } = advice;
  if (!nearest) return [];
  const { changes, stays } = nearest;
  return [
    ...(changes.length > 0
      ? labelled(
          page,
          'nearest',
          changes.map(({ title }) => title),
        )
      : []),
    ...stays.flatMap(({ finding, reason }) => [
      ...labelled(page, 'stays', [findingText(finding)]),
      ...labelled(page, 'because', [reason]),
    ]),
    ...labelled(page, 'tried', [triedText(advice)]),
    ...(level === 'error' ? [] : labelled(page, 'level', [`${level} and above`])),
  ];
}

function headLines(advice: Advice, several: boolean, sheet: TerminalStyle): string[] {
  const { verdict, says } = headlineOf(advice);
  const good = advice.status === 'advised' || advice.status === 'nothing-to-fix';
  const ink = good ? sheet.chalk.green.bold : sheet.chalk.red.bold;
  const title = titleOf(advice, several);
  return wrap(`${verdict}  ${title}  ${says}`, sheet.width).map((line, n) =>
    n === 0 ? ink(verdict) + line.slice(verdict.length) : `  ${line}`,
  );
}

/** All that is said of one machine; `quiet`: the headline alone. */
function adviceLines(advice: Advice, style: AdviceStyle, sheet: TerminalStyle): string[] {
  const head = headLines(advice, style.several, sheet);
  if (style.quiet) return head;
  const { status, inTheWay, aboutWriting, answers, cutShort } = advice;
  const page = pageOf(advice, sheet);
  return [
    ...head,
    ...(status === 'advised' ? labelled(page, 'now', inTheWay.map(findingText)) : []),
    ...nearestLines(advice, page),
    ...(status !== 'no-change-helps' || inTheWay.length > 0
      ? labelled(page, 'besides', aboutWriting.map(findingText))
      : []),
    ...labelled(page, 'unknown', unknownTexts(advice)),
    ...labelled(page, 'assumed', assumedTexts(advice)),
    ...answers.flatMap((answer, n) => answerLines(answer, n + 1, advice, page)),
    ...(cutShort ? ['', ...wrap(CUT_SHORT, sheet.width)] : []),
  ];
}

/** One block a machine, with a blank line between. */
export function textAdvice(style: AdviceStyle): AdviceWriter {
  const sheet = terminalStyle(style);
  let written = 0;
  return {
    add(advice) {
      const gap = written++ > 0 && !style.quiet ? '\n' : '';
      return `${gap}${adviceLines(advice, style, sheet).join('\n')}\n`;
    },
    end: () => '',
  };
}
