/** Keys of a description about interrupt domains: what the platform does beyond what the kernel counts on. */
import { apicId, cpuList, type Holds, type Optional, object, optional } from './fields.ts';
import { DOMAIN_NAMES } from './interrupt-domains.ts';

const reach = object(
  {
    reachable: optional(cpuList(), 'CPUs that it reaches whatever their APIC IDs.'),
    unreachable: optional(cpuList(), 'CPUs that it does not reach.'),
  },
  'a mapping with reachable, unreachable',
);

const domain = object(
  {
    maxApicId: optional(apicId(), 'The highest APIC ID that the platform honours.'),
    reach: optional(reach, 'CPUs by number.'),
  },
  'a mapping with maxApicId, reach',
);

const names = Object.fromEntries(
  DOMAIN_NAMES.map((name) => [
    name,
    optional(domain, `Limits of ${name}; the domains and devices below it inherit them.`),
  ]),
) as Record<(typeof DOMAIN_NAMES)[number], Optional<Holds<typeof domain>>>;

export const domains = object(names, `a mapping of interrupt domains: ${DOMAIN_NAMES.join(', ')}`);
