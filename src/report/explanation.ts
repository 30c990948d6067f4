/** The text of `irqsim explain`. */
import type { Rule } from '../rules/rule.ts';
import { wrap } from './text/paper.ts';

/** One section a rule: name, level, summary, then the paragraphs. */
export function explanationText(rules: readonly Rule[], width: number): string {
  const columns = Math.min(width, 100);
  return rules
    .map((rule) =>
      [
        `${[rule.name, ...rule.aliases].join(', ')} (${rule.level})`,
        ...wrap(rule.summary, columns),
        ...rule.explain.flatMap((paragraph) => ['', ...wrap(paragraph, columns)]),
        ...(rule.messages.length === 0
          ? []
          : ['', 'Messages in the log:', ...rule.messages.map((text) => `  ${text.replaceAll('{}', 'N')}`)]),
        '',
      ].join('\n'),
    )
    .join('\n');
}
