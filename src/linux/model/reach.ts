/**
 * Which CPUs the messages of an interrupt domain can address: the three sets of
 * docs/model/domains-and-destinations.md#three-sets. They depend on APIC IDs and the mode decided at boot, never on
 * whether a CPU is online.
 */

import { CpuMask } from '../../lib/cpumask.ts';
import { HYPERV_STUB_MAX, MAX_APIC_ID } from '../../machine/apic-ids.ts';
import type { DomainName, InnerName } from '../../machine/interrupt-domains.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Enumeration, KernelCpu } from './enumerate.ts';
import { isGuessed, isInDoubt } from './enumeration.ts';

/** A domain of this machine, in its place in the tree. */
export interface Domain {
  readonly name: DomainName;
  /** The domain above; null: none. */
  readonly parent: InnerName | null;
  /** Highest APIC ID that it can address, over the whole way up. */
  readonly maxApicId: number;
}

/** Every possible CPU is in one of the sets. */
export interface CpuReach {
  readonly reachable: CpuMask;
  readonly unreachable: CpuMask;
  /** Possible CPUs whose APIC ID the kernel, or the description, does not know, or that would be reachable if it does not reject them. */
  readonly unknown: CpuMask;
  /** Every possible CPU is reachable. */
  readonly complete: boolean;
}

/** A domain with its sets. */
export interface DomainReach extends CpuReach, Domain {}

/** Made once at boot from the CPUs whose APIC IDs are known then, by number and APIC ID (ioapic_max_cpumask). */
function inStubMask({ kernel, cpus }: Machine, { cpu, apicId, firmwareIndex }: KernelCpu): boolean {
  const knownAtBoot =
    kernel.has('topology-fixed-at-boot') ||
    (firmwareIndex !== null && cpus[firmwareIndex].state !== 'absent');
  return knownAtBoot && cpu <= HYPERV_STUB_MAX && apicId !== null && apicId <= HYPERV_STUB_MAX;
}

/** The CPUs that Hyper-V's stub sends IO-APIC interrupts to, when the machine boots. */
export function hypervStubMask(machine: Machine, { nrCpuIds, cpus }: Enumeration): CpuMask {
  return CpuMask.of(
    nrCpuIds,
    cpus.filter((cpu) => inStubMask(machine, cpu)).map(({ cpu }) => cpu),
  );
}

/** Virtual processors that Hyper-V's vPCI can name by a mask of 64 bits, before protocol 1.2. */
const VPCI_MASK_BITS = 64;

/** True if the domain targets virtual processors by a mask of 64 bits (hv_irq_unmask()). */
export function vpciByMask({ platform, vpciProtocol }: Machine): boolean {
  return platform === 'hyperv' && vpciProtocol === '1.1';
}

/** What narrows a domain beyond its highest APIC ID; undefined: nothing. */
function extraRule(machine: Machine, domain: Domain): ((cpu: KernelCpu) => boolean) | undefined {
  const { name } = domain;
  if (name === 'pci-msi' && vpciByMask(machine)) return ({ cpu }) => cpu < VPCI_MASK_BITS;
  const stub = name === 'hyperv-ir' || (name === 'ioapic' && domain.parent === 'hyperv-ir');
  return stub ? (cpu) => inStubMask(machine, cpu) : undefined;
}

/** What the description says of CPUs by their numbers, the nearest domain on the way up first; undefined: nothing. */
function describedReach(
  { domains }: Machine,
  domain: Domain,
): ((cpu: number) => boolean | undefined) | undefined {
  if (Object.keys(domains).length === 0) return undefined;
  const way = [domain.name, domain.parent, domain.parent === null ? null : ('vector' as const)];
  const facts = way.flatMap((name) => (name === null ? [] : (domains[name] ?? [])));
  return (cpu) => {
    const named = facts.find(({ reachable, unreachable }) => reachable.has(cpu) || unreachable.has(cpu));
    return named?.reachable.has(cpu);
  };
}

/** Domains with their sets; those that nothing but the same limit narrows share theirs. */
export function reachIn(
  machine: Machine,
  enumeration: Enumeration,
  domains: readonly Domain[],
): DomainReach[] {
  const byLimit = new Map<number, CpuReach>();
  const setsOf = (domain: Domain): CpuReach => {
    const sets = byLimit.get(domain.maxApicId) ?? reachSets(machine, enumeration, domain);
    byLimit.set(domain.maxApicId, sets);
    return sets;
  };
  return domains.map((domain) => {
    const ownRules = extraRule(machine, domain) ?? describedReach(machine, domain);
    const sets = ownRules === undefined ? setsOf(domain) : reachSets(machine, enumeration, domain);
    const { name, parent, maxApicId } = domain;
    const { reachable, unreachable, unknown, complete } = sets;
    return { name, parent, maxApicId, reachable, unreachable, unknown, complete };
  });
}

/** The sets of a domain: every possible CPU goes to exactly one. */
export function reachSets(machine: Machine, enumeration: Enumeration, domain: Domain): CpuReach {
  const { nrCpuIds, cpus } = enumeration;
  const reachable = new CpuMask(nrCpuIds);
  const unreachable = new CpuMask(nrCpuIds);
  const unknown = new CpuMask(nrCpuIds);
  const { maxApicId } = domain;
  const within = extraRule(machine, domain);
  const described = describedReach(machine, domain);
  const setOf = (slot: KernelCpu): CpuMask => {
    const { cpu, apicId } = slot;
    if (apicId === null) return unknown;
    const said = described?.(cpu);
    if (said === undefined && maxApicId < MAX_APIC_ID && isGuessed(machine, slot)) return unknown;
    const isReached = said ?? (apicId <= maxApicId && (within?.(slot) ?? true));
    if (!isReached) return unreachable;
    return isInDoubt(enumeration, slot) ? unknown : reachable;
  };
  for (const slot of cpus) setOf(slot).set(slot.cpu);
  const complete = unreachable.isEmpty() && unknown.isEmpty();
  return { reachable, unreachable, unknown, complete };
}
