/** Nothing to calibrate against or to tick with. */
import { hpetEnabled, ticksByItself, whyPitNeeded } from '../facts/timer-facts.ts';
import type { Rule } from '../rule.ts';

export const timerSourceMissing: Rule = {
  name: 'timer-source-missing',
  aliases: ['R072'],
  level: 'warning',
  summary: 'The kernel needs a PIT or an HPET, and the machine has neither: the boot may hang.',
  explain: [
    'Linux can do without PIT and HPET if the TSC frequency is known, the local APIC timer never stops (ARAT), and either TSC-deadline exists or the frequency of the local APIC timer is told. If one of these fails it wants a PIT, or an HPET in its place, to calibrate or to tick (apic_needs_pit, hpet_time_init). Without legacy interrupts there is no IRQ 0, so a PIT could not tick either.',
    'Check: a boot that stops after "Calibrating delay loop" or has no "clocksource:" progress.',
    'Change: expose ARAT and TSC-deadline to the guest (QEMU: -cpu host), let the hypervisor tell the TSC frequency (kvm-clock, tsc-frequency=), or give the HPET or PIT back.',
  ],
  messages: ['tsc: Unable to calibrate against PIT', 'Fast TSC calibration failed'],
  check(facts) {
    const { machine } = facts;
    if (facts.apic.fatal || machine.legacyIrqs || hpetEnabled(facts) || ticksByItself(facts)) return [];
    const why = whyPitNeeded(facts);
    if (why === null) return [];
    const disabled = machine.hpet.present;
    return [
      {
        message: 'no HPET and no PIT, but the kernel needs one of them: the boot may hang',
        cause: [why, disabled ? 'the command line disables the HPET' : 'there is no HPET and no IRQ 0'],
        path: ['timers'],
      },
    ];
  },
};
