/** An IO-APIC under no IOMMU keeps the kernel from remapping interrupts. */
import { gainedBy, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const ioapicWithoutIommu: Rule = {
  name: 'ioapic-without-iommu',
  aliases: ['R032'],
  level: 'warning',
  summary: 'An IO-APIC is in the scope of no IOMMU, so the kernel does without interrupt remapping.',
  explain: [
    'Before Linux enables interrupt remapping it looks for every IO-APIC of the MADT in the tables of the IOMMUs: in the scopes of a DRHD (DMAR), or among the special devices of the IVRS, where that of the southbridge (00:14.0) must be too. One that is missing switches remapping off for the whole machine.',
    'On bare metal x2APIC goes with it, and CPUs with APIC IDs of 255 and above are lost. With few CPUs it costs no CPU: then this is a note.',
    'Check: "has no mapping iommu, interrupt remapping will be disabled" (Intel), "not in IVRS table" or "No southbridge IOAPIC found" (AMD) in the log.',
    'Change: firmware with complete tables; on AMD ivrs_ioapic[ID]=BB:DD.F names a missing one.',
  ],
  messages: [
    'ioapic {} has no mapping iommu, interrupt remapping will be disabled',
    'DMAR-IR: Not enabling interrupt remapping',
    'AMD-Vi: Disabling interrupt remapping',
  ],
  check({ machine }) {
    const { remapping, cmdline, kernelConfig } = machine;
    if (!remapping.enabled || remapping.ioapics || cmdline.intremapOff || !kernelConfig.irqRemap) return [];
    const gain = gainedBy(machine, { remapping: { ...remapping, ioapics: true } });
    const amd = remapping.vendor === 'amd';
    return [
      {
        message: `an IO-APIC is under no IOMMU: interrupts are not remapped; ${isGain(gain) ? `it costs ${gainText(gain)}` : 'no CPU stays offline for it'}`,
        cause: [
          amd
            ? 'the kernel asks for every IO-APIC, and that of the southbridge, in the IVRS table'
            : 'the kernel asks for every IO-APIC in the scope of some DRHD of the DMAR table',
        ],
        ...(amd
          ? { fix: ['kernel parameters: ivrs_ioapic[ID]=BB:DD.F names an IO-APIC that the table lacks'] }
          : {}),
        path: ['remapping', 'ioapics'],
        level: isGain(gain) ? 'warning' : 'note',
      },
    ];
  },
};
