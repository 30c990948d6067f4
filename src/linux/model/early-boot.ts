/** What the kernel has decided before it brings a second CPU up: hand-over, CPU numbers, APIC mode. */
import type { Machine } from '../../machine/machine.ts';
import { type ApicDecision, decideApic } from './apic.ts';
import { type Enumeration, enumerate } from './enumerate.ts';
import { type Handover, handOver } from './handover.ts';

export interface EarlyBoot {
  readonly handover: Handover;
  readonly enumeration: Enumeration;
  /** Of mainline, whatever the policy of the machine. */
  readonly apic: ApicDecision;
}

/** The first three steps of a boot. Never fails; what kills the kernel is in `apic.fatal`. */
export function earlyBoot(machine: Machine): EarlyBoot {
  const handover = handOver(machine);
  const enumeration = enumerate(machine, handover);
  return { handover, enumeration, apic: decideApic(machine, handover, enumeration) };
}
