/** What a simulation gives, as a whole and step by step. */
import type { Machine } from '../machine/machine.ts';
import type { ApicDecision } from '../model/apic.ts';
import type { Enumeration } from '../model/enumerate.ts';
import type { DomainReach } from '../model/irqdomain.ts';
import type { Policy } from '../policy/policy.ts';
import type { Run } from './run.ts';
import type { System } from './system.ts';

export interface Simulation {
  /** The machine as the policy has it. */
  readonly machine: Machine;
  readonly policy: Policy;
  readonly enumeration: Enumeration;
  readonly apic: ApicDecision;
  readonly domains: readonly DomainReach[];
  readonly run: Run;
}

/** What a simulation finds of the machine that the policy has. */
export type Outcome = Omit<Simulation, 'machine' | 'policy'>;

/** A machine after boot; no system if the kernel panicked. */
export interface Booted {
  readonly enumeration: Enumeration;
  readonly apic: ApicDecision;
  readonly system: System | null;
}
