/**
 * One line a finding, as compilers write them: `file:line:column: level: message [rule]`. Editors and the problem
 * matcher of `irqsim schema problem-matcher` read it; an input that cannot be read is an error of the rule
 * `unreadable`.
 */

import type { Level } from '../../findings/rules/rule.ts';
import { visible } from '../../lib/visible.ts';
import type { Location } from '../../machine/machine.ts';
import type { Reporter } from '../reporter.ts';
import { placedProblems, placeOf, UNREADABLE } from '../wording/place.ts';

/** One line, whatever the texts hold. */
export function unixLine(
  { file, line, column }: Location,
  level: Level,
  message: string,
  rule: string,
): string {
  return `${visible(`${file}:${line}:${column}: ${level}: ${message}`)} [${rule}]\n`;
}

export const unix: Reporter = {
  begin: () => ({
    add: ({ findings, machine }) =>
      findings
        .map(({ location, level, message, rule }) =>
          unixLine(placeOf(location, machine.source), level, message, rule),
        )
        .join(''),
    failed: (input, error) =>
      placedProblems(input, error)
        .map(({ place, message }) => unixLine(place, 'error', message, UNREADABLE))
        .join(''),
    end: () => '',
  }),
};
