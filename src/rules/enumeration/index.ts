/** CPUs that are enumerated, refused or lost (reachability.md I, R001 to R019). */
import type { Rule } from '../rule.ts';
import { apicIdAboveLimit } from './apic-id-above-limit.ts';
import { bareMetalApicLimit } from './bare-metal-apic-limit.ts';
import { kernelPanics } from './kernel-panics.ts';
import { kernelTooOldForExtDest } from './kernel-too-old-for-ext-dest.ts';
import { sparseApicIds } from './sparse-apic-ids.ts';

export const ENUMERATION_RULES: readonly Rule[] = [
  kernelPanics,
  apicIdAboveLimit,
  bareMetalApicLimit,
  kernelTooOldForExtDest,
  sparseApicIds,
];
