/** The key `budget`: what an analysis may cost before it is refused. Small texts can describe enormous machines. */
import { type Holds, int, object, optional } from './fields.ts';
import { BUDGET, LIMITS } from './limits.ts';

export const budget = object(
  {
    vectors: optional(
      int(1, LIMITS.vectors),
      'Vectors of all devices; each takes about 1 kB.',
      BUDGET.vectors,
    ),
    work: optional(
      int(1, Number.MAX_SAFE_INTEGER),
      'Interrupts times CPUs that events take offline or bring online; about 3e8 take a second.',
      BUDGET.work,
    ),
  },
  'a mapping with vectors, work',
);

/** Both limits, with what is not written filled in. */
export type Budget = Required<{ [K in keyof Holds<typeof budget>]: number }>;
