/** CPUs that come online although some interrupt cannot reach them (R020 to R029). */
import type { Rule } from '../rule.ts';

export const ONLINE_RULES: readonly Rule[] = [];
