/** From findings to the exit code. */
import type { Analysis } from '../findings/analyze.ts';
import { EXIT } from './io.ts';

export type FailOn = 'error' | 'warning' | 'note' | 'never';

/** 1 if the analysis has a finding at or above `failOn`, else 0. */
export function exitCodeOf({ summary }: Analysis, failOn: FailOn): number {
  const { errors, warnings, notes } = summary;
  const counted: Record<FailOn, number> = {
    error: errors,
    warning: errors + warnings,
    note: errors + warnings + notes,
    never: 0,
  };
  return counted[failOn] > 0 ? EXIT.findings : EXIT.clean;
}
