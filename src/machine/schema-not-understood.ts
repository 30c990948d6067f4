/** The key `notUnderstood`: what a reader could not make sense of, kept when its machine is written down. */
import * as z from 'zod';
import { choice, object, optional, required, text } from './fields.ts';
import { MAY_HOLD } from './machine.ts';

/** `notUnderstood:` of a description: one part of an input of another product that its reader did not understand. */
export const notUnderstood = object(
  {
    part: required(text('the part as it is written'), 'The part as it is written.'),
    mayHold: optional(
      z.array(choice(MAY_HOLD), { error: 'a list' }),
      'What it could be about. Default: nothing that concerns CPUs and interrupts.',
    ),
    remedy: optional(text('what to do'), 'How to supply it.'),
  },
  'a mapping with part',
);
