/** Under which facts machines run alike, so that one run can stand for all of them. */

import type { Domain } from '../../../linux/model/reach.ts';
import { mainline } from '../../../linux/policy/mainline.ts';
import type { Policy } from '../../../linux/policy/policy.ts';
import { byDomain, type Delivery } from '../../../linux/sim/delivery.ts';
import { NO_LIMIT } from '../../../machine/apic-ids.ts';
import type { Machine } from '../../../machine/machine.ts';

/** The same to this machine: limits that no APIC ID of it is above are none. Linear in the CPUs. */
export function withoutVainLimits(delivery: Delivery, { cpus, events }: Machine): Delivery {
  let highest = 0;
  for (const { apicId } of cpus) if (apicId !== null && apicId > highest) highest = apicId;
  for (const event of events) if (event.kind === 'plug') highest = Math.max(highest, event.apicId);
  const orNone = (limit: number): number => (limit < highest ? limit : NO_LIMIT);
  const within = (domain: Domain): Domain => ({ ...domain, maxApicId: orNone(domain.maxApicId) });
  return {
    ...delivery,
    limit: orNone(delivery.limit),
    domains: byDomain((name) => within(delivery.domains[name])),
    hpet: delivery.hpet && within(delivery.hpet),
  };
}

/** The policy that counts once the delivery is known: mainline for those that change nothing else. */
export function policyInRun(policy: Policy): Policy {
  const { name, aliases, source, summary, verdict, adapt, domainMax, ...rest } = policy;
  return Object.keys(rest).length === 0 ? mainline : policy;
}
