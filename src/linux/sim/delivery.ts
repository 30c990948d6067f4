/** What the APIC decision means to CPUs and device interrupts. Machines for which it means the same run alike. */
import type { Machine } from '../../machine/machine.ts';
import { type ApicDecision, NO_LIMIT } from '../model/apic.ts';
import { pciMsiMax } from '../model/irqdomain.ts';
import { mainline } from '../policy/mainline.ts';
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

/** The same to this machine: limits that no APIC ID of it is above are none. Linear in the CPUs. */
export function withoutVainLimits(delivery: Delivery, { cpus, events }: Machine): Delivery {
  let highest = 0;
  for (const { apicId } of cpus) if (apicId !== null && apicId > highest) highest = apicId;
  for (const event of events) if (event.kind === 'plug') highest = Math.max(highest, event.apicId);
  const orNone = (limit: number): number => (limit < highest ? limit : NO_LIMIT);
  return { ...delivery, limit: orNone(delivery.limit), messageLimit: orNone(delivery.messageLimit) };
}

/** The policy that counts once the delivery is known: mainline for those that change nothing else. */
export function policyInRun(policy: Policy): Policy {
  const { name, aliases, source, summary, verdict, adapt, domainMax, ...rest } = policy;
  return Object.keys(rest).length === 0 ? mainline : policy;
}
