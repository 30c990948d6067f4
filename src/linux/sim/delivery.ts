/** What the APIC decision means to CPUs and device interrupts. */
import type { Machine } from '../../machine/machine.ts';
import type { ApicDecision } from '../model/apic.ts';
import { pciMsiMax } from '../model/irqdomain.ts';
import type { Policy } from '../policy/policy.ts';

export interface Delivery {
  /** off: there are no message interrupts, each device has one line. */
  readonly mode: 'off' | 'on';
  /** Interrupts move at once, not with the next one. Hyper-V's stub does not tell the core that it could. */
  readonly remapped: boolean;
  /** Lines go to the CPUs of Hyper-V's stub only. */
  readonly stub: boolean;
  readonly parallelBringUp: boolean;
  /** Highest APIC ID that may come online. */
  readonly limit: number;
  /** Highest APIC ID that messages of devices reach. */
  readonly messageLimit: number;
}

/** Of a decision under which the kernel does not panic. */
export function deliveryOf(machine: Machine, apic: ApicDecision, { domainMax }: Policy): Delivery {
  const messages = pciMsiMax(machine, apic);
  return {
    mode: apic.mode === 'off' ? 'off' : 'on',
    remapped: apic.remapping !== 'none' && !apic.hypervStub,
    stub: apic.hypervStub,
    parallelBringUp: apic.parallelBringUp,
    limit: apic.limit,
    messageLimit: domainMax?.('pci-msi', messages) ?? messages,
  };
}
