/** Timers, HPET and crash kernels (R070 to R078). */
import type { Rule } from '../rule.ts';
import { hpetMsiInUse } from './hpet-msi-in-use.ts';
import { hpetNotNeeded } from './hpet-not-needed.ts';

export const TIMERS_RULES: readonly Rule[] = [hpetMsiInUse, hpetNotNeeded];
