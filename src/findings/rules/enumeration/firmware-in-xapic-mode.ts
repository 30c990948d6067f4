/** Firmware hands over in xAPIC mode, so the kernel skips CPUs from APIC ID 255 on. */
import { skippedByMode } from '../facts/cpus-above-limit.ts';
import { ignoredSlots } from '../facts/ignored-cpus.ts';
import { skippedFinding } from '../facts/skipped-cpus.ts';
import type { Rule } from '../rule.ts';

export const firmwareInXapicMode: Rule = {
  name: 'firmware-in-xapic-mode',
  aliases: ['R008'],
  level: 'error',
  summary: 'Firmware hands over in xAPIC mode, so the kernel skips CPUs with APIC IDs of 255 and above.',
  explain: [
    'The kernel reads the CPU list of firmware (MADT) early, in the APIC mode it was started in. In xAPIC mode an APIC ID of 255 or more is not valid: the entry is dropped, long before interrupt remapping or the hypervisor are looked at, so both come too late to help.',
    'Linux 6.9 and newer loses such a CPU for good. Older kernels find plugged ones again when they scan the ACPI namespace, if they have numbers left, but do not start them.',
    'Check: "ACPI: x2apic entry ignored" in the log, once for each plugged CPU; entries of absent CPUs are dropped silently.',
    'Change: firmware must enable x2APIC before it starts the kernel, and the CPU must offer it.',
  ],
  messages: ['ACPI: x2apic entry ignored'],
  check(facts) {
    const { machine, enumeration } = facts;
    if (machine.cmdline.nox2apic || !machine.kernelConfig.x2apic) return [];
    const skipped = skippedByMode(facts);
    const ignored = new Set(enumeration.ignored.map((cpu) => cpu.firmwareIndex));
    const lost = skipped.filter((index) => ignored.has(index));
    const late = skipped.filter((index) => !ignored.has(index));
    const unusable = machine.kernel.has('topology-fixed-at-boot') ? ignoredSlots(facts, 'x2apic-off') : [];
    const slots = unusable.map((slot) => slot.firmwareIndex);
    const tooLate = `registered too late to start at boot; those above APIC ID ${facts.apic.limit} never come online`;
    return [
      ...skippedFinding(facts, lost, 'never registered, whatever interrupts could reach'),
      ...skippedFinding(facts, late, tooLate),
      ...skippedFinding(facts, slots, 'hot-plug slots that can never be used', 'warning'),
    ];
  },
};
