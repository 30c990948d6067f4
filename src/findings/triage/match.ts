/** Which findings a suppression is about. */
import type { Machine, Suppression } from '../../machine/machine.ts';
import { AUDIT_RULES, RULES } from '../rules/index.ts';
import type { Finding } from '../rules/rule.ts';
import { fileKey } from './file-key.ts';
import { globMatches } from './glob.ts';
import type { JudgeSettings, ProjectSuppression } from './settings.ts';

/** Whether the finding is placed where the comment of the suppression says. */
function isAbout({ comment, location }: Suppression, finding: Finding): boolean {
  if (!comment?.lines) return true;
  const [first, last] = comment.lines;
  const place = finding.location;
  if (place === undefined) return comment.atBeginning;
  return place.file === location.file && first <= place.line && place.line <= last;
}

/** Whether the finding is of the rule, about no other devices than those named, and placed where a comment says. */
export function matches(suppression: Suppression, finding: Finding): boolean {
  const { rule, devices } = suppression;
  if (finding.rule !== rule || !isAbout(suppression, finding)) return false;
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
