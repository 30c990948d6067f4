/**
 * The tree of interrupt domains: what each kind of message can address, and which of them a device hangs on
 * (docs/model/domains-and-destinations.md#domains). It is fixed by the mode decided at boot.
 */

import {
  CLUSTER_MAX_ID,
  EXT_DEST_MAX_ID,
  HYPERV_STUB_MAX,
  MAX_APIC_ID,
  MSI_MAX_ID,
  XAPIC_MAX_ID,
} from '../../machine/apic-ids.ts';
import type { DeviceDomain, DomainName, InnerName, LeafName } from '../../machine/interrupt-domains.ts';
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import type { ApicDecision } from './apic.ts';
import type { Enumeration } from './enumerate.ts';
import { hpetEnabled } from './hpet.ts';
import { type Domain, type DomainReach, reachIn } from './reach.ts';

/** Lowers a domain's limit for a what-if. */
export type DomainMax = (name: DomainName, maxApicId: number) => number;
const asItIs: DomainMax = (_, maxApicId) => maxApicId;

/** The domains that messages end in, pci-msi first. Call again after hot-plug made an APIC ID known. */
export function domainReach(
  machine: Machine,
  enumeration: Enumeration,
  decision: ApicDecision,
  domainMax: DomainMax = asItIs,
): DomainReach[] {
  const leaves = leafNames(machine, decision).map((name) => leafDomain(machine, decision, name, domainMax));
  return reachIn(machine, enumeration, leaves);
}

/** The domains above those, from the unit to the vectors. */
export function innerReach(
  machine: Machine,
  enumeration: Enumeration,
  decision: ApicDecision,
): DomainReach[] {
  const unit = unitOf(machine, decision);
  const inner: Domain[] = [{ name: 'vector', parent: null, maxApicId: vectorMax(machine, decision) }];
  if (unit !== null)
    inner.unshift({ name: unit, parent: 'vector', maxApicId: unitMax(machine, decision, unit) });
  return reachIn(machine, enumeration, inner);
}

function leafNames(machine: Machine, decision: ApicDecision): LeafName[] {
  const { remapping, devices } = machine;
  if (decision.mode === 'off') return ['pci-msi'];
  const names: LeafName[] = ['pci-msi'];
  const { mode, ioApic } = decision;
  const ways = { mode, ioApic, remapped: remapsMessages(decision) };
  if (devices.some((device) => deviceDomain(machine, ways, device) === 'pci-msi-unremapped')) {
    names.push('pci-msi-unremapped');
  }
  if (decision.ioApic) names.push('ioapic');
  if (hasHpetDomain(machine, decision)) names.push('hpet-msi');
  names.push('ipi');
  if (remapping.enabled) names.push('iommu-fault');
  return names;
}

/** What decides where devices hang. */
interface Ways {
  readonly mode: ApicDecision['mode'] | 'on';
  readonly ioApic: boolean;
  /** There is a remapping unit that messages of devices pass. */
  readonly remapped: boolean;
}

/** The controller that a device is behind. */
function controllerOf({ devices }: Machine, { behind }: DeviceSpec): DeviceSpec | undefined {
  return devices.find(({ name }) => name === behind);
}

/** The domain that a device's interrupts are of. */
export function deviceDomain(machine: Machine, ways: Ways, device: DeviceSpec): DeviceDomain {
  const { cmdline } = machine;
  // Behind VMD interrupts go where those of the controller go.
  const controller = device.behind === null ? undefined : controllerOf(machine, device);
  if (controller !== undefined) return deviceDomain(machine, ways, controller);
  if (ways.mode === 'off') return 'pci-msi';
  if ((cmdline.noMsi || device.interrupts === 'line') && ways.ioApic) return 'ioapic';
  return !device.remapped && ways.remapped ? 'pci-msi-unremapped' : 'pci-msi';
}

/** Several messages of one MSI capability need a unit, or Hyper-V's virtual PCI bus: VECTOR gives one. */
export function takesMultiMsi(
  { platform }: Machine,
  { remapped }: Pick<Ways, 'remapped'>,
  domain: DeviceDomain,
): boolean {
  return platform === 'hyperv' || (remapped && domain === 'pci-msi');
}

/** Messages of devices pass a remapping unit; Hyper-V's stub is for the IO-APIC alone. */
export function remapsMessages({ remapping, hypervStub }: ApicDecision): boolean {
  return remapping !== 'none' && !hypervStub;
}

/** A domain by its name, with its place in the tree. */
export function leafDomain(
  machine: Machine,
  decision: ApicDecision,
  name: LeafName,
  domainMax: DomainMax = asItIs,
): Domain {
  const parent = parentOf(machine, decision, name);
  const above =
    parent === 'vector' || parent === null
      ? vectorMax(machine, decision)
      : unitMax(machine, decision, parent);
  const own = ownMax(machine, decision, name, parent);
  return { name, parent, maxApicId: domainMax(name, Math.min(own, above, honouredMax(machine, name))) };
}

/** What the description says that the platform honours. */
function honouredMax({ domains }: Machine, name: DomainName): number {
  return domains[name]?.maxApicId ?? MAX_APIC_ID;
}

function inXapic(decision: ApicDecision): boolean {
  return decision.mode === 'xapic-flat' || decision.mode === 'xapic-physical';
}

/** What the local APICs themselves can be named by. */
function vectorMax(machine: Machine, decision: ApicDecision): number {
  // Without local APICs every device interrupt takes its line to the boot CPU.
  if (decision.mode === 'off') return decision.limit;
  return Math.min(inXapic(decision) ? XAPIC_MAX_ID : MAX_APIC_ID, honouredMax(machine, 'vector'));
}

/** A table entry of a unit: 8 bits without EIM or XT, else 32. The stub has none: its messages are the IO-APIC's. */
function unitMax(machine: Machine, decision: ApicDecision, unit: InnerName): number {
  const own =
    unit === 'hyperv-ir' ? HYPERV_STUB_MAX : decision.remapping === 'x2apic' ? MAX_APIC_ID : MSI_MAX_ID;
  return Math.min(own, vectorMax(machine, decision), honouredMax(machine, unit));
}

/** The remapping unit, or null. */
function unitOf({ remapping }: Machine, decision: ApicDecision): InnerName | null {
  if (decision.mode === 'off' || decision.remapping === 'none') return null;
  if (decision.hypervStub) return 'hyperv-ir';
  return remapping.vendor === 'intel' ? 'intel-ir' : 'amd-ir';
}

function parentOf(machine: Machine, decision: ApicDecision, name: LeafName): InnerName | null {
  const unit = unitOf(machine, decision) ?? 'vector';
  switch (name) {
    case 'ipi':
      return null;
    case 'ioapic':
      return unit;
    case 'pci-msi':
      // Hyper-V's stub is for the IO-APIC alone.
      return unit === 'hyperv-ir' ? 'vector' : unit;
    case 'hpet-msi':
      return unit !== 'hyperv-ir' && isHpetClaimed(machine) ? unit : 'vector';
    case 'pci-msi-unremapped':
    case 'iommu-fault':
      return 'vector';
  }
}

/** What the message itself has room for. */
function ownMax(machine: Machine, decision: ApicDecision, name: LeafName, parent: InnerName | null): number {
  if (name === 'ipi' || decision.mode === 'off') return MAX_APIC_ID;
  if (name === 'iommu-fault') return iommuFaultMax(machine, decision);
  // Hyper-V's vPCI targets virtual processors by number: what may be online can be reached.
  if (name === 'pci-msi' && machine.platform === 'hyperv') return decision.limit;
  // Behind a unit it carries the index of a table entry.
  return parent === 'vector' ? compatibilityMax(machine, decision) : MAX_APIC_ID;
}

/** A message that no remapping hardware touches. */
function compatibilityMax(machine: Machine, decision: ApicDecision): number {
  if (decision.mode === 'x2apic-cluster') return CLUSTER_MAX_ID;
  return decision.extDestId && machine.extDestHonoured ? EXT_DEST_MAX_ID : MSI_MAX_ID;
}

/** Firmware of real machines names the HPET among what the IOMMU serves; no hypervisor's tables do. */
function isHpetClaimed({ platform, remapping }: Machine): boolean {
  return platform === 'bare-metal' && remapping.enabled;
}

/**
 * Messages of the HPET have a domain: it sends some, and is not outside the IOMMU in x2APIC remapping mode
 * (x86_vector_select()).
 */
export function hasHpetDomain(machine: Machine, decision: ApicDecision): boolean {
  if (decision.mode === 'off' || !machine.hpet.msi || !hpetEnabled(machine)) return false;
  return decision.remapping !== 'x2apic' || isHpetClaimed(machine);
}

/** The IOMMU's own interrupt: VT-d has 32-bit registers with EIM, AMD-Vi with XT; else a message that is not remapped. */
function iommuFaultMax(machine: Machine, decision: ApicDecision): number {
  if (machine.remapping.vendor === 'intel') return machine.remapping.eim ? MAX_APIC_ID : MSI_MAX_ID;
  const intCapXt = decision.remapping === 'x2apic' && machine.kernel.has('amd-intcapxt');
  return intCapXt ? MAX_APIC_ID : compatibilityMax(machine, decision);
}
