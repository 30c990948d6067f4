/**
 * Which CPUs the interrupts of a domain can reach, and which of them a policy lets them use
 * (docs/model/policies.md#by-domain). The kernel's own policy lets all use every CPU that is online.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import { type DeviceDomain, USED_DOMAINS, type UsedDomain } from '../../machine/interrupt-domains.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ProbeCounts } from '../drivers/driver.ts';
import type { DomainRule, IrqLife } from '../engine/irq-life.ts';
import type { SpreadCpus } from '../engine/spread-cpus.ts';
import type { Enumeration } from '../model/enumerate.ts';
import { type CpuReach, type Domain, reachSets } from '../model/reach.ts';
import type { Policy, PolicyCpus } from '../policy/policy.ts';
import type { Delivery } from './delivery.ts';

/** What is looked at before the system is complete. */
interface Facts {
  readonly machine: Machine;
  readonly enumeration: Enumeration;
  readonly delivery: Delivery;
  readonly policy: Policy;
  /** By domain, of those that were asked for. */
  readonly reaches: Map<UsedDomain, CpuReach>;
  /** The masks that a policy made at boot. */
  readonly domainMasks: ReadonlyMap<UsedDomain, CpuMask>;
}

/** What is spread besides. */
interface Spreading extends Facts {
  readonly life: Pick<IrqLife, 'domains'>;
  readonly spread: SpreadCpus;
  readonly spreadsIn: Map<UsedDomain, SpreadCpus>;
}

/** The place of a domain's rule in the engine. */
export const domainIndex = (name: UsedDomain): number => USED_DOMAINS.indexOf(name);

/** What the engine is told of an interrupt's domain. */
export function placeIn(domain: DeviceDomain): { readonly domain: number; readonly unremapped: boolean } {
  return { domain: domainIndex(domain), unremapped: domain === 'pci-msi-unremapped' };
}

/** Null: there is no such domain on this machine. */
function domainOf({ delivery }: Pick<Facts, 'delivery'>, name: UsedDomain): Domain | null {
  return name === 'hpet-msi' ? delivery.hpet : delivery.domains[name];
}

/** Domains that interrupts of this machine can be of. */
function domainsHere({ delivery }: Facts): UsedDomain[] {
  return USED_DOMAINS.filter((name) => {
    if (name === 'pci-msi-unremapped') return delivery.remapped;
    return name === 'ioapic' ? delivery.ioApic : domainOf({ delivery }, name) !== null;
  });
}

/** Which CPUs interrupts of a domain can address now. */
export function reachOf(
  { machine, enumeration, delivery, reaches }: Omit<Facts, 'policy' | 'domainMasks'>,
  name: UsedDomain,
): CpuReach {
  const known = reaches.get(name);
  if (known !== undefined) return known;
  const reach = reachSets(machine, enumeration, domainOf({ delivery }, name) ?? delivery.domains['pci-msi']);
  reaches.set(name, reach);
  return reach;
}

/** The CPUs as a policy may look at them, for one domain. */
export function policyCpus(facts: Omit<Facts, 'policy' | 'domainMasks'>, name: UsedDomain): PolicyCpus {
  const { enumeration, delivery } = facts;
  const { possible, present, everPresent } = enumeration;
  const domain = domainOf({ delivery }, name) ?? delivery.domains['pci-msi'];
  return {
    possible,
    present,
    everPresent,
    ...reachOf(facts, name),
    remapped: domain.parent !== 'vector',
    maxApicId: domain.maxApicId,
  };
}

/** The masks that a policy makes at boot, by domain; a domain without one is not limited. */
export function domainMasksAtBoot(facts: Omit<Facts, 'domainMasks'>): ReadonlyMap<UsedDomain, CpuMask> {
  const { policy } = facts;
  const masks = new Map<UsedDomain, CpuMask>();
  if (policy.domainMask === undefined) return masks;
  for (const name of USED_DOMAINS) {
    const mask = policy.domainMask(policyCpus(facts, name));
    if (mask !== null) masks.set(name, mask);
  }
  return masks;
}

/** The only CPUs that the policy lets interrupts of a domain use; null: all that are online. */
export function usableBy(facts: Facts, name: UsedDomain): CpuMask | null {
  const { policy, domainMasks } = facts;
  if (!policy.onlinesUnreachable) return null;
  if (policy.domainMask !== undefined) return domainMasks.get(name) ?? null;
  return reachOf(facts, name).reachable;
}

/** The CPUs that interrupts of some domain may use; null: all. */
function usableByAny(facts: Facts): CpuMask | null {
  const union = new CpuMask(facts.enumeration.nrCpuIds);
  for (const name of domainsHere(facts)) {
    const mask = usableBy(facts, name);
    if (mask === null) return null;
    union.orWith(mask);
  }
  return union;
}

/** The policy lets interrupts of some domain go to this CPU when it is online. */
export function interruptsMayUse(facts: Facts, cpu: number): boolean {
  if (!facts.policy.onlinesUnreachable) return true;
  return domainsHere(facts).some((name) => usableBy(facts, name)?.test(cpu) ?? true);
}

/** The default mask as a domain takes it: narrowed to the policy's, or that where they have nothing in common. */
function defaultIn({ domainMasks }: Facts, affinity: CpuMask, name: UsedDomain): CpuMask {
  const mask = domainMasks.get(name);
  if (mask === undefined) return affinity;
  const both = CpuMask.and(affinity, mask);
  return both.isEmpty() ? mask : both;
}

/** What the engine is to know of the domains; `affinity`: irq_default_affinity. */
export function domainRules(facts: Facts, affinity: CpuMask): readonly DomainRule[] {
  if (!facts.policy.onlinesUnreachable) {
    const all = { usable: null, defaultAffinity: affinity };
    return USED_DOMAINS.map(() => all);
  }
  const any = usableByAny(facts);
  return USED_DOMAINS.map((name) => {
    const usable = usableBy(facts, name);
    // CPUs that no domain may use are offline to the engine.
    const narrows = usable !== null && (any === null || !any.isSubsetOf(usable));
    return { usable: narrows ? usable : null, defaultAffinity: defaultIn(facts, affinity, name) };
  });
}

/** The CPUs as interrupts of a domain are spread over them. */
export function spreadIn(system: Spreading, name: UsedDomain): SpreadCpus {
  const { policy, spread, spreadsIn, life } = system;
  if (!policy.onlinesUnreachable) return spread;
  const known = spreadsIn.get(name);
  if (known !== undefined) return known;
  const narrowed = policy.spreadOver?.(policyCpus(system, name));
  const own = { ...spread, ...narrowed, defaultAffinity: life.domains[domainIndex(name)].defaultAffinity };
  spreadsIn.set(name, own);
  return own;
}

/** Driver formulas count what the policy spreads over, so that a narrower spread makes no surplus queues. */
export function countCpus(
  system: Spreading & { readonly online: CpuMask },
  domain: DeviceDomain,
): ProbeCounts {
  const { machine, enumeration, online } = system;
  const { possible, present } = spreadIn(system, domain);
  const narrowed = possible.weight() < enumeration.possible.weight();
  return {
    kernel: machine.kernel,
    cmdline: machine.cmdline,
    nrCpuIds: narrowed ? possible.weight() : enumeration.nrCpuIds,
    possible: possible.weight(),
    present: present.weight(),
    online: online.weight(),
  };
}
