/** R001: on bare metal without remapping in x2APIC mode, CPUs at or above APIC ID 255 stay offline. */
import { apicIdsOf, presentAboveLimit } from '../about/cpus-above-limit.ts';
import { widerDestinations } from '../about/fixes.ts';
import { count, type Rule } from '../rule.ts';

export const bareMetalApicLimit: Rule = {
  name: 'bare-metal-apic-limit',
  aliases: ['R001'],
  level: 'error',
  summary:
    'Without interrupt remapping in x2APIC mode a bare-metal kernel switches x2APIC off and loses CPUs.',
  explain: [
    'On bare metal, and under a hypervisor the kernel does not recognise, Linux uses x2APIC only together with interrupt remapping in x2APIC mode. Without it the kernel falls back to xAPIC, where 254 is the highest usable APIC ID.',
    'CPUs above it stay possible and present, so devices make queues for them, but they can never be brought online. "IRQ remapping doesn\'t support X2APIC mode" in the log means just this; the kernel may also lack the option (CONFIG_IRQ_REMAP).',
    'Change: enable VT-d interrupt remapping or AMD-Vi with x2APIC support in firmware, do not pass intremap=off, and do not set the x2APIC opt-out.',
  ],
  messages: [
    "x2apic: IRQ remapping doesn't support X2APIC mode",
    'smpboot: CPU {} has invalid APIC ID {}. Aborting bringup',
    'smpboot: native_cpu_up: bad cpu {}',
    'smpboot: native_kick_ap: bad cpu {}',
  ],
  check(facts) {
    const cpus = presentAboveLimit(facts);
    if (cpus.isEmpty() || facts.apic.hypervisorX2apic || facts.apic.fatal) return [];
    const n = cpus.weight();
    return [
      {
        message: `the kernel switches x2APIC off; ${count(n, 'plugged CPU')} above APIC ID ${facts.apic.limit} (${apicIdsOf(facts, cpus)}) cannot be brought online`,
        cause: facts.apic.because.map((reason) => reason.text),
        fix: widerDestinations(facts.machine),
        cpus,
        path: facts.apic.because.find((reason) => reason.path)?.path ?? ['remapping'],
      },
    ];
  },
};
