/** An analysis as its users have decided to judge it. */
import { type Analysis, analyze } from '../analyze.ts';
import type { Machine } from '../machine/machine.ts';

/** What the users decided. */
export interface JudgeSettings {
  /** Also note which assumptions of the kernel do not hold on the machine. */
  readonly audit?: boolean;
}

/** Nothing is decided: findings count as the rules have them. */
export const NO_SETTINGS: JudgeSettings = {};

/** Analyses a machine and applies the settings to its findings. Pure. */
export function judge(machine: Machine, settings: JudgeSettings = NO_SETTINGS): Analysis {
  return analyze(machine, { audit: settings.audit === true });
}
