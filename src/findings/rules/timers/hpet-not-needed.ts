/** R071: the guest has an HPET that nothing needs. */
import type { Machine } from '../../../machine/machine.ts';
import { hpetEnabled, whyPitNeeded } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

/** Bare metal keeps its HPET, and Hyper-V has none to remove. */
const NOT_ASKED: readonly Machine['platform'][] = ['bare-metal', 'other', 'hyperv'];

function fixes({ platform }: Machine): readonly string[] {
  const boot = 'kernel parameters: hpet=disable';
  if (platform !== 'kvm' && platform !== 'tcg') return [boot];
  return [
    'QEMU: -machine hpet=off',
    'libvirt: <clock offset="utc"><timer name="hpet" present="no"/></clock>',
    'KubeVirt: spec.template.spec.domain.clock.timer.hpet.present: false',
    boot,
  ];
}

export const hpetNotNeeded: Rule = {
  name: 'hpet-not-needed',
  aliases: ['R071'],
  level: 'note',
  summary: 'The HPET may be removed: other timers do its work.',
  explain: [
    'A guest with kvm-clock (or another known TSC frequency), ARAT and the TSC-deadline timer needs neither HPET nor PIT to calibrate or tick (apic_needs_pit() is false). Without TSC-deadline it must be told the frequency of the local APIC timer instead, as VMware, Hyper-V and Jailhouse do.',
    'The HPET is then one more interrupt source to emulate, and the one whose interrupts the extended destination ID was once thought not to reach.',
    'Check: /sys/devices/system/clocksource/clocksource0/current_clocksource is kvm-clock or tsc.',
    'Change: QEMU -machine hpet=off; libvirt <timer name="hpet" present="no"/>; or boot with hpet=disable.',
  ],
  messages: [],
  check(facts) {
    const { machine } = facts;
    if (NOT_ASKED.includes(machine.platform) || !hpetEnabled(facts)) return [];
    if (facts.apic.fatal || whyPitNeeded(facts) !== null) return [];
    const clock = machine.timers.kvmclock ? 'kvm-clock' : 'a known TSC frequency';
    const tick = machine.timers.tscDeadline
      ? 'the TSC-deadline timer'
      : 'a local APIC timer of known frequency';
    return [
      {
        message: `the HPET is not needed: ${clock} and ${tick} replace it`,
        cause: [
          'apic_needs_pit() is false: the TSC frequency is known, and the local APIC timer needs no calibration and never stops',
        ],
        fix: fixes(machine),
        path: ['hpet'],
      },
    ];
  },
};
