/** A guest without the extended destination ID or remapping keeps CPUs above APIC ID 255 offline. */
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { apicIdsOf, becauseOf, refusedCpus } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';
import { offeredInVain } from './kernel-too-old-for-ext-dest.ts';

export const apicIdAboveLimit: Rule = {
  name: 'apic-id-above-limit',
  aliases: ['R004', 'guest-apic-limit'],
  level: 'error',
  summary: 'A guest has CPUs above APIC ID 255 and no way to send interrupts to them, so they stay offline.',
  explain: [
    'Without interrupt remapping a device interrupt carries 8 bits of APIC ID. A guest kernel may still use x2APIC if the hypervisor allows it, but it then limits APIC IDs to 255, or to 32767 where the hypervisor offers the extended destination ID.',
    'Every CPU above the limit is enumerated, gets a number and counts as possible and present, so devices make queues for it, and each attempt to bring it online fails with EINVAL.',
    'Check: CPUs are present but not online (/sys/devices/system/cpu/present and online differ) and the log has "has invalid APIC ID". APIC IDs are sparse where cores or threads are not powers of two, so far fewer than 256 CPUs can cross the limit.',
    'Change: let the hypervisor offer the extended destination ID (QEMU: kernel-irqchip=split), or give the guest a virtual IOMMU with interrupt remapping and extended interrupt mode.',
  ],
  messages: [
    'smpboot: CPU {} has invalid APIC ID {}. Aborting bringup',
    'smpboot: native_cpu_up: bad cpu {}',
    'smpboot: native_kick_ap: bad cpu {}',
  ],
  check(facts) {
    const { apic } = facts;
    if (apic.limit !== MSI_MAX_ID || offeredInVain(facts)) return [];
    const cpus = refusedCpus(facts);
    if (cpus.isEmpty()) return [];
    const n = cpus.weight();
    return [
      {
        message: `${count(n, 'CPU')} above APIC ID ${apic.limit} (${apicIdsOf(facts, cpus)}) stay${n === 1 ? 's' : ''} offline: the hypervisor offers no extended destination ID`,
        cause: becauseOf(facts).cause,
        cpus,
        path: apic.because.at(-1)?.path ?? ['extDestId'],
      },
    ];
  },
};
