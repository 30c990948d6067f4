/** What is answered about objects that were not analysed. */

import { type Decision, WHY, type Why } from './decision.ts';
import type { FailMode } from './job.ts';
import type { Answer, Asked } from './review.ts';
import { messageOf, warningsOf } from './words.ts';

/** What is said of a failure to who made the object: nothing that only irqsim's authors understand. */
export const BUG = 'irqsim failed, which is a bug in it';

const ANSWERS: Readonly<Record<FailMode, (asked: Asked, why: Why, text: string) => Answer>> = {
  open: ({ uid }, _, text) => ({
    uid,
    allowed: true,
    warnings: warningsOf([`irqsim: not analysed: ${text}`]),
  }),
  closed: ({ uid }, why, text) => ({
    uid,
    allowed: false,
    status: {
      ...WHY[why],
      message: messageOf([`irqsim: not analysed, which is denied here: ${text}`]),
    },
  }),
};

/** The decision on what was not analysed; `text` says why, to whom made the object. */
export function unjudged(asked: Asked, why: Why, text: string, mode: FailMode): Decision {
  return { answer: ANSWERS[mode](asked, why, text), outcome: why, rules: [] };
}
