/** Findings parted into those that count, at the level users gave them, and those that do not. */

import type { LevelOverride, Machine, Suppression } from '../../machine/machine.ts';
import type { SuppressedFinding } from '../analyze.ts';
import { type Finding, LazyFinding, LEVELS, type Level, pathOf } from '../rules/rule.ts';
import { fingerprint, knownFinding } from './fingerprint.ts';
import { hasEnded, matches, projectSuppressions } from './match.ts';
import type { JudgeSettings } from './settings.ts';

/** Findings as they come out; order is kept. */
export interface Sifted {
  readonly counted: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/** What decides about one finding, or undefined if it has nothing to say. */
type Judge = (finding: Finding) => SuppressedFinding | undefined;

function bySuppression(
  by: 'description' | 'project',
  suppressions: readonly Suppression[],
  machine: Machine,
  settings: JudgeSettings,
): Judge {
  const inForce = suppressions.filter((one) => !hasEnded(one, settings));
  return (finding) => {
    const found = inForce.find((one) => matches(one, finding, machine));
    if (!found) return undefined;
    const { reason, until, location, comment } = found;
    return { finding, by: comment ? 'comment' : by, reason, until, location };
  };
}

const isWorse = (level: Level, than: Level): boolean => LEVELS.indexOf(level) < LEVELS.indexOf(than);

function byBaseline(machine: Machine, { baseline, cwd = '/' }: JudgeSettings): Judge {
  if (!baseline) return () => undefined;
  const { file, folder, known } = baseline;
  return (finding) => {
    const entry = known.get(fingerprint(knownFinding(machine, finding, cwd, folder)));
    if (!entry || isWorse(finding.level, entry.level)) return undefined;
    const location = { file, line: entry.line, column: 1 };
    return { finding, by: 'baseline', reason: 'known', until: undefined, location };
  };
}

/** The finding at the level that users gave its rule. */
function atLevel(finding: Finding, override: LevelOverride | undefined): Finding {
  if (!override || override.level === 'off' || override.level === finding.level) return finding;
  const { level, location } = override;
  const { rule, message, cause, cpus, devices } = finding;
  const overridden = { level: finding.level, location };
  const facts = { rule, message, cause, ...(cpus && { cpus }), devices, location: finding.location };
  // Changes are not copied: they are worked out only where they are read.
  return new LazyFinding({ ...facts, level, overridden }, () => finding.fix, pathOf(finding));
}

/** The level of each rule that has one: the command line goes before the description, that before the project. */
function levelsOf({ triage }: Machine, { levels = [], project }: JudgeSettings): Map<string, LevelOverride> {
  const all = [...levels, ...(triage?.levels ?? []), ...(project?.levels ?? [])];
  return new Map(all.reverse().map((one) => [one.rule, one]));
}

/** A function that sifts findings of the machine. */
export function sifter(machine: Machine, settings: JudgeSettings): (findings: readonly Finding[]) => Sifted {
  const levels = levelsOf(machine, settings);
  const judges: readonly Judge[] = [
    bySuppression('description', machine.triage?.suppress ?? [], machine, settings),
    bySuppression('project', projectSuppressions(machine, settings), machine, settings),
    byBaseline(machine, settings),
  ];
  return (findings) => {
    const counted: Finding[] = [];
    const suppressed: SuppressedFinding[] = [];
    for (const raw of findings) {
      const override = levels.get(raw.rule);
      const finding = atLevel(raw, override);
      let ruling: SuppressedFinding | undefined;
      if (override?.level === 'off') {
        const { location } = override;
        ruling = { finding, by: 'level', reason: 'level off', until: undefined, location };
      }
      for (const judge of judges) ruling ??= judge(finding);
      if (ruling) suppressed.push(ruling);
      else counted.push(finding);
    }
    return { counted, suppressed };
  };
}
