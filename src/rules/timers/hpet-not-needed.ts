/** R071: the guest has a HPET that nothing needs. */
import type { Rule } from '../rule.ts';

export const hpetNotNeeded: Rule = {
  name: 'hpet-not-needed',
  aliases: ['R071'],
  level: 'note',
  summary: 'The HPET may be removed: other timers do its work.',
  explain: [
    'A guest with kvm-clock (or another known TSC frequency) and the TSC-deadline timer needs neither HPET nor PIT to calibrate or tick. The HPET is then one more interrupt source to emulate, and the one whose interrupts the extended destination ID was once thought not to reach.',
    'Change: QEMU -machine hpet=off; libvirt <timer name="hpet" present="no"/>; or boot with hpet=disable.',
  ],
  messages: [],
  check({ machine }) {
    const { hpet, timers, cmdline } = machine;
    const guest = machine.platform !== 'bare-metal' && machine.platform !== 'other';
    const frequency = timers.kvmclock || timers.knownFrequency;
    if (!guest || !hpet.present || cmdline.hpetDisable || !frequency || !timers.tscDeadline) return [];
    const clock = timers.kvmclock ? 'kvm-clock' : 'a known TSC frequency';
    return [
      {
        message: `the HPET is not needed: ${clock} and the TSC-deadline timer replace it`,
        cause: [
          'apic_needs_pit() is false: the TSC frequency is known and the local APIC timer needs no calibration',
        ],
        fix: ['QEMU: -machine hpet=off', 'kernel parameters: hpet=disable'],
        path: ['hpet'],
      },
    ];
  },
};
