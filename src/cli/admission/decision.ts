/** What comes of a review: the answer, and what the log may have of it, which is nothing that the object holds. */
import type { Answer } from './review.ts';

/** Why something was not analysed: as the log has it, with the code and reason of `metav1.Status`. */
export const WHY = {
  strange: { code: 400, reason: 'BadRequest' },
  unreadable: { code: 400, reason: 'BadRequest' },
  late: { code: 504, reason: 'Timeout' },
  'too-many': { code: 503, reason: 'ServiceUnavailable' },
  memory: { code: 500, reason: 'InternalError' },
  bug: { code: 500, reason: 'InternalError' },
} as const;
export type Why = keyof typeof WHY;

export interface Decision {
  readonly answer: Answer;
  /** `nothing`: there was nothing to analyse; else why it was not analysed. */
  readonly outcome: 'analysed' | 'nothing' | Why;
  /** The rules that were a reason to deny or to warn. */
  readonly rules: readonly string[];
}
