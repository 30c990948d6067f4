/** The list of rules as text: a line each where they fit, so that they can be searched. */
import type { Level } from '../findings/rules/rule.ts';
import { wrap } from './document/terminal/wrap.ts';

interface Listed {
  readonly name: string;
  readonly level: Level;
  readonly summary: string;
}

const LEVELS = 7;
const INDENT = 2;
/** A summary beside a name has so many columns, or it stands below. */
const LEAST = 24;

export function ruleLines(rules: readonly Listed[], width: number): string[] {
  const names = rules.reduce((most, { name }) => Math.max(most, name.length), 0);
  const taken = names + LEVELS + 4;
  return rules.flatMap(({ name, level, summary }) => {
    if (width - taken < LEAST) {
      const below = wrap(summary, width - INDENT).map((line) => ' '.repeat(INDENT) + line);
      return [...wrap(`${name} (${level})`, width), ...below];
    }
    const [first, ...more] = wrap(summary, width - taken);
    return [
      `${name.padEnd(names)}  ${level.padEnd(LEVELS)}  ${first}`,
      ...more.map((line) => ' '.repeat(taken) + line),
    ];
  });
}
