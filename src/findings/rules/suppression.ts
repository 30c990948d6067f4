/**
 * Suppressions that a description should lose: those that have ended, and those that nothing matches. They look at
 * findings and at the day, so src/triage makes the findings; here are the texts, where `explain` finds them.
 */
import type { Rule } from './rule.ts';

export const suppressionExpired: Rule = {
  name: 'suppression-expired',
  aliases: [],
  level: 'warning',
  summary: 'A suppression of the input is past its last day, so its findings count again.',
  explain: [
    'A suppression in `suppress` may say how long it holds: `until: "2027-03-31"` is its last day; a comment in the input ends with it (`# irqsim: ignore RULE -- reason until 2027-03-31`). After it the findings count as if the suppression were not there, so that what was put off is not forgotten.',
    'Today is what --today says, else the day of SOURCE_DATE_EPOCH, else the day of the clock, all by UTC.',
    'Change: what the finding is about, or the date, with a reason for the delay; or remove the suppression. A suppression of a project file that has ended is reported on standard error.',
  ],
  messages: [],
  check: () => [],
};

export const suppressionUnused: Rule = {
  name: 'suppression-unused',
  aliases: [],
  level: 'note',
  summary: 'A suppression of the input matches no finding.',
  explain: [
    'What was suppressed is gone: the machine was put right, or the kernel, or the suppression names other devices than the finding. Left where it is, it would hide the next finding of that rule.',
    'Suppressions of audit rules count only with --audit. One with `devices` matches findings that are about these devices and no others.',
    'A comment `# irqsim: ignore RULE, RULE -- reason` (in XML `<!-- irqsim: ignore RULE: reason -->`) matches findings by their place: behind something, those placed on its line; on a line of its own, those placed in what begins next, the element, value or command with all that is in it; above a whole machine, or before all else in a document, all of the machine. Findings without a place count as placed where the machine begins; one about several devices has to have all of them there.',
    'Change: remove the suppression, or correct its `devices`, or move the comment to the place of the finding. A suppression of a project file or an entry of a baseline that nothing matches is reported on standard error.',
  ],
  messages: [],
  check: () => [],
};
