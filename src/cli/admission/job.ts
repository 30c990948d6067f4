/** How reviews are decided: made of options once, plain data, so that threads can have it. */
import type { JudgeSettings } from '../../findings/triage/settings.ts';
import type { Stack } from '../../formats/stack.ts';
import type { FailOn } from '../verdict.ts';

/** What becomes of an object that was not analysed or not understood: `open` lets it pass with a warning. */
export type FailMode = 'open' | 'closed';

export interface Companion {
  readonly name: string;
  /** JSON. */
  readonly text: string;
}

export interface Job {
  readonly stack: Stack;
  /** Changes to every machine, as `--set` has them. */
  readonly changes: readonly string[];
  readonly settings: JudgeSettings;
  /** Findings of this level and above are a reason to deny. */
  readonly failOn: FailOn;
  readonly mode: FailMode;
  /** Instancetypes and preferences that guests may refer to. */
  readonly companions: readonly Companion[];
}
