/** What the APIC decision means to CPUs and device interrupts. */
import { MAX_APIC_ID } from '../../machine/apic-ids.ts';
import type { DeviceDomain } from '../../machine/interrupt-domains.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ApicDecision } from '../model/apic.ts';
import { hasHpetDomain, leafDomain, remapsMessages } from '../model/irqdomain.ts';
import type { Domain } from '../model/reach.ts';
import type { Policy } from '../policy/policy.ts';

export interface Delivery {
  /** off: there are no message interrupts, each device has one line. */
  readonly mode: 'off' | 'on';
  /** There is a remapping unit: interrupts behind it move at once. Hyper-V's stub does not tell the core that it could. */
  readonly remapped: boolean;
  /** Lines go to the CPUs of Hyper-V's stub only. */
  readonly stub: boolean;
  /** The IO-APIC takes line interrupts. */
  readonly ioApic: boolean;
  readonly parallelBringUp: boolean;
  /** Highest APIC ID that may come online. */
  readonly limit: number;
  /** Where interrupts of devices go, by the domain that a device hangs on. */
  readonly domains: Readonly<Record<DeviceDomain, Domain>>;
  /** Where messages of the HPET go; null: they have no interrupt domain. */
  readonly hpet: Domain | null;
  /** Highest APIC ID that a policy lets messages of the HPET name. */
  readonly hpetMax: number;
}

/** Of a decision under which the kernel does not panic. */
export function deliveryOf(machine: Machine, apic: ApicDecision, { domainMax }: Policy): Delivery {
  return {
    mode: apic.mode === 'off' ? 'off' : 'on',
    remapped: remapsMessages(apic),
    stub: apic.hypervStub,
    ioApic: apic.ioApic,
    parallelBringUp: apic.parallelBringUp,
    limit: apic.limit,
    domains: byDomain((name) => leafDomain(machine, apic, name, domainMax)),
    hpetMax: domainMax?.('hpet-msi', MAX_APIC_ID) ?? MAX_APIC_ID,
    hpet: hasHpetDomain(machine, apic) ? leafDomain(machine, apic, 'hpet-msi', domainMax) : null,
  };
}

/** One value for each domain that devices can hang on. */
export function byDomain<T>(make: (name: DeviceDomain) => T): Record<DeviceDomain, T> {
  return {
    'pci-msi': make('pci-msi'),
    'pci-msi-unremapped': make('pci-msi-unremapped'),
    ioapic: make('ioapic'),
  };
}
