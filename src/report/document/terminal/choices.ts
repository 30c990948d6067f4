/** Choices on a terminal: numbered, each with what to do and the facts of it. */
import type { Choice, Choices, Fact } from '../block.ts';
import { factLines } from './facts.ts';
import { coloured, type TerminalStyle } from './style.ts';
import { wrap } from './wrap.ts';

const fact = (name: string, text: string): Fact => ({ name, texts: [text] });
const paste = (name: string, code: readonly string[]): Fact => ({ name, texts: [], code });

function stepLines({ title, wordings, costs }: Choice['steps'][number], style: TerminalStyle): string[] {
  const { margin, width, chalk } = style;
  const facts = [
    ...wordings.map(({ language, lines, spoken }) =>
      spoken ? { name: language, texts: lines } : paste(language, lines),
    ),
    fact('costs', costs),
  ];
  return [
    ...wrap(title, width - margin - 2).map((line) => ' '.repeat(margin) + chalk.bold(line)),
    ...factLines({ kind: 'facts', facts }, style),
  ];
}

function choiceLines(choice: Choice, number: number, style: TerminalStyle): string[] {
  const { cost, steps, givesUp, brings, proof, file, command } = choice;
  const head = `${number}  cost ${cost}${steps.length > 1 ? `, ${steps.length} changes` : ''}`;
  const facts = [
    ...(givesUp.length > 0 ? [fact('gives up', givesUp.join(', '))] : []),
    fact('brings', brings),
    fact('proved', proof),
    fact('file', file),
    paste(command.name, command.options),
  ];
  return [
    coloured(style.chalk.bold(head), 'note', style.chalk),
    ...steps.flatMap((step) => stepLines(step, style)),
    ...factLines({ kind: 'facts', facts }, style),
  ];
}

export function choicesLines({ choices }: Choices, style: TerminalStyle): string[] {
  return choices.flatMap((choice, n) => [...(n === 0 ? [] : ['']), ...choiceLines(choice, n + 1, style)]);
}
