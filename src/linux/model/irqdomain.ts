/**
 * Which CPUs the messages of each interrupt domain can address: the three sets of
 * docs/model/domains-and-destinations.md#three-sets, per domain. They depend on APIC IDs and the mode decided
 * at boot, never on whether a CPU is online.
 */

import { CpuMask } from '../../lib/cpumask.ts';
import {
  CLUSTER_MAX_ID,
  EXT_DEST_MAX_ID,
  HYPERV_STUB_MAX,
  MAX_APIC_ID,
  MSI_MAX_ID,
  XAPIC_MAX_ID,
} from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ApicDecision } from './apic.ts';
import type { Enumeration, KernelCpu } from './enumerate.ts';

export type DomainName = 'pci-msi' | 'ioapic' | 'hpet-msi' | 'ipi' | 'iommu-fault';

/** Every possible CPU is in one of the sets. */
export interface CpuReach {
  readonly reachable: CpuMask;
  readonly unreachable: CpuMask;
  /** Possible CPUs whose APIC ID the kernel does not know. */
  readonly unknown: CpuMask;
}

export interface DomainReach extends CpuReach {
  readonly name: DomainName;
  /** Highest APIC ID the domain can address. */
  readonly maxApicId: number;
}

/** A domain that exists on this machine; `extraRule` narrows it beyond its highest APIC ID. */
interface Domain {
  readonly name: DomainName;
  readonly maxApicId: number;
  readonly extraRule?: (cpu: KernelCpu) => boolean;
}

/**
 * The domains of the machine, pci-msi first. Call again after hot-plug made an APIC ID known. `domainMax` may
 * lower a domain's limit for a what-if.
 */
export function domainReach(
  machine: Machine,
  enumeration: Enumeration,
  decision: ApicDecision,
  domainMax: (name: DomainName, maxApicId: number) => number = (_, maxApicId) => maxApicId,
): DomainReach[] {
  return domains(machine, decision).map((domain) =>
    threeSets(enumeration, { ...domain, maxApicId: domainMax(domain.name, domain.maxApicId) }),
  );
}

function domains(machine: Machine, decision: ApicDecision): Domain[] {
  const list: Domain[] = [{ name: 'pci-msi', maxApicId: pciMsiMax(machine, decision) }];
  if (decision.mode === 'off') return list;
  if (decision.ioApic) list.push(ioApicDomain(machine, decision));
  const { hpet, cmdline, remapping } = machine;
  if (hpet.present && hpet.msi && !cmdline.hpetDisable) list.push(...hpetMsiDomain(machine, decision));
  list.push({ name: 'ipi', maxApicId: inXapic(decision) ? XAPIC_MAX_ID : MAX_APIC_ID });
  if (remapping.enabled) list.push({ name: 'iommu-fault', maxApicId: iommuFaultMax(machine, decision) });
  return list;
}

function inXapic(decision: ApicDecision): boolean {
  return decision.mode === 'xapic-flat' || decision.mode === 'xapic-physical';
}

/** A message that no remapping hardware touches (VECTOR domain). */
function vectorMax(decision: ApicDecision): number {
  if (inXapic(decision)) return XAPIC_MAX_ID;
  if (decision.mode === 'x2apic-cluster') return CLUSTER_MAX_ID;
  return decision.extDestId ? EXT_DEST_MAX_ID : MSI_MAX_ID;
}

/** A message that is remapped: 8 bits without EIM or XT, else 32. */
function remappedMax(decision: ApicDecision): number {
  if (inXapic(decision)) return XAPIC_MAX_ID;
  return decision.remapping === 'x2apic' ? MAX_APIC_ID : MSI_MAX_ID;
}

/** Highest APIC ID that messages of devices can address. */
export function pciMsiMax(machine: Machine, decision: ApicDecision): number {
  // Without local APICs there are no messages: every device interrupt takes its line to the boot CPU.
  if (decision.mode === 'off') return decision.limit;
  // Hyper-V's vPCI targets virtual processors by number: what may be online can be reached.
  if (machine.platform === 'hyperv' && !inXapic(decision)) return Math.min(decision.limit, MAX_APIC_ID);
  return decision.remapping === 'none' || decision.hypervStub ? vectorMax(decision) : remappedMax(decision);
}

function ioApicDomain(machine: Machine, decision: ApicDecision): Domain {
  if (!decision.hypervStub) {
    const maxApicId = decision.remapping === 'none' ? vectorMax(decision) : remappedMax(decision);
    return { name: 'ioapic', maxApicId };
  }
  return {
    name: 'ioapic',
    maxApicId: inXapic(decision) ? XAPIC_MAX_ID : HYPERV_STUB_MAX,
    extraRule: (cpu) => inStubMask(machine, cpu),
  };
}

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

/**
 * Firmware of real machines names the HPET among what the IOMMU serves; no hypervisor's tables do. An HPET
 * outside the IOMMU gets no MSI domain in x2APIC remapping mode.
 */
function hpetMsiDomain(machine: Machine, decision: ApicDecision): Domain[] {
  const claimed = machine.platform === 'bare-metal' && machine.remapping.enabled;
  if (claimed && decision.remapping !== 'none') {
    return [{ name: 'hpet-msi', maxApicId: remappedMax(decision) }];
  }
  if (decision.remapping === 'x2apic') return [];
  return [{ name: 'hpet-msi', maxApicId: vectorMax(decision) }];
}

/** The IOMMU's own interrupt: VT-d has 32-bit registers with EIM, AMD-Vi with XT; else a message that is not remapped. */
function iommuFaultMax(machine: Machine, decision: ApicDecision): number {
  if (inXapic(decision)) return XAPIC_MAX_ID;
  if (machine.remapping.vendor === 'intel') return machine.remapping.eim ? MAX_APIC_ID : MSI_MAX_ID;
  const intCapXt = decision.remapping === 'x2apic' && machine.kernel.has('amd-intcapxt');
  return intCapXt ? MAX_APIC_ID : vectorMax(decision);
}

/** Where messages of devices go that can address APIC IDs up to `maxApicId`. */
export function reachOfMessages(enumeration: Enumeration, maxApicId: number): CpuReach {
  return threeSets(enumeration, { name: 'pci-msi', maxApicId });
}

/** Every possible CPU goes to exactly one of the sets. */
function threeSets({ nrCpuIds, cpus }: Enumeration, { name, maxApicId, extraRule }: Domain): DomainReach {
  const reachable = new CpuMask(nrCpuIds);
  const unreachable = new CpuMask(nrCpuIds);
  const unknown = new CpuMask(nrCpuIds);
  for (const cpu of cpus) {
    if (cpu.apicId === null) unknown.set(cpu.cpu);
    else if (cpu.apicId <= maxApicId && (extraRule?.(cpu) ?? true)) reachable.set(cpu.cpu);
    else unreachable.set(cpu.cpu);
  }
  return { name, maxApicId, reachable, unreachable, unknown };
}
