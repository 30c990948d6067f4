/** The keys by which users judge findings; a description and a project file have them in common. */
import {
  choice,
  type Field,
  type Holds,
  list,
  matching,
  object,
  optional,
  PRINTABLE,
  record,
  required,
  text,
} from './fields.ts';
import { LIMITS } from './limits.ts';
import { LEVEL_SETTINGS } from './machine.ts';

/** Blanks and line breaks are fine: YAML folds long texts. */
export const REASON = /^(?=\s*\S)[\s!-~\u00a1-\uffff]{1,1000}$/;
const MAX_SUPPRESSIONS = 1000;

/** Keys of one suppression. */
export const suppressionKeys = {
  rule: required(text('the name of a rule'), 'Rule whose findings do not count.'),
  reason: required(
    matching(REASON, 'a reason in 1 to 1000 printable characters'),
    'Why that is right; it is printed in the report.',
  ),
  until: optional(
    text('a day in quotes such as "2027-03-31"', 100),
    'The last day it holds. Default: it always holds.',
  ),
  devices: optional(
    list(matching(PRINTABLE, 'the name of a device'), `a list of 1 to ${LIMITS.devices} device names`, {
      min: 1,
      max: LIMITS.devices,
    }),
    'Only findings about these devices and no others, by their names in the report; in a description also by the name of an entry with `count`.',
  ),
};

/** A list of suppressions of this form. */
export function suppressionList<T>(suppression: Field<T>): Field<T[]> {
  return list(suppression, `a list of at most ${MAX_SUPPRESSIONS} suppressions`, { max: MAX_SUPPRESSIONS });
}

const levels = record(choice(LEVEL_SETTINGS), 'a mapping such as { sparse-apic-ids: off }');

/** Keys of a description. */
export const triageKeys = {
  levels: optional(levels, 'Rule → the level its findings have instead; off: they do not count.'),
  suppress: optional(
    suppressionList(object(suppressionKeys, 'a mapping such as { rule: queue-never-starts, reason: … }')),
    'Findings that are known and do not count.',
  ),
};

export type LevelsInput = Holds<typeof levels>;
export type SuppressionInput = Holds<ReturnType<typeof object<typeof suppressionKeys>>>;
