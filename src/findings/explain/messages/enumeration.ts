/** CPU entries of firmware: arch/x86/kernel/acpi/boot.c, drivers/acpi, and the CPU counting before 6.9. */
import type { MessageEntry } from '../entry.ts';

const OLD_COUNTING = 'generic_processor_info(), Linux 6.8 and older';

export const ENUMERATION_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'x2apic-entry-ignored',
    templates: ['ACPI: x2apic entry ignored'],
    printedBy: 'acpi_parse_x2apic(), once for each enabled entry',
    meaning:
      'A CPU entry with an APIC ID of 255 or above was dropped while firmware was read. The CPU gets no number; later steps (remapping, extended destination ID) cannot bring it back.',
    matters: 'Yes: the CPU is lost for this boot, and so are the queues that it could have served.',
    why: 'x2APIC was not on at that moment: firmware handed over in xAPIC mode, nox2apic is given, or the kernel lacks CONFIG_X86_X2APIC.',
    check: 'Whether "x2apic: enabled by BIOS" precedes it; /proc/cmdline; the kernel configuration.',
    change:
      'Let firmware enable x2APIC before the kernel starts, remove nox2apic, or build with CONFIG_X86_X2APIC=y.',
    rules: ['firmware-in-xapic-mode', 'nox2apic-with-high-ids', 'kernel-without-x2apic'],
  },
  {
    name: 'cpus-allowed-legacy',
    routine: true,
    templates: ['smpboot: Allowing {} CPUs, {} hotplug CPUs'],
    printedBy: 'prefill_possible_map(), Linux 6.8 and older',
    meaning: 'So many CPUs are possible in all; the second number of them is not plugged.',
    matters: 'No by itself. Look at the second number: queues and vectors are made for hot-plug slots too.',
    why: 'Firmware lists so many entries, or possible_cpus= sets the count, which may be more than firmware lists.',
    check: '/sys/devices/system/cpu/possible and present.',
    change:
      'Managed interrupts are spread over all possible CPUs. Lower possible_cpus= or the CPU maximum of the guest if the others never come.',
    rules: ['cpus-share-queues', 'managed-vectors-wasted'],
  },
  {
    name: 'nr-cpus-limit-reached',
    templates: [
      'APIC: NR_CPUS/possible_cpus limit of {} reached. Processor {}/{} ignored.',
      'APIC: NR_CPUS/possible_cpus limit of {} reached. Processor {}/{} and the rest are ignored.',
    ],
    printedBy: OLD_COUNTING,
    meaning: 'A CPU is dropped because all CPU numbers are taken.',
    matters: 'Yes: the CPU that the line names is plugged or may be, and cannot be used.',
    why: 'nr_cpus=, possible_cpus= or CONFIG_NR_CPUS is below the number of CPUs.',
    check: 'cat /proc/cmdline; grep NR_CPUS in the kernel configuration.',
    change: 'Raise the limit.',
    rules: ['cpus-over-count-limit'],
  },
  {
    name: 'nr-cpus-slot-for-boot-cpu',
    templates: [
      'APIC: NR_CPUS/possible_cpus limit of {} almost reached. Keeping one slot for boot cpu.  Processor {}/{} ignored.',
    ],
    printedBy: OLD_COUNTING,
    meaning: 'A CPU is dropped so that the boot CPU, not seen yet in the list, still gets a number.',
    matters: 'Yes: a CPU is lost, as many as there are lines like it.',
    why: 'nr_cpus=N with the boot CPU not among the first N entries: usual in a crash kernel with nr_cpus=1.',
    check: 'cat /proc/cmdline.',
    change: 'Nothing in a crash kernel; else raise nr_cpus=.',
    rules: ['cpus-over-count-limit'],
  },
  {
    name: 'processors-exceed-limit',
    templates: [
      'smpboot: {} Processors exceeds NR_CPUS limit of {}',
      'smpboot: {} Processors exceeds max_cpus limit of {}',
    ],
    printedBy: 'prefill_possible_map(), Linux 6.8 and older',
    meaning: 'More CPUs are possible than the kernel may number; the surplus is cut off.',
    matters:
      'Yes where plugged CPUs are cut off; only the slots for hot-plug are where fewer CPUs than the limit are plugged.',
    why: 'CONFIG_NR_CPUS or nr_cpus= is too low, or maxcpus=0 or nosmp asks for one CPU.',
    check: 'cat /proc/cmdline.',
    change: 'Raise nr_cpus= or CONFIG_NR_CPUS, or remove nosmp.',
    rules: ['cpus-over-count-limit'],
  },
  {
    name: 'requested-apic-disabled',
    templates: ['APIC: Disabling requested cpu. Processor {}/{} ignored.'],
    printedBy: OLD_COUNTING,
    meaning: 'disable_cpu_apicid= leaves this CPU out.',
    matters: 'Only where nobody meant it: the parameter belongs to crash kernels and takes that CPU away.',
    why: 'A crash kernel must not start the real boot processor.',
    check: 'cat /proc/cmdline.',
    change: 'Nothing; 6.9 and newer find the boot processor by themselves and no longer know the parameter.',
    rules: [],
  },
  {
    name: 'unable-to-map-lapic',
    templates: ['ACPI: Unable to map lapic to logical cpu number'],
    printedBy: 'acpi_map_cpu(), when a CPU is plugged, and at boot for plugged CPUs without a number',
    meaning: 'A plugged CPU gets no CPU number, so it cannot be used.',
    matters: 'Yes: a CPU that was plugged stays unusable.',
    why: 'Its APIC ID was not listed at boot (6.9 and newer), or a limit such as nr_cpus= leaves no number.',
    check: 'Whether the APIC ID is in the MADT; "Rejected CPUs" or "limit of" earlier in the log.',
    change: 'Raise nr_cpus= or the CPU maximum of the guest and boot again.',
    rules: ['slots-over-count-limit', 'cpus-over-count-limit'],
  },
  {
    name: 'processor-uid-not-unique',
    templates: ['Failed to get unique processor _UID ({})', 'Failed to get unique processor _UID'],
    printedBy: 'acpi_processor_get_info() of drivers/acpi/acpi_processor.c',
    meaning:
      'Two processor objects of the ACPI namespace have one _UID. The CPU runs, but without hot-plug and C-states by ACPI.',
    matters:
      'Seldom: interrupts are not concerned; the CPU cannot be hot-plugged by ACPI and saves less power.',
    why: 'A firmware bug.',
    check: 'The processor devices in the DSDT.',
    change: 'A firmware update.',
    rules: [],
  },
  {
    name: 'processor-entry-not-well-defined',
    templates: ['Entry not well-defined, consider updating BIOS'],
    printedBy: 'acpi_processor_get_info()',
    meaning: 'A processor object has _UID 0xFF, which is no valid number: no hot-plug or C-states for it.',
    matters: 'Seldom: interrupts are not concerned; the processor object cannot be hot-plugged.',
    why: 'A firmware bug; often a place holder for a CPU that is not there.',
    check: 'The processor devices in the DSDT.',
    change: 'A firmware update; harmless if the CPU does not exist.',
    rules: [],
  },
  {
    name: 'cpu-hot-added',
    routine: true,
    templates: ['CPU{} has been hot-added'],
    printedBy: 'acpi_processor_hotadd_init()',
    meaning: 'A CPU was plugged and is present. It is not online yet, and may still be refused there.',
    matters: 'No: it is what a successful plug prints. Look whether the CPU comes online after it.',
    why: 'Hot-plug does not test the APIC ID limit; bring-up does.',
    check: 'echo 1 > /sys/devices/system/cpu/cpuN/online.',
    change: 'If it is refused then, its APIC ID is above the limit: see "has invalid APIC ID".',
    rules: ['slots-above-apic-limit'],
  },
];
