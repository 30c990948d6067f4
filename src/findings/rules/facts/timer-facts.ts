/** What the kernel's tick and calibration depend on: apic_needs_pit() and the HPET's message interrupts. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { hpetEnabled as enabledBy } from '../../../linux/model/hpet.ts';
import { detectHypervisor } from '../../../linux/model/hypervisor.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { Platform } from '../../../machine/machine.ts';

/** Hypervisors that tell the frequency of the local APIC timer; on bare metal CPUID 0x15 does. */
const TELLS_LAPIC_FREQUENCY: readonly Platform[] = ['vmware', 'hyperv', 'jailhouse'];
/** Guests whose own timer outranks an HPET channel (clock event ratings 500 and 1000). */
const OWN_TICK: readonly Platform[] = ['xen-hvm', 'xen-pvh', 'hyperv'];

/** The hypervisor ticks for the guest and tells it the time: neither PIT nor HPET is missed. */
export function ticksByItself({ machine }: Simulation): boolean {
  return OWN_TICK.includes(machine.platform);
}

/** The kernel uses the HPET that is there. */
export function hpetEnabled({ machine }: Simulation): boolean {
  return enabledBy(machine);
}

function frequencyKnown({ machine }: Simulation): boolean {
  const { timers } = machine;
  return (timers.kvmclock && detectHypervisor(machine).detected) || timers.knownFrequency;
}

/**
 * Why the kernel needs a PIT, or an HPET in its place; null if it needs none. Mirrors apic_needs_pit() of
 * arch/x86/kernel/apic/apic.c, tests in its order.
 */
export function whyPitNeeded(facts: Simulation): string | null {
  const { timers, platform, cmdline } = facts.machine;
  if (!frequencyKnown(facts)) return 'nothing tells the TSC frequency, so it has to be measured';
  if (facts.apic.mode === 'off') return 'the local APIC is off, and its timer with it';
  if (!timers.arat)
    return 'the local APIC timer may stop in idle states (no ARAT), so another timer must tick then';
  if (timers.tscDeadline) return null;
  if (cmdline.noLapicTimer) return 'the command line switches the local APIC timer off';
  const told = platform === 'bare-metal' ? timers.knownFrequency : TELLS_LAPIC_FREQUENCY.includes(platform);
  return told ? null : 'without TSC-deadline the frequency of the local APIC timer has to be measured';
}

/** CPUs whose tick is a message interrupt of the HPET: they got a channel, and no timer of the hypervisor outranks it. */
export function hpetTicksOn(facts: Simulation): CpuMask {
  const { run, enumeration } = facts;
  const served = ticksByItself(facts) ? [] : run.hpet.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]));
  return CpuMask.of(enumeration.nrCpuIds, served);
}

/** The boot CPU takes the legacy interrupts but the IO-APIC cannot address it. */
export function bootCpuBeyondIoApic({ machine, apic, domains }: Simulation): boolean {
  if (apic.fatal || !machine.legacyIrqs) return false;
  return domains.some((domain) => domain.name === 'ioapic' && domain.unreachable.test(0));
}
