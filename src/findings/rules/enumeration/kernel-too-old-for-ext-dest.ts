/** The hypervisor offers the extended destination ID, but this kernel does not use it. */

import type { Simulation } from '../../../linux/sim/simulation.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import type { Platform } from '../../../machine/machine.ts';
import { apicIdsOf, becauseOf, refusedCpus } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

/** First release that uses the offer. */
const USED_SINCE: Readonly<Partial<Record<Platform, string>>> = {
  kvm: '5.11',
  hyperv: '5.11',
  'xen-hvm': '5.17',
  'xen-pvh': '5.17',
};

/** True if the extended destination ID is offered, and a newer kernel would use it. */
export function offeredInVain({ machine, apic }: Simulation): boolean {
  return machine.extDestId && !apic.extDestId && USED_SINCE[machine.platform] !== undefined;
}

export const kernelTooOldForExtDest: Rule = {
  name: 'kernel-too-old-for-ext-dest',
  aliases: ['R005'],
  level: 'error',
  summary: 'The guest kernel is too old for the extended destination ID and loses the CPUs above 255.',
  explain: [
    'The extended destination ID puts seven more APIC ID bits into an interrupt message. KVM and Hyper-V guests use it since Linux 5.11, Xen guests since 5.17.',
    'An older guest does not look for it and limits APIC IDs to 255: CPUs above are present but can never be brought online.',
    'Check: uname -r in the guest; /sys/devices/system/cpu/present and online differ.',
    'Change: a guest kernel of 5.11 (Xen: 5.17) or newer, or a virtual IOMMU with interrupt remapping and extended interrupt mode, which older kernels understand.',
  ],
  messages: ['smpboot: native_cpu_up: bad cpu {}'],
  check(facts) {
    const { machine, apic } = facts;
    if (apic.limit !== MSI_MAX_ID || !offeredInVain(facts)) return [];
    const cpus = refusedCpus(facts);
    if (cpus.isEmpty()) return [];
    const n = cpus.weight();
    return [
      {
        message: `Linux ${machine.kernel.text} ignores the extended destination ID: ${count(n, 'CPU')} above APIC ID ${apic.limit} (${apicIdsOf(facts, cpus)}) stay${n === 1 ? 's' : ''} offline`,
        cause: becauseOf(facts).cause,
        cpus,
        path: ['kernel'],
      },
    ];
  },
};
