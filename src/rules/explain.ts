/** Finds the rules that a name or a pasted message is about. */
import { findRule, RULES } from './index.ts';
import type { Rule } from './rule.ts';

const HOLE = '{}';

/** A pasted line without timestamp, level and host prefix, blanks folded. */
function normalise(line: string): string {
  return line
    .replace(/^\s*(?:<\d+>)?\s*\[[\s\d.T@]+\]\s*/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** A message template as a pattern: each hole stands for anything but nothing. */
function pattern(template: string): RegExp {
  const parts = template
    .toLowerCase()
    .split(HOLE)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.{1,80}?'));
}

/** Rules named `asked`, or those whose message it contains; empty if none. */
export function explain(asked: string): readonly Rule[] {
  const named = findRule(asked.trim());
  if (named) return [named];
  const line = normalise(asked);
  if (line.length < 8) return [];
  return RULES.filter((rule) => rule.messages.some((template) => pattern(template).test(line)));
}
