/** Before 5.11 (and its backports) one CPU above 255 makes a guest give x2APIC up altogether. */
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { apicIdsOf, becauseOf, refusedCpus } from '../facts/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

/** True if the kernel would use x2APIC in this guest, were it not for a plugged CPU above 255. */
export function disablesX2apic({ machine, handover, apic }: Simulation): boolean {
  if (machine.kernel.has('guest-apic-limit') || !apic.hypervisorX2apic || !apic.ioApic) return false;
  if (!apic.mode.startsWith('xapic') || !handover.x2apicSupported) return false;
  return machine.cpus.some(({ apicId, state }) => state !== 'absent' && (apicId ?? 0) > MSI_MAX_ID);
}

export const oldKernelDisablesX2apic: Rule = {
  name: 'old-kernel-disables-x2apic',
  aliases: ['R007'],
  level: 'error',
  summary: 'One CPU above APIC ID 255 makes this old guest kernel switch x2APIC off and lose all above 254.',
  explain: [
    'Linux before 5.4.86, 5.10.4 and 5.11 knows no APIC ID limit in a guest without interrupt remapping. It looks at the highest plugged APIC ID: up to 255 it uses x2APIC, above it it switches x2APIC off.',
    'In xAPIC mode the highest APIC ID is 254, so CPU 255 is lost as well, not only those above it. Commit 26573a97746c replaced this by the limit 255.',
    'Check: "IRQ remapping doesn\'t support X2APIC mode" in the log of a guest, and one "bad cpu" line for each lost CPU.',
    'Change: a newer guest kernel (5.11 with an extended destination ID reaches them all), or a virtual IOMMU with interrupt remapping and extended interrupt mode.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode", 'smpboot: native_cpu_up: bad cpu {}'],
  check(facts) {
    if (facts.apic.fatal || !disablesX2apic(facts)) return [];
    const cpus = refusedCpus(facts);
    if (cpus.isEmpty()) return [];
    return [
      {
        message: `Linux ${facts.machine.kernel.text} switches x2APIC off in this guest: ${count(cpus.weight(), 'CPU')} above APIC ID ${facts.apic.limit} (${apicIdsOf(facts, cpus)}) cannot be brought online`,
        cause: becauseOf(facts).cause,
        cpus,
        path: ['kernel'],
      },
    ];
  },
};
