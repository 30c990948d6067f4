/** Steps and findings on a terminal. */
import { visible } from '../../../lib/visible.ts';
import type { FindingBlock, Steps } from '../block.ts';
import { coloured, type TerminalStyle } from './style.ts';
import { wrap } from './wrap.ts';

/** However long a head is, the text beside it has so many columns. */
const LEAST = 20;

/** Numbered lines with a bold head; what goes on stands below the head. */
export function stepLines({ steps }: Steps, { width, chalk }: TerminalStyle): string[] {
  const digits = steps.reduce((most, { number }) => Math.max(most, String(number).length), 0) + 2;
  const margin = ' '.repeat(digits + 2);
  return steps.flatMap(({ number, what, result, tone, details }) => {
    const head = visible(`${String(number).padStart(digits)}  ${what}: `);
    const [first, ...more] = wrap(result, Math.max(LEAST, width - head.length)).map((line) =>
      coloured(line, tone, chalk),
    );
    const below = details.flatMap((text) => wrap(text, width - margin.length));
    return [chalk.bold(head) + first, ...[...more, ...below].map((line) => margin + line)];
  });
}

/** Level, rule and place; below them the message, causes and changes under names of their own. */
export function findingLines(finding: FindingBlock, { width, names, chalk }: TerminalStyle): string[] {
  const { level, tone, rule, message, causes, changes } = finding;
  const place = visible(finding.place);
  const margin = ' '.repeat(names);
  const named = (name: string, text: string): string[] =>
    wrap(text, width - names).map((line, n) => (n === 0 ? chalk.dim(name.padEnd(names)) : margin) + line);
  const gap = names + rule.length + 2 + place.length <= width ? '  ' : `\n${margin}`;
  return [
    `${coloured(chalk.bold(level.padEnd(names)), tone, chalk)}${chalk.bold(rule)}${gap}${chalk.dim(place)}`,
    ...named('', message),
    ...causes.flatMap((text, n) => named(n === 0 ? '  because' : '  and', text)),
    ...changes.flatMap((text, n) => named(n === 0 ? '  change' : '  or', text)),
  ];
}
