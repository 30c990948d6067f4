/** HPET: arch/x86/kernel/hpet.c. */
import type { MessageEntry } from '../entry.ts';

export const TIMER_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'hpet-per-cpu-timers',
    routine: true,
    templates: ['hpet: {} channels of {} reserved for per-cpu timers'],
    printedBy: 'hpet_select_clockevents()',
    meaning:
      'HPET channels serve as timers of single CPUs through message interrupts (HPET-MSI). The first number is all channels, the second those reserved.',
    matters: 'No by itself: each such channel takes one vector and one interrupt.',
    why: 'The CPU has no ARAT (its own timer stops in deep sleep), and the HPET can send messages.',
    check: 'HPET-MSI or IR-HPET-MSI lines in /proc/interrupts.',
    change: 'Expose ARAT to the guest, or boot with hpet=disable.',
    rules: ['hpet-msi-in-use'],
  },
  {
    name: 'hpet-pc10',
    routine: true,
    templates: ['HPET dysfunctional in PC10. Force disabled.'],
    printedBy: 'hpet_is_pc10_damaged()',
    meaning: 'The HPET stops in package state C10 on this chipset, so it is not used.',
    matters: 'No: the kernel uses better clocks.',
    why: 'A hardware erratum of Intel client platforms.',
    check: 'Nothing to check.',
    change: 'Nothing: the TSC and the local timers do its work.',
    rules: ['hpet-not-needed'],
  },
];
