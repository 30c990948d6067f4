/** A dead timer interrupt that the kernel does not test for. */

import { detectHypervisor } from '../../../linux/model/hypervisor.ts';
import type { Platform } from '../../../machine/machine.ts';
import { bootCpuBeyondIoApic } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

/** Guests that set no_timer_check when they recognise the hypervisor. */
const SKIPS_TEST: readonly Platform[] = ['kvm', 'hyperv', 'vmware'];

export const timerCheckSkipped: Rule = {
  name: 'timer-check-skipped',
  aliases: ['R077'],
  level: 'warning',
  summary: 'The timer interrupt is dead, and a guest of this hypervisor does not test it: no panic tells.',
  explain: [
    'Linux tests at boot whether IRQ 0 arrives and panics if it does not. KVM, Hyper-V and VMware guests set no_timer_check, as a test by counting ticks is unreliable there, so a dead IRQ 0 stays unnoticed and the guest depends on its local APIC timer alone.',
    'Check: the count of IRQ 0 in /proc/interrupts stays 0 from boot on.',
    'Change: see timer-interrupt-unreachable.',
  ],
  messages: [],
  check(facts) {
    const { machine } = facts;
    if (!SKIPS_TEST.includes(machine.platform) || !detectHypervisor(machine).detected) return [];
    if (!bootCpuBeyondIoApic(facts)) return [];
    return [
      {
        message:
          'the dead timer interrupt goes unnoticed: the guest skips the test of IRQ 0 (no_timer_check)',
        cause: [`Linux sets no_timer_check when it recognises ${machine.platform}`],
        path: ['platform'],
      },
    ];
  },
};
