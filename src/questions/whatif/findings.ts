/** Findings that went, came and changed. */
import { type Finding, LEVELS, type Level } from '../../findings/rules/rule.ts';

/** The same finding at another level or with another message. */
export interface FindingChange {
  readonly before: Finding;
  readonly after: Finding;
}

export interface FindingChanges {
  readonly gone: readonly Finding[];
  readonly came: readonly Finding[];
  readonly changed: readonly FindingChange[];
}

/** What makes two findings the same, the surest first; none of it is a place in a file. */
const KEYS: readonly ((finding: Finding) => string)[] = [
  ({ rule, level, message }) => `${rule} ${level} ${message}`,
  ({ rule, message, devices }) => `${rule} ${withoutNumbers(message)} ${devices.join()}`,
  ({ rule, devices, message }) => `${rule} ${devices.join() || withoutNumbers(message)}`,
  ({ rule, message }) => `${rule} ${withoutNumbers(message)}`,
];

/** The message as a pattern, so that other figures and CPUs make no other finding of it. */
function withoutNumbers(message: string): string {
  return message.replace(/\d[\d,-]*/g, '#');
}

/** Matches the findings of two analyses. A rule that is left with one finding on either side means the same. */
export function changedFindings(before: readonly Finding[], after: readonly Finding[]): FindingChanges {
  let open = { before, after };
  const pairs: FindingChange[] = [];
  for (const key of KEYS) open = pairBy(key, open, pairs, () => true);
  open = pairBy(
    ({ rule }) => rule,
    open,
    pairs,
    (were, are) => were.length === 1 && are.length === 1,
  );
  const order = new Map(after.map((finding, n) => [finding, n]));
  return {
    gone: open.before,
    came: open.after,
    changed: pairs
      .filter(({ before: was, after: is }) => was.level !== is.level || was.message !== is.message)
      .sort((a, b) => (order.get(a.after) ?? 0) - (order.get(b.after) ?? 0)),
  };
}

interface Open {
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
}

/** Pairs findings of the same key in order, and returns the rest. */
function pairBy(
  key: (finding: Finding) => string,
  open: Open,
  pairs: FindingChange[],
  alike: (before: readonly Finding[], after: readonly Finding[]) => boolean,
): Open {
  const were = groupBy(open.before, key);
  const are = groupBy(open.after, key);
  const paired = new Set<Finding>();
  for (const [name, before] of were) {
    const after = are.get(name) ?? [];
    if (!alike(before, after)) continue;
    for (const [n, is] of after.slice(0, before.length).entries()) {
      pairs.push({ before: before[n], after: is });
      paired.add(before[n]).add(is);
    }
  }
  const rest = (findings: readonly Finding[]) => findings.filter((finding) => !paired.has(finding));
  return { before: rest(open.before), after: rest(open.after) };
}

function groupBy(findings: readonly Finding[], key: (finding: Finding) => string): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = key(finding);
    const group = groups.get(name);
    if (group) group.push(finding);
    else groups.set(name, [finding]);
  }
  return groups;
}

/** True if `level` is `threshold` or above. */
export const atLeast = (level: Level, threshold: Level): boolean =>
  LEVELS.indexOf(level) <= LEVELS.indexOf(threshold);

/** Findings at or above `threshold` that were not there before: new ones, and those raised to that level. */
export function newFindings({ came, changed }: FindingChanges, threshold: Level): Finding[] {
  const raised = changed.filter(({ before }) => !atLeast(before.level, threshold)).map(({ after }) => after);
  return [...came, ...raised].filter(({ level }) => atLeast(level, threshold));
}
