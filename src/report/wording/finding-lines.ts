/** A finding as plain lines, for formats that hold text only. */
import type { Finding } from '../../findings/rules/rule.ts';

/** Why, and what to change: "because ...", "and ...", "change: ...", "or: ...". */
export function reasonLines({ cause, fix }: Pick<Finding, 'cause' | 'fix'>): string[] {
  return [
    ...cause.map((text, n) => `${n === 0 ? 'because' : 'and'} ${text}`),
    ...fix.map((text, n) => `${n === 0 ? 'change' : 'or'}: ${text}`),
  ];
}
