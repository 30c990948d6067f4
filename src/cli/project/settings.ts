/** From options, and files that they name, to the settings that findings are judged by. */

import { findRule, RULE_NAMES } from '../../findings/rules/index.ts';
import type { JudgeSettings } from '../../findings/triage/judge.ts';
import type { Baseline, ProjectTriage } from '../../findings/triage/settings.ts';
import { suggestion } from '../../machine/did-you-mean.ts';
import { LEVEL_SETTINGS, type LevelOverride, type LevelSetting } from '../../machine/machine.ts';
import { type Io, UsageError } from '../io.ts';
import { loadBaseline } from './baseline-file.ts';
import { currentFolder } from './find-project.ts';
import type { Project } from './project-file.ts';
import { tellFailOn, tellStack, tellWhich } from './tell-project.ts';

export interface SettingsOptions {
  readonly audit?: boolean;
  /** `RULE=LEVEL`, in order. */
  readonly level?: readonly string[];
  readonly baseline?: string;
  /** The file that the run writes: it is not compared with another then. */
  readonly writeBaseline?: string;
  /** As 2027-03-31. */
  readonly today?: string;
  /** The project file, if there is one that counts. */
  readonly project?: Project;
  /** A project file above that somebody else put there: it does not count. */
  readonly foreignProject?: string;
}

const isLevel = (text: string): text is LevelSetting => (LEVEL_SETTINGS as readonly string[]).includes(text);

/** One `--level RULE=LEVEL`. Throws UsageError. */
function levelOf(text: string): LevelOverride {
  const [, name = '', level = ''] = /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
  const option = `--level ${text}`;
  if (!isLevel(level)) {
    throw new UsageError(`${option}: expected RULE=LEVEL, the level one of ${LEVEL_SETTINGS.join(', ')}`);
  }
  const rule = findRule(name)?.name;
  if (rule === undefined)
    throw new UsageError(`${option}: unknown rule${suggestion(name, RULE_NAMES, 'rules')}`);
  return { rule, level, location: { file: option, line: 1, column: 1 } };
}

/** The last day that a time stamp can name with four digits of the year, in seconds. */
const MAX_SECONDS = 253_402_300_799;

/** The day by UTC: of `--today`, of SOURCE_DATE_EPOCH, of the clock. Throws UsageError. */
function todayOf({ today }: SettingsOptions, { SOURCE_DATE_EPOCH: epoch }: Io['env']): string {
  if (today !== undefined) return today;
  if (epoch !== undefined && epoch !== '' && !(/^\d{1,12}$/.test(epoch) && Number(epoch) <= MAX_SECONDS)) {
    throw new UsageError(`SOURCE_DATE_EPOCH=${epoch}: expected seconds since 1970`);
  }
  const time = epoch ? new Date(Number(epoch) * 1000) : new Date();
  return time.toISOString().slice(0, 10);
}

/** The baseline that counts, if any. Throws InputError or UsageError. */
function baselineOf(
  { baseline, writeBaseline, project }: SettingsOptions,
  cwd: string,
): Baseline | undefined {
  if (writeBaseline !== undefined) return undefined;
  if (baseline !== undefined) return loadBaseline(baseline, cwd, `--baseline ${baseline}`);
  const named = project?.baseline;
  if (!named) return undefined;
  const { file, line, column } = named.location;
  return loadBaseline(named.value, cwd, `${file}:${line}:${column}: baseline`);
}

/** What the project file says about findings; undefined if that is nothing. */
function triageOf(project: Project | undefined): ProjectTriage | undefined {
  const triage = project?.triage;
  return triage && triage.levels.length + triage.suppress.length > 0 ? triage : undefined;
}

/**
 * The settings of a run. Plain data, so that they can be sent to worker threads, which should not ask for the day
 * each. Notes on `io` what else the project file changes. `cwd`: absolute, where names of inputs start. Throws
 * InputError or UsageError.
 */
export function settingsOf(
  options: SettingsOptions,
  { env, note }: Pick<Io, 'env' | 'note'>,
  cwd: string = currentFolder(),
): JudgeSettings {
  tellWhich(options, note);
  tellFailOn(options.project, note);
  tellStack(options.project, note);
  return {
    audit: options.audit === true,
    // The last of several for one rule counts.
    levels: (options.level ?? []).map(levelOf).reverse(),
    project: triageOf(options.project),
    baseline: baselineOf(options, cwd),
    today: todayOf(options, env),
    cwd,
  };
}
