/** What a simulation gives. */
import type { Machine } from '../../machine/machine.ts';
import type { ApicDecision } from '../model/apic.ts';
import type { Enumeration } from '../model/enumerate.ts';
import type { DomainReach } from '../model/irqdomain.ts';
import type { Policy } from '../policy/policy.ts';
import type { Run } from './run.ts';

export interface Simulation {
  /** The machine as the policy has it. */
  readonly machine: Machine;
  readonly policy: Policy;
  readonly enumeration: Enumeration;
  readonly apic: ApicDecision;
  readonly domains: readonly DomainReach[];
  readonly run: Run;
}
