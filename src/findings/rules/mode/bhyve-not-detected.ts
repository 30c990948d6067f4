/** bhyve, and a kernel that does not recognise it. */
import { formatIds } from '../../../lib/ids.ts';
import { detectHypervisor } from '../../../linux/model/hypervisor.ts';
import { firmwareIdsAbove } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

export const bhyveNotDetected: Rule = {
  name: 'bhyve-not-detected',
  aliases: ['R038'],
  level: 'warning',
  summary: 'The kernel does not recognise bhyve and uses no x2APIC, so CPUs above APIC ID 254 are lost.',
  explain: [
    'Linux recognises bhyve since 6.18, and only if it is built with CONFIG_BHYVE_GUEST (off in Debian). Otherwise it takes the guest for bare metal and switches x2APIC off.',
    'Check: no "Hypervisor detected: Bhyve" in the log; grep BHYVE /boot/config-*.',
    'Change: a guest kernel of 6.18 or newer with CONFIG_BHYVE_GUEST=y; FreeBSD 15 or newer on the host offers the extended destination ID.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode"],
  check({ machine, apic }) {
    const { kernel, kernelConfig, platform } = machine;
    const hypervisor = detectHypervisor(machine);
    if (platform !== 'bhyve' || hypervisor.detected) return [];
    const recent = kernel.has('bhyve-guest');
    if (recent && kernelConfig.bhyveGuest) return [];
    const ids = firmwareIdsAbove(machine, apic.limit);
    if (ids.length === 0) return [];
    return [
      {
        message: `Linux ${kernel.text} does not recognise bhyve: x2APIC is off, and ${count(ids.length, 'CPU')} above APIC ID ${apic.limit} (${formatIds(ids)}) cannot be brought online`,
        cause: hypervisor.because ? [hypervisor.because.text] : [],
        path: recent ? ['kernelConfig', 'bhyveGuest'] : ['kernel'],
      },
    ];
  },
};
