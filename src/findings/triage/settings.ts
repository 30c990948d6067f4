/** What users decided about findings, from wherever it was written. Plain data: it can be sent to a worker thread. */
import type { LevelOverride, Suppression } from '../../machine/machine.ts';
import type { Level } from '../rules/rule.ts';

/** A suppression of a project file. */
export interface ProjectSuppression extends Suppression {
  /** Patterns of inputs, relative to the folder of the project file; undefined: all inputs. */
  readonly files: readonly string[] | undefined;
}

/** What a project file says about findings. */
export interface ProjectTriage {
  /** Absolute path of the folder that the file stands in. */
  readonly folder: string;
  readonly levels: readonly LevelOverride[];
  readonly suppress: readonly ProjectSuppression[];
}

/** A finding that a baseline holds. */
export interface KnownFinding {
  /** The input, relative to the folder of the baseline. */
  readonly file: string;
  /** Name of the machine. */
  readonly machine: string;
  readonly rule: string;
  readonly level: Level;
  readonly devices: readonly string[];
  readonly message: string;
}

/** The findings that were known when the baseline was written. */
export interface Baseline {
  /** Its name, for messages. */
  readonly file: string;
  /** Absolute path of the folder that the file stands in. */
  readonly folder: string;
  /** By fingerprint; `line` is that of the entry. */
  readonly known: ReadonlyMap<string, KnownFinding & { readonly line: number }>;
}

/** What the users decided. */
export interface JudgeSettings {
  /** Also note which assumptions of the kernel do not hold on the machine. */
  readonly audit?: boolean;
  /** Levels that go before those of the description. */
  readonly levels?: readonly LevelOverride[];
  readonly project?: ProjectTriage | undefined;
  readonly baseline?: Baseline | undefined;
  /** The day, as 2027-03-31; undefined: no suppression has ended. */
  readonly today?: string | undefined;
  /** Absolute path of the folder that relative names of inputs start from. Default: "/". */
  readonly cwd?: string;
}

/** Nothing is decided: findings count as the rules have them. */
export const NO_SETTINGS: JudgeSettings = {};
