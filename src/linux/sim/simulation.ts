/** What a simulation gives: everything known about a machine once it was booted in the model. */
import type { Machine } from '../../machine/machine.ts';
import type { ApicDecision } from '../model/apic.ts';
import type { Enumeration } from '../model/enumerate.ts';
import type { Handover } from '../model/handover.ts';
import type { DomainReach } from '../model/reach.ts';
import type { Policy } from '../policy/policy.ts';
import type { Run } from './run.ts';

/** What a rule looks at, and what reports tell. */
export interface Simulation {
  /** The machine as the policy has it. */
  readonly machine: Machine;
  readonly policy: Policy;
  /** How the kernel took the local APIC over from firmware. */
  readonly handover: Handover;
  /** As the events left it. */
  readonly enumeration: Enumeration;
  readonly apic: ApicDecision;
  /** What messages end in; the first is pci-msi. */
  /** The first is pci-msi, whose sets are the machine's headline. */
  readonly domains: readonly DomainReach[];
  /** What those hang on: the remapping unit, and the vectors of the CPUs. */
  readonly innerDomains: readonly DomainReach[];
  readonly run: Run;
}
