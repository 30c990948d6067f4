/** Up to 5.10 an interrupt message for a high APIC ID is a write to memory above 4 GiB. */

import { CpuMask } from '../../../lib/cpumask.ts';
import { cluster, composeMsi, physical } from '../../../linux/model/msi-message.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { apicIdNamesOf, becauseOf } from '../facts/cpus-above-limit.ts';
import { everOnline, ranText } from '../facts/ran.ts';
import type { Rule } from '../rule.ts';

/** Upper half of the address of a message to this APIC ID. */
function highAddress({ machine, apic }: Simulation, apicId: number): number {
  const to = apic.mode === 'x2apic-cluster' ? cluster(apicId) : physical(apicId);
  return composeMsi(machine.kernel, to, 0).addressHi;
}

export const msiWritesMemory: Rule = {
  name: 'msi-writes-memory',
  aliases: ['R025'],
  level: 'error',
  summary: 'Interrupt messages for some online CPUs are memory writes above 4 GiB, not interrupts.',
  explain: [
    'Up to Linux 5.10 the kernel puts destination bits 31:8 into the high half of the message address whenever x2APIC is on. That is right for the IOMMU itself only: to the chipset an address above 4 GiB is memory.',
    'A device that sends such a message changes a word of memory, and its interrupt never arrives. Commit 47bea873cf80 ended this in 5.11.',
    'Check: lspci -vv shows MSI or MSI-X addresses whose upper half is not 0.',
    'Change: a kernel of 5.11 or newer, or interrupt remapping in x2APIC mode.',
  ],
  messages: [],
  check(facts) {
    const { apic, domains, enumeration, machine } = facts;
    const unremapped = apic.remapping === 'none' && apic.mode.startsWith('x2apic');
    // Under a policy no message is sent to a CPU that is known to be unreachable.
    if (facts.policy.onlinesUnreachable) return [];
    if (!machine.kernel.has('msi-high-address') || !unremapped || machine.platform === 'hyperv') return [];
    const cpus = CpuMask.and(everOnline(facts), domains[0].unreachable);
    if (cpus.isEmpty() || machine.cmdline.noMsi) return [];
    const high = highAddress(facts, enumeration.cpus[cpus.first()].apicId ?? 0).toString(16);
    return [
      {
        message: `an interrupt message for ${ranText(facts, cpus)} (${apicIdNamesOf(facts, cpus)}) is a write to memory: its high address is 0x${high} for CPU ${cpus.first()}`,
        cause: [
          ...becauseOf(facts).cause,
          `Linux ${machine.kernel.text} puts destination bits 31:8 into the high half of the message address`,
        ],
        cpus,
        path: ['kernel'],
      },
    ];
  },
};
