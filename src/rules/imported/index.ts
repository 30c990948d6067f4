/** Rules about how a machine was imported. */
import type { Rule } from '../rule.ts';
import { hypervisorRefuses } from './hypervisor-refuses.ts';

export const IMPORTED_RULES: readonly Rule[] = [hypervisorRefuses];
