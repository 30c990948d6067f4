/** MADT and SRAT entries and topology that do not agree: cpu/topology*.c, acpi/boot.c, mm/srat.c. */
import type { MessageEntry } from '../entry.ts';

export const FIRMWARE_TABLE_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'hotpluggable-in-present-package',
    templates: ['Ignoring hot-pluggable APIC ID {} in present package'],
    printedBy: 'topo_register_apic() of arch/x86/kernel/cpu/topology.c, since 6.9; not in guests',
    meaning:
      'A disabled MADT entry names a slot in a package (socket) that is already populated. On bare metal such a CPU can never be plugged, so it does not count as possible.',
    matters:
      'No on most machines: the slots could never be used, and fewer possible CPUs make fewer idle queues. Yes where CPUs were to be plugged there.',
    why: 'Firmware lists disabled entries for cores that are fused off or for a larger processor model.',
    check: 'Nothing: it saves vectors and queues from CPUs that never come.',
    change: 'Nothing.',
    rules: ['firmware-cpus-ignored'],
  },
  {
    name: 'apic-id-mismatch',
    templates: ['APIC ID mismatch. CPUID: {} APIC: {}', 'APIC id mismatch. Firmware: {} APIC: {}'],
    printedBy:
      'check in topology_common.c ("CPUID: … APIC: …", since 6.9) and validate_apic_and_package_id() ("Firmware: … APIC: …", before)',
    meaning: 'The APIC ID of a CPU as CPUID or the MADT give it differs from what the CPU itself reports.',
    matters:
      "Only where CPUs or their NUMA nodes are wrong in lscpu: otherwise the CPU's own ID is used and all works.",
    why: 'A hypervisor or firmware that does not keep the three in step: CPU topology leaves that do not fit, or a CPU in xAPIC mode that shows only 8 bits (x2APIC off) of a larger ID.',
    check:
      'Whether the low 8 bits agree: then it is the APIC mode. Otherwise the CPUID leaves 0xb and 0x1f of the hypervisor.',
    change: 'Newer hypervisor or firmware; x2APIC on for IDs of 255 and above.',
    rules: ['apic-id-above-limit'],
  },
  {
    name: 'srat-x2apic-ignored',
    templates: ['PXM {} -> X2APIC {} ignored'],
    printedBy: 'acpi_numa_x2apic_affinity_init() of arch/x86/mm/srat.c',
    meaning:
      'The NUMA entry of a CPU with a large APIC ID is ignored, because the kernel runs without x2APIC and such a CPU cannot be used.',
    matters: 'Yes as a sign: the kernel has given x2APIC up, and the CPU of this entry is not used.',
    why: 'x2APIC is disabled (firmware, nox2apic, no remapping), so IDs of 255 and above do not count.',
    check: '"x2apic enabled" in the log; irqsim analyze for the mode.',
    change: 'Turn x2APIC on with interrupt remapping or the extended destination ID.',
    rules: ['firmware-in-xapic-mode'],
  },
  {
    name: 'srat-entry',
    routine: true,
    templates: ['SRAT: PXM {} -> APIC {} -> Node {}', 'PXM {} -> APIC {} -> Node {}'],
    printedBy:
      'acpi_numa_processor_affinity_init() and acpi_numa_x2apic_affinity_init() of arch/x86/mm/srat.c',
    meaning:
      "The SRAT puts the CPU with this APIC ID on that NUMA node (PXM is the firmware's number of it).",
    matters: 'No: it is information, one line a CPU.',
    why: 'Queues and interrupts are spread node by node; a CPU on the wrong node gets the wrong queues.',
    check: 'numactl -H.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'srat-too-many-domains',
    templates: ['SRAT: Too many proximity domains', 'Too many proximity domains'],
    printedBy: 'acpi_map_pxm_to_node() and its callers in mm/srat.c',
    meaning:
      'Firmware describes more NUMA nodes than the kernel was built for; the rest of the SRAT is not used.',
    matters:
      'Yes for speed: nodes are merged, so queues and memory are placed without regard to distance. Nothing breaks.',
    why: 'MAX_NUMNODES is 2 to the power of CONFIG_NODES_SHIFT, often 64 or 1,024.',
    check: 'CONFIG_NODES_SHIFT in /boot/config-*.',
    change: 'A kernel with a larger CONFIG_NODES_SHIFT, or fewer nodes (sub-NUMA clustering off).',
    rules: [],
  },
  {
    name: 'lapic-entries-unreadable',
    templates: ['Error parsing LAPIC/X2APIC entries', 'Error parsing LAPIC address override entry'],
    printedBy: 'acpi_parse_madt_lapic_entries() of arch/x86/kernel/acpi/boot.c',
    meaning:
      'The CPU entries of the MADT cannot be read, so ACPI gives the kernel no CPUs: it falls back to the MP table or runs on one CPU.',
    matters: 'Yes: most or all CPUs are lost for this boot.',
    why: 'A damaged or truncated MADT.',
    check: 'irqsim analyze of /sys/firmware/acpi/tables/APIC (it says which entry is wrong).',
    change: 'Newer firmware.',
    rules: [],
  },
  {
    name: 'processor-no-physical-id',
    templates: ['Failed to get CPU physical ID'],
    printedBy: 'acpi_processor_get_info() and processor_core.c',
    meaning:
      'An ACPI processor object has no APIC ID: no MADT entry (or _MAT) fits its ID, so it cannot be hot-plugged or managed.',
    matters: 'Only where CPUs are to be plugged: that processor object cannot be.',
    why: 'Firmware declares more processor objects than MADT entries.',
    check: 'The object named in the line; the MADT.',
    change: 'Harmless for slots that stay empty; otherwise newer firmware.',
    rules: [],
  },
  {
    name: 'wrong-acpi-id',
    templates: ['BIOS reported wrong ACPI id {} for the processor'],
    printedBy: 'acpi_processor_get_info() of drivers/acpi/acpi_processor.c',
    meaning:
      'The processor object exists, but the CPU that its MADT entry names is not present or has no number.',
    matters:
      'Seldom on servers with empty sockets, which print it for each of them. Yes where the CPU is plugged and missing in lscpu.',
    why: 'Ordinary for hot-plug slots and disabled MADT entries that are absent; otherwise firmware whose objects and MADT do not agree.',
    check: 'Whether that many CPUs were meant to be there.',
    change: 'Nothing for empty slots.',
    rules: ['firmware-cpus-ignored'],
  },
];
