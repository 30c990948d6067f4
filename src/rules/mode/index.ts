/** What decides the APIC mode (R030 to R046). */
import type { Rule } from '../rule.ts';

export const MODE_RULES: readonly Rule[] = [];
