/** The advice as GitHub Flavored Markdown: a heading, a table of answers, and what to paste under each. */
import { wordsOf } from '../../findings/remedies/words.ts';
import { visible } from '../../lib/visible.ts';
import type { Advice, Answer } from '../../questions/advise/advise.ts';
import { markdownCode, markdownProse, markdownTable, markdownText } from '../document/markdown/text.ts';
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

/** A fence longer than any run of backticks in the text. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines.map(visible), fence];
}

function overview(advice: Advice): string[] {
  return markdownTable(
    [
      ['', 'right'],
      ['Change', 'left'],
      ['Cost', 'right'],
      ['Gives up', 'left'],
      ['Brings', 'left'],
    ],
    advice.answers.map((answer, n) => [
      String(n + 1),
      answer.changes.map(({ title }) => markdownText(title)).join('; '),
      String(answer.cost),
      markdownText(givenUp(answer).join(', ') || 'nothing'),
      markdownText(gainsOf(answer)),
    ]),
  );
}

/** The command that shows the answer in full. */
function whatifLines(answer: Answer, { before }: Advice): string[] {
  const options = whatifOptions(answer);
  if (options.length === 0) return [];
  return ['', ...fenced([`irqsim whatif ${before.machine.source} ${options.join(' ')}`])];
}

function answerLines(answer: Answer, number: number, advice: Advice): string[] {
  return [
    '',
    `#### ${number}. ${answer.changes.map(({ title }) => markdownText(title)).join('; ')}`,
    ...answer.changes.flatMap((change) => [
      ...wordsOf(change, advice.before.machine).flatMap(({ language, lines }) => [
        '',
        `${language}:`,
        '',
        ...fenced(lines),
      ]),
      '',
      `Costs ${change.cost}: ${markdownText(change.costs)}.`,
    ]),
    '',
    `Proved: ${markdownText(proofOf(advice, answer))}. File: ${markdownText(fileText(advice, answer))}.`,
    ...whatifLines(answer, advice),
  ];
}

function nearestLines(advice: Advice): string[] {
  if (!advice.nearest) return [];
  const { changes, stays } = advice.nearest;
  return [
    '',
    ...(changes.length > 0
      ? [`Nearest: ${changes.map(({ title }) => markdownText(title)).join('; ')}`, '']
      : []),
    ...stays.map(
      ({ finding, reason }) => `- ${markdownText(findingText(finding))}: ${markdownProse(reason)}`,
    ),
    '',
    `Tried: ${markdownText(triedText(advice))}.`,
  ];
}

function adviceLines(advice: Advice, several: boolean): string[] {
  const { verdict, says } = headlineOf(advice);
  const { answers, inTheWay, aboutWriting, cutShort } = advice;
  const unsure = [
    ...unknownTexts(advice).map((text) => `- unknown: ${markdownText(text)}`),
    ...assumedTexts(advice).map((text) => `- assumed: ${markdownText(text)}`),
  ];
  return [
    `### ${verdict} ${markdownCode(titleOf(advice, several))} ${markdownText(says)}`,
    ...(answers.length > 0
      ? ['', ...inTheWay.map((finding) => `- ${markdownText(findingText(finding))}`), '', ...overview(advice)]
      : []),
    ...nearestLines(advice),
    ...(inTheWay.length > 0 && aboutWriting.length > 0
      ? ['', ...aboutWriting.map((finding) => `- besides: ${markdownText(findingText(finding))}`)]
      : []),
    ...(unsure.length > 0 ? ['', ...unsure] : []),
    ...answers.flatMap((answer, n) => answerLines(answer, n + 1, advice)),
    ...(cutShort ? ['', markdownText(CUT_SHORT)] : []),
  ];
}

export function markdownAdvice({ several }: AdviceStyle): AdviceWriter {
  let written = 0;
  return {
    add(advice) {
      const gap = written++ > 0 ? '\n' : '';
      return `${gap}${adviceLines(advice, several).join('\n')}\n`;
    },
    end: () => '',
  };
}
