/** A device that no IOMMU covers, on a machine that counts on remapping. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import type { DomainReach } from '../../../linux/model/reach.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { apicIdNamesOf, becauseOf } from '../facts/cpus-above-limit.ts';
import { levelOfMissed, lossTexts, type Missed, missedBy, namedOf, whichText } from '../facts/missed-cpus.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import type { Rule } from '../rule.ts';

/** "its messages reach APIC IDs up to 7 only, none of ...". */
function messageOf(facts: Simulation, { maxApicId }: DomainReach, missed: Missed): string {
  const { devices } = missed;
  const several = devices.length > 1;
  const subject = `${deviceNames(devices)} ${several ? 'are' : 'is'} outside the IOMMU`;
  const cpus = namedOf(missed);
  if (cpus.isEmpty()) {
    return `${subject}: ${several ? 'their' : 'its'} messages are not remapped, and reach every CPU all the same`;
  }
  return `${subject}: ${several ? 'their' : 'its'} messages reach APIC IDs up to ${maxApicId} only, not ${whichText(facts, missed)} (${shortenList(cpus.toString())}, ${apicIdNamesOf(facts, cpus)})`;
}

export const deviceOutsideIommu: Rule = {
  name: 'device-outside-iommu',
  aliases: ['R022'],
  level: 'error',
  summary:
    'No IOMMU covers a device, so its interrupts are not remapped and cannot reach every CPU that runs.',
  explain: [
    'With interrupt remapping in x2APIC mode Linux brings every CPU online, as a table entry of the IOMMU names any APIC ID. A PCI device that no DRHD of the DMAR table (IVHD of IVRS) covers finds no remapping domain and keeps the vector domain as its parent: its messages carry 8 bits of destination. In cluster mode that names APIC IDs 0 to 7, with x2apic_phys 0 to 255.',
    'The kernel does not look at that when it chooses CPUs. A message for another CPU is cut and goes to a wrong one, or to none: a queue that is started there never completes a request, and an interrupt is lost as soon as it moves there. Affinity changes of such a device also wait for its next interrupt, while those of others are made at once.',
    'On QEMU this is what bypass_iommu=true of a pxb-pcie and default_bus_bypass_iommu=on of the machine do; on hardware it is a DMAR table without INCLUDE_PCI_ALL that forgets a bridge.',
    'Check: the device has PCI-MSI in /proc/interrupts where others have IR-PCI-MSI; the log has a kernel warning in __irq_msi_compose_msg.',
    'Change: let the IOMMU cover the device. x2apic_phys helps where all APIC IDs are below 256.',
  ],
  messages: ['WARNING: CPU: {} PID: {} at arch/x86/kernel/apic/msi.c:{} __irq_msi_compose_msg'],
  moreInAudit: true,
  check(facts, audit = false) {
    const domain = facts.domains.find(({ name }) => name === 'pci-msi-unremapped');
    // A policy that knows what domains reach sends nothing beyond.
    if (domain === undefined || facts.apic.fatal || facts.policy.onlinesUnreachable) return [];
    const devices = facts.run.devices.filter((device) => device.domain === domain.name);
    if (devices.length === 0) return [];
    const missed = missedBy(facts, devices, domain);
    if (levelOfMissed(missed) === 'note' && !audit) return [];
    const cluster = facts.apic.mode === 'x2apic-cluster';
    return [
      {
        level: levelOfMissed(missed),
        message: messageOf(facts, domain, missed),
        cause: [
          ...becauseOf(facts).cause,
          `no IOMMU covers ${devices.length === 1 ? 'the device' : 'the devices'}: the message passes no table, and has room for 8 bits of destination`,
          ...(cluster ? ['in cluster mode the 8 bits hold the logical IDs of APIC IDs 0 to 7'] : []),
          ...lossTexts(missed),
        ],
        cpus: CpuMask.or(missed.online, missed.later),
        devices,
        path: [...devices[0].path, 'remapped'],
      },
    ];
  },
};
