/**
 * The rules, in the order findings of one level are shown. A new rule is one file in a folder here and one
 * line in that folder's index.ts.
 */
import { AUDIT_RULES } from './audit/index.ts';
import { ENUMERATION_RULES } from './enumeration/index.ts';
import { expectation } from './expectation.ts';
import { IMPORTED_RULES } from './imported/index.ts';
import { MODE_RULES } from './mode/index.ts';
import { ONLINE_RULES } from './online/index.ts';
import { POLICY_RULES } from './policy/index.ts';
import { QUEUES_RULES } from './queues/index.ts';
import type { Rule } from './rule.ts';
import { suppressionExpired, suppressionUnused } from './suppression.ts';
import { TIMERS_RULES } from './timers/index.ts';

export const RULES: readonly Rule[] = [
  ...IMPORTED_RULES,
  ...ENUMERATION_RULES,
  ...ONLINE_RULES,
  ...MODE_RULES,
  ...QUEUES_RULES,
  ...POLICY_RULES,
  ...TIMERS_RULES,
  expectation,
  suppressionExpired,
  suppressionUnused,
];

/** Rules that run with `analyze --audit` only. */
export { AUDIT_RULES };

const ALL_RULES: readonly Rule[] = [...RULES, ...AUDIT_RULES];

/** Finds a rule, also one of the audit, by its name or an alias such as R004; case does not matter. */
export function findRule(name: string): Rule | undefined {
  const wanted = name.toLowerCase();
  return ALL_RULES.find(
    (rule) => rule.name === wanted || rule.aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** Every name and alias, for did-you-mean and for checking `expect.findings`. */
export const RULE_NAMES: readonly string[] = ALL_RULES.flatMap((rule) => [rule.name, ...rule.aliases]);
