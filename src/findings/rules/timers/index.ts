/** Timers, HPET and crash kernels. */
import type { Rule } from '../rule.ts';
import { crashKernelLosesBootCpu } from './crash-kernel-loses-boot-cpu.ts';
import { crashKernelPanics } from './crash-kernel-panics.ts';
import { crashKernelWithoutIoapic } from './crash-kernel-without-ioapic.ts';
import { crashKernelWithoutVectors } from './crash-kernel-without-vectors.ts';
import { hpetMsiInUse } from './hpet-msi-in-use.ts';
import { hpetNotNeeded } from './hpet-not-needed.ts';
import { resumeTurnsX2apicOn } from './resume-turns-x2apic-on.ts';
import { timerCheckSkipped } from './timer-check-skipped.ts';
import { timerInterruptUnreachable } from './timer-interrupt-unreachable.ts';
import { timerSourceMissing } from './timer-source-missing.ts';

export const TIMERS_RULES: readonly Rule[] = [
  timerInterruptUnreachable,
  crashKernelPanics,
  hpetMsiInUse,
  timerSourceMissing,
  timerCheckSkipped,
  crashKernelWithoutIoapic,
  crashKernelWithoutVectors,
  resumeTurnsX2apicOn,
  hpetNotNeeded,
  crashKernelLosesBootCpu,
];
