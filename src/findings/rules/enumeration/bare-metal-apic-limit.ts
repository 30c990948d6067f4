/** Without remapping in x2APIC mode, and no hypervisor that helps, CPUs from APIC ID 255 on stay offline. */
import { apicIdsOf, becauseOf, refusedCpus } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';
import { disablesX2apic } from './old-kernel-disables-x2apic.ts';

export const bareMetalApicLimit: Rule = {
  name: 'bare-metal-apic-limit',
  aliases: ['R001'],
  level: 'error',
  summary:
    'Without interrupt remapping in x2APIC mode a bare-metal kernel switches x2APIC off and loses CPUs.',
  explain: [
    'On bare metal, and under a hypervisor that Linux does not recognise or that offers no x2APIC, Linux uses x2APIC only together with interrupt remapping in x2APIC mode. Without it the kernel falls back to xAPIC, where 254 is the highest usable APIC ID.',
    'CPUs above it stay possible and present, so devices make queues for them, but they can never be brought online. "IRQ remapping doesn\'t support X2APIC mode" in the log means just this; the kernel may also lack the option (CONFIG_IRQ_REMAP).',
    'Check: the log has that line, and /sys/devices/system/cpu/present and online differ.',
    'Change: enable VT-d interrupt remapping or AMD-Vi with x2APIC support in firmware, do not pass intremap=off, and do not set the x2APIC opt-out.',
  ],
  messages: [
    "x2apic: IRQ remapping doesn't support X2APIC mode",
    'smpboot: CPU {} has invalid APIC ID {}. Aborting bringup',
    'smpboot: native_cpu_up: bad cpu {}',
    'smpboot: native_kick_ap: bad cpu {}',
  ],
  check(facts) {
    const { apic } = facts;
    if (apic.fatal || !apic.mode.startsWith('xapic') || disablesX2apic(facts)) return [];
    const cpus = refusedCpus(facts);
    if (cpus.isEmpty()) return [];
    const n = cpus.weight();
    return [
      {
        message: `the kernel runs in xAPIC mode; ${count(n, 'plugged CPU')} above APIC ID ${apic.limit} (${apicIdsOf(facts, cpus)}) cannot be brought online`,
        ...becauseOf(facts),
        cpus,
      },
    ];
  },
};
