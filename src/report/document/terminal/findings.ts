/** Steps and findings on a terminal. */
import { visible } from '../../../lib/visible.ts';
import type { FindingBlock, Steps } from '../block.ts';
import { coloured, type TerminalStyle } from './style.ts';
import { wrap } from './wrap.ts';

/** A text beside a head has so many columns, or it stands below the head. */
const LEAST = 20;

/** Numbered lines with a bold head; what goes on stands below the head. */
export function stepLines({ steps }: Steps, { width, chalk }: TerminalStyle): string[] {
  const digits = steps.reduce((most, { number }) => Math.max(most, String(number).length), 0) + 2;
  const margin = ' '.repeat(digits + 2);
  return steps.flatMap(({ number, what, result, tone, details }) => {
    const digit = String(number).padStart(digits);
    const head = visible(`${digit}  ${what}: `);
    const toned = (columns: number) => wrap(result, columns).map((line) => coloured(line, tone, chalk));
    const room = width - margin.length;
    const below = details.flatMap((text) => wrap(text, room));
    const beside = width - head.length >= LEAST;
    const [name, ...names] = beside ? [head] : wrap(`${what}:`, room);
    const [first, ...more] = toned(beside ? width - head.length : room);
    const lines = beside ? more : [...names.map((line) => chalk.bold(line)), first, ...more];
    const lead = beside ? chalk.bold(name) + first : chalk.bold(`${digit}  ${name}`);
    return [lead, ...[...lines, ...below].map((line) => margin + line)];
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
