/** Which findings a suppression is about. */
import type { CommentScope, Location, Machine, Suppression } from '../../machine/machine.ts';
import { AUDIT_RULES, RULES } from '../rules/index.ts';
import type { Finding } from '../rules/rule.ts';
import { fileKey } from './file-key.ts';
import { globMatches } from './glob.ts';
import type { JudgeSettings, ProjectSuppression } from './settings.ts';

type Lines = NonNullable<CommentScope['lines']>;

const isOn = (line: number, [first, last]: Lines): boolean => first <= line && line <= last;

/**
 * Devices that stand elsewhere than on the lines. The device that the finding is placed in begins last before that place,
 * perhaps above the lines.
 */
function devicesElsewhere(finding: Finding, place: Location, lines: Lines, machine: Machine): string[] {
  const begins = new Map<string, number>();
  for (const { name, path } of machine.devices) {
    const found = machine.locate(path);
    if (found?.file === place.file) begins.set(name, found.line);
  }
  const own = Math.max(...[...begins.values()].filter((line) => line <= place.line));
  return finding.devices.filter((name) => {
    const line = begins.get(name);
    return line === undefined || !(line === own || isOn(line, lines));
  });
}

/**
 * Devices of a finding that is placed where the comment says, but which are not there: the comment does not hold it back.
 * Undefined: it is placed elsewhere.
 */
export function missedBy(
  { comment, location }: Suppression,
  finding: Finding,
  machine: Machine,
): readonly string[] | undefined {
  if (!comment?.lines) return [];
  const place = finding.location;
  if (place === undefined) return comment.atBeginning ? [] : undefined;
  if (place.file !== location.file || !isOn(place.line, comment.lines)) return undefined;
  return finding.devices.length > 1 ? devicesElsewhere(finding, place, comment.lines, machine) : [];
}

/** Whether the finding is of the rule, about no other devices than those named, and placed where a comment says. */
export function matches(suppression: Suppression, finding: Finding, machine: Machine): boolean {
  const { rule, devices } = suppression;
  if (finding.rule !== rule || missedBy(suppression, finding, machine)?.length !== 0) return false;
  if (devices === undefined) return true;
  const named = new Set(devices);
  return finding.devices.length > 0 && finding.devices.every((name) => named.has(name));
}

/** Whether today is past the last day. */
export function hasEnded({ until }: Suppression, { today }: JudgeSettings): boolean {
  return until !== undefined && today !== undefined && today > until;
}

const inAudit: ReadonlySet<string> = new Set(
  [...AUDIT_RULES, ...RULES.filter(({ moreInAudit }) => moreInAudit)].map(({ name }) => name),
);

/** Whether the rule looked at all of the machine. */
export function hasRun({ rule }: Pick<Suppression, 'rule'>, { audit }: JudgeSettings): boolean {
  return audit === true || !inAudit.has(rule);
}

/** The suppressions of the project file that are about this input. */
export function projectSuppressions(
  { source }: Machine,
  { project, cwd = '/' }: JudgeSettings,
): readonly ProjectSuppression[] {
  if (!project || project.suppress.length === 0) return [];
  const name = fileKey(source, cwd, project.folder);
  return project.suppress.filter(
    ({ files }) => files === undefined || files.some((pattern) => globMatches(pattern, name)),
  );
}
