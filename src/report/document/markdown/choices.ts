/** Choices as Markdown: a table of them, and what to paste under each. */
import type { Choice, Choices } from '../block.ts';
import { fenced, markdownTable, markdownText } from './text.ts';

const titleOf = ({ steps }: Choice): string => steps.map(({ title }) => markdownText(title)).join('; ');

function overview(choices: readonly Choice[]): string[] {
  return markdownTable(
    [
      ['', 'right'],
      ['Change', 'left'],
      ['Cost', 'right'],
      ['Gives up', 'left'],
      ['Brings', 'left'],
    ],
    choices.map((choice, n) => [
      String(n + 1),
      titleOf(choice),
      String(choice.cost),
      markdownText(choice.givesUp.join(', ') || 'nothing'),
      markdownText(choice.brings),
    ]),
  );
}

function choiceLines(choice: Choice, number: number, level: number): string[] {
  const { steps, proof, file, command } = choice;
  return [
    '',
    `${'#'.repeat(level)} ${number}. ${titleOf(choice)}`,
    ...steps.flatMap(({ wordings, cost, costs }) => [
      ...wordings.flatMap(({ language, lines }) => ['', `${language}:`, '', ...fenced(lines)]),
      '',
      `Costs ${cost}: ${markdownText(costs)}.`,
    ]),
    '',
    `Proved: ${markdownText(proof)}. File: ${markdownText(file)}.`,
    ...(command.options.length === 0
      ? []
      : ['', ...fenced([`${command.words} ${command.options.join(' ')}`])]),
  ];
}

export function choicesSection({ choices, level }: Choices): string[] {
  if (choices.length === 0) return [];
  return [...overview(choices), ...choices.flatMap((choice, n) => choiceLines(choice, n + 1, level))];
}
