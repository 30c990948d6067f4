/** From options, and files that they name, to the settings that findings are judged by. */
import type { JudgeSettings } from '../triage/judge.ts';

export interface SettingsOptions {
  readonly audit?: boolean;
}

/** Throws InputError or UsageError. */
export function settingsOf(options: SettingsOptions): JudgeSettings {
  return { audit: options.audit === true };
}
