/** Only some IOMMUs of an AMD machine have XT, and the kernel takes all to have it. */

import { CpuMask } from '../../../lib/cpumask.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { MSI_MAX_ID } from '../../../machine/apic-ids.ts';
import { cpuNames } from '../facts/queue-facts.ts';
import { everOnline } from '../facts/ran.ts';
import type { Rule } from '../rule.ts';

/** CPUs that ran whose APIC ID does not fit into a destination of 8 bits. */
function wide(facts: Simulation): CpuMask {
  const { enumeration } = facts;
  const ran = everOnline(facts);
  const cpus = enumeration.cpus.filter(
    ({ cpu, apicId }) => apicId !== null && apicId > MSI_MAX_ID && ran.test(cpu),
  );
  return CpuMask.of(
    enumeration.nrCpuIds,
    cpus.map(({ cpu }) => cpu),
  );
}

export const mixedXt: Rule = {
  name: 'mixed-xt',
  aliases: ['R027'],
  level: 'warning',
  summary: 'Only some IOMMUs of an AMD machine offer XT, and the kernel takes all to do so.',
  explain: [
    'AMD calls 32-bit destinations of remapped interrupts XT. Linux runs all IOMMUs in x2APIC mode as soon as one of them says XTSup in its IVHD block, and brings CPUs of any APIC ID online.',
    'An IOMMU without XT decodes 8 bits of the destination: interrupts of the devices behind it go astray on CPUs with APIC IDs above 255. The tables do not tell irqsim which devices those are.',
    'Check: bit 2 of /sys/class/iommu/ivhd*/amd-iommu/features is not the same everywhere.',
    'Change: firmware that offers XT on every IOMMU, or on none.',
  ],
  messages: [],
  check(simulation) {
    const { apic, machine } = simulation;
    if (!machine.remapping.mixedXt || !machine.remapping.eim || apic.remapping !== 'x2apic') return [];
    const cpus = wide(simulation);
    const astray = cpus.isEmpty()
      ? 'every online CPU has an APIC ID that fits into 8 bits'
      : `interrupts of devices behind the others do not reach ${cpuNames(cpus)}`;
    return [
      {
        message: `only some IOMMUs have XT, and the kernel takes all to have it: ${astray}`,
        cause: ['one IVHD block with XTSup is enough for x2APIC mode on all IOMMUs'],
        cpus,
        path: ['remapping', 'mixedXt'],
        level: cpus.isEmpty() ? 'note' : 'warning',
      },
    ];
  },
};
