/** The findings: what, why, and what to change. */
import type { Finding } from '../../findings/rules/rule.ts';
import type { FindingBlock } from '../document/block.ts';
import { LEVEL_TONES } from '../wording/verdict-tone.ts';

function placeText({ location }: Finding): string {
  if (!location) return 'decided by a default';
  const { file, line, column } = location;
  return file.startsWith('--') ? `(${file})` : `${file}:${line}:${column}`;
}

/** Causes or changes without what was `said` before. */
function fresh(texts: readonly string[], said: Set<string>): string[] {
  const unsaid = texts.filter((text) => !said.has(text));
  for (const text of unsaid) said.add(text);
  return unsaid;
}

function findingBlock(finding: Finding, said: Set<string>): FindingBlock {
  const { level, rule, message, cause, fix } = finding;
  const causes = fresh(cause, said);
  const changes = fresh(fix, said);
  return {
    kind: 'finding',
    level,
    tone: LEVEL_TONES[level],
    rule,
    place: placeText(finding),
    message,
    causes,
    changes: changes.length === 0 && fix.length > 0 ? ['as above'] : changes,
  };
}

/**
 * A block a finding. A cause or a change that several findings share is written once; `told` are the reasons that
 * the report gave before.
 */
export function findingBlocks(findings: readonly Finding[], told: readonly string[]): FindingBlock[] {
  const said = new Set(told);
  return findings.map((finding) => findingBlock(finding, said));
}
