/** The guest has an HPET that nothing needs. */
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Machine } from '../../../machine/machine.ts';
import { hpetEnabled, whyPitNeeded } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

/** Bare metal keeps its HPET, and Hyper-V has none to remove. */
const NOT_ASKED: readonly Machine['platform'][] = ['bare-metal', 'other', 'hyperv'];

/** Without them nobody would notice: its channels have no interrupt domain of their own. */
function matters({ domains }: Simulation): boolean {
  return domains.some(({ name }) => name === 'hpet-msi');
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
    'It is found where the HPET can send message interrupts, and on request: analyze --audit. An HPET that only stands there does no harm.',
    'Change: QEMU -machine hpet=off; libvirt <timer name="hpet" present="no"/>; or boot with hpet=disable.',
  ],
  messages: [],
  moreInAudit: true,
  check(facts, audit = false) {
    const { machine } = facts;
    if (!audit && !matters(facts)) return [];
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
        path: ['hpet'],
      },
    ];
  },
};
