/** Plugged CPUs that the command line keeps from the kernel in a way no other rule is about. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { apicDisabled } from '../../../linux/model/handover.ts';
import { becauseOf, presentAboveLimit } from '../facts/cpus-above-limit.ts';
import { idsOf, ignoredPlugged, reasonsOf } from '../facts/ignored-cpus.ts';
import { count, type Rule } from '../rule.ts';

export const firmwareCpusIgnored: Rule = {
  name: 'firmware-cpus-ignored',
  aliases: [],
  level: 'warning',
  summary: 'Kernel parameters make the kernel ignore plugged CPUs.',
  explain: [
    'nolapic (and disableapic) switches the local APIC off: the kernel then runs on the boot CPU alone and without message interrupts. disable_cpu_apicid= (6.8 and older) takes one CPU away; crash kernels pass it for the CPU that booted the machine.',
    'Ignored CPUs are in no CPU mask, so nothing else in a report tells that they exist.',
    'Check: fewer CPUs in /sys/devices/system/cpu/present than the machine has; cat /proc/cmdline.',
    'Change: remove the parameter.',
  ],
  messages: ['APIC: Disabling requested cpu. Processor {} ignored.'],
  check(facts) {
    const nolapic = apicDisabled(facts.machine);
    const lost = [...ignoredPlugged(facts, 'disabled'), ...(nolapic ? ignoredPlugged(facts, 'no-apic') : [])];
    const added = nolapic ? presentAboveLimit(facts) : new CpuMask(0);
    const n = lost.length + added.weight();
    if (n === 0) return [];
    return [
      {
        message: `${count(n, 'plugged CPU')}${idsOf(lost)} cannot be used by the kernel`,
        cause: lost.length > 0 ? reasonsOf(lost) : becauseOf(facts).cause,
        cpus: added,
        path: ['cmdline'],
      },
    ];
  },
};
