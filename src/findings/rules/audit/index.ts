/**
 * The audit (docs/model/hotplug.md#assumptions): assumptions of the kernel that do not hold on a machine. Run
 * with `analyze --audit` only. H21, H23 and H24 hang on facts that no description has (packages,
 * passed-through devices, nesting).
 */
import type { Rule } from '../rule.ts';
import { auditRule } from './assumption.ts';
import { BOOT_CPU_ASSUMPTIONS } from './boot-cpu.ts';
import { COUNTING_ASSUMPTIONS } from './counting.ts';
import { INTERRUPT_ASSUMPTIONS } from './interrupts.ts';

export const AUDIT_RULES: readonly Rule[] = [
  ...INTERRUPT_ASSUMPTIONS,
  ...BOOT_CPU_ASSUMPTIONS,
  ...COUNTING_ASSUMPTIONS,
]
  .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
  .map(auditRule);
