/**
 * How a kernel treats CPUs that an interrupt domain cannot address: one small interface, one file for each
 * policy (docs/model/policies.md#catalogue). What a policy leaves out is done as mainline does it.
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import type { DomainName } from '../../machine/interrupt-domains.ts';
import type { Machine } from '../../machine/machine.ts';

/** The CPUs as a policy may look at them, for one interrupt domain. */
export interface PolicyCpus {
  readonly possible: CpuMask;
  readonly present: CpuMask;
  /** Present now, or plugged once and removed since. */
  readonly everPresent: CpuMask;
  readonly reachable: CpuMask;
  readonly unreachable: CpuMask;
  readonly unknown: CpuMask;
  /** Messages of the domain pass a remapping unit. */
  readonly remapped: boolean;
  /** Highest APIC ID that messages can carry, above every ID of the machine if nothing limits it. */
  readonly maxApicId: number;
}

export interface Policy {
  readonly name: string;
  /** Other names, among them the P number. */
  readonly aliases: readonly string[];
  /** Whose idea it is, and where. */
  readonly source: string;
  /** One paragraph: what it does. */
  readonly summary: string;
  /** Whether it is safe, and what it takes. */
  readonly verdict: string;
  /** What it changes in the machine before anything is decided. */
  readonly adapt?: (machine: Machine) => Machine;
  /** CPUs that no message can address come online all the same; x2APIC stays on. */
  readonly onlinesUnreachable?: true;
  /** The CPUs that queues are spread over and counted by; default all possible, present first. */
  readonly spreadOver?: (cpus: PolicyCpus) => { readonly possible: CpuMask; readonly present: CpuMask };
  /** The only CPUs of a domain, made once at boot: other masks are refused (EINVAL). Null, and the default: no such limit. */
  readonly domainMask?: (cpusAtBoot: PolicyCpus) => CpuMask | null;
  /** The CPUs of a managed mask that a vector is reserved on; default all. */
  readonly reserveOn?: (mask: CpuMask, cpus: PolicyCpus) => CpuMask;
  /**
   * I/O of CPUs whose queue does not work goes to a queue of its kind that does, of its node if there is one: to the
   * lowest of them, or to the one that the fewest CPUs use.
   */
  readonly redirects?: 'to-lowest' | 'to-least-used';
  /** The check before a CPU goes down counts vectors of CPUs that interrupts cannot use. */
  readonly countsUnusableVectors?: true;
  /** Highest APIC ID of a domain, given mainline's. */
  readonly domainMax?: (domain: DomainName, maxApicId: number) => number;
}
