/** Small machines no longer use flat logical destinations. */
import { count, type Rule } from '../rule.ts';

/** Up to this many possible CPUs older kernels use flat mode. */
const FLAT_CPUS = 8;

export const physicalFlatUsed: Rule = {
  name: 'physical-flat-used',
  aliases: ['R045'],
  level: 'note',
  summary:
    'With up to 8 CPUs this kernel uses physical destinations, where older kernels used flat logical ones.',
  explain: [
    'In xAPIC mode kernels before 6.12 address up to 8 CPUs by a bit mask (flat logical mode). Since 6.12, and in late 6.10.y and 6.11.y, every 64-bit kernel uses physical flat mode.',
    'An interrupt goes to one CPU in either mode, so nothing is lost; only the destinations in interrupt messages look different.',
    'Check: "Switched APIC routing to: physical flat" in the log.',
    'Change: nothing.',
  ],
  messages: ['APIC: Switched APIC routing to: physical flat'],
  check({ machine, apic, enumeration }) {
    const { kernel } = machine;
    if (
      apic.fatal ||
      kernel.has('flat-apic') ||
      apic.mode !== 'xapic-physical' ||
      enumeration.nrCpuIds > FLAT_CPUS
    )
      return [];
    return [
      {
        message: `Linux ${kernel.text} uses physical destinations for ${count(enumeration.nrCpuIds, 'CPU')}; older kernels used flat logical ones`,
        cause: ['flat logical mode was removed from 64-bit kernels in 6.12, and in late 6.10.y and 6.11.y'],
        fix: ['nothing needs to change'],
        path: ['kernel'],
      },
    ];
  },
};
