/** How Linux 6.9 and newer counts and numbers CPUs: arch/x86/kernel/cpu/topology.c. */
import type { MessageEntry } from '../entry.ts';

export const TOPOLOGY_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'cpus-allowed',
    routine: true,
    templates: ['CPU topo: Allowing {} present CPUs plus {} hotplug CPUs'],
    printedBy: 'topology_init_possible_cpus(), Linux 6.9 and newer',
    meaning:
      'The result of enumeration: so many CPUs are plugged, and so many more numbers are kept for CPUs that may be plugged later. The sum is the number of possible CPUs, fixed until the next boot.',
    matters:
      'No by itself. Look at the second number: every device makes queues and reserves vectors for hot-plug slots too, and they lie idle until a CPU is plugged.',
    why: 'Firmware lists enabled and disabled CPU entries (MADT). Enabled ones are present; disabled ones are hot-plug slots if firmware and platform allow hot-plug.',
    check: '/sys/devices/system/cpu/possible and present.',
    change:
      'Drivers with managed interrupts make queues for the hot-plug CPUs too. If they never come, lower maxcpus= of the guest or boot with nr_cpus=N.',
    rules: ['cpus-share-queues', 'managed-vectors-wasted'],
  },
  {
    name: 'cpus-rejected',
    templates: ['CPU topo: Rejected CPUs {}'],
    printedBy: 'topology_init_possible_cpus(), Linux 6.9 and newer',
    meaning: 'So many CPU entries of firmware got no CPU number. They are in none of the CPU masks.',
    matters:
      'Yes where the rejected CPUs are plugged: they cannot be used. No where they are surplus entries of firmware, as AMD boards list them.',
    why: 'nr_cpus=, possible_cpus=, NR_CPUS or nosmp set a limit, an APIC ID is 32768 or above, or a crash kernel left the real boot CPU out.',
    check: 'The lines before it: "CPU limit of N reached" or "exceeds kernel limit of".',
    change: 'Raise or remove nr_cpus= and possible_cpus=; rebuild with a larger CONFIG_NR_CPUS.',
    rules: ['cpus-over-count-limit', 'slots-over-count-limit'],
  },
  {
    name: 'cpu-limit-reached',
    templates: ['CPU topo: CPU limit of {} reached. Ignoring further CPUs'],
    printedBy: 'topology_register_apic(), Linux 6.9 and newer, once',
    meaning:
      'There were more CPUs than CPU numbers. This entry and all that follow are ignored, hot-plug slots too.',
    matters: 'Yes: plugged CPUs may be left out, and cannot be used until the kernel may number more.',
    why: 'nr_cpus=, possible_cpus=, nosmp or CONFIG_NR_CPUS is below the number of plugged CPUs.',
    check: 'cat /proc/cmdline; "Rejected CPUs" tells how many.',
    change:
      'Raise nr_cpus=; or keep it: it is the way to stop drivers from making queues for CPUs that never come.',
    rules: ['cpus-over-count-limit', 'slots-over-count-limit'],
  },
  {
    name: 'possible-cpus-exceed-limit',
    templates: ['CPU topo: {} possible CPUs exceed the limit of {}'],
    printedBy: 'topology_init_possible_cpus(), Linux 6.9 and newer',
    meaning:
      'Plugged CPUs and hot-plug slots together are more than the kernel may number; the surplus slots are cut off.',
    matters:
      'Only where CPUs are to be plugged later: the slots that are cut off can never be used. Plugged CPUs keep their numbers.',
    why: 'nr_cpus=, possible_cpus= or CONFIG_NR_CPUS is below the CPUs and slots that firmware lists.',
    check: 'Compare the two numbers with nr_cpus= and the maximum of the guest.',
    change: 'Raise nr_cpus=, or lower the CPU maximum of the guest so that both agree.',
    rules: ['slots-over-count-limit'],
  },
  {
    name: 'possible-cpus-limited',
    templates: ['CPU topo: Limiting to {} possible CPUs'],
    printedBy: 'topology_apply_cmdline_limits_early(), Linux 6.9 and newer',
    meaning: 'The command line lowers the number of CPUs before firmware is read.',
    matters: 'Only where nobody meant it: the CPUs above the limit are gone for this boot.',
    why: 'possible_cpus=N, or nosmp, maxcpus=0 or nolapic, which mean one CPU. nr_cpus= prints nothing here.',
    check: 'cat /proc/cmdline.',
    change: 'Remove the parameter if it is not meant. Since 6.9 possible_cpus= can only lower the count.',
    rules: ['cpus-over-count-limit', 'possible-cpus-ignored'],
  },
  {
    name: 'apic-id-exceeds-kernel-limit',
    templates: ['CPU topo: APIC ID {} exceeds kernel limit of: {}', 'ACPI: skipped apicid that is too big'],
    printedBy: 'topology_register_apic(), once (6.9 and newer); acpi_register_lapic() (6.8 and older)',
    meaning: 'An APIC ID is 32768 (0x8000) or above. Linux has no place for it: the CPU gets no number.',
    matters: 'Yes: that CPU cannot be used by any Linux that there is.',
    why: 'The topology that firmware or the hypervisor describes leaves wide holes in the APIC IDs. Both numbers are hexadecimal.',
    check: 'The APIC IDs in the MADT; irqsim analyze shows them for a topology.',
    change:
      'Choose power-of-two counts of cores and threads, or fewer sockets, so that APIC IDs stay below 32768.',
    rules: ['apic-id-too-big'],
  },
  {
    name: 'crash-kernel-one-cpu',
    templates: [
      'CPU topo: Enumerated BSP APIC {} is not marked in APICBASE MSR',
      'CPU topo: Assuming crash kernel. Limiting to one CPU to prevent machine INIT',
    ],
    printedBy: 'check_for_real_bsp(), Linux 6.9 and newer',
    meaning:
      "The CPU that boots is the first in firmware's list, but its APICBASE register does not mark it as boot processor. The kernel takes itself for a crash kernel and uses one CPU only.",
    matters:
      'Yes where this is no crash kernel: all CPUs but one are unused. In a crash kernel it is as it should be.',
    why: 'Either it is a crash kernel, or firmware, the hypervisor or an emulator does not set the BSP bit of MSR 0x1B.',
    check: 'rdmsr 0x1b on the boot CPU: bit 8 should be set.',
    change: 'Fix the emulator or firmware: set the BSP bit on the CPU that starts.',
    rules: ['crash-kernel-loses-boot-cpu'],
  },
  {
    name: 'crash-kernel-real-bsp',
    templates: ['CPU topo: Crash kernel detected. Disabling real BSP to prevent machine INIT'],
    printedBy: 'check_for_real_bsp(), Linux 6.9 and newer',
    meaning:
      'A crash kernel runs on a CPU that is not the boot processor. The real boot processor is left out, because an INIT to it would reset the machine.',
    matters: 'No in a crash kernel: one CPU fewer, and the machine is not reset. Yes anywhere else.',
    why: 'The crash happened on another CPU than CPU 0. Expected.',
    check: 'The line before names both APIC IDs.',
    change: 'Nothing. disable_cpu_apicid=, which older kernels needed for this, is gone since 6.9.',
    rules: ['crash-kernel-loses-boot-cpu'],
  },
  {
    name: 'boot-cpu-not-first',
    templates: [
      'CPU topo: Boot CPU APIC ID not the first enumerated APIC ID: {} != {}',
      'APIC enumeration order not specification compliant',
    ],
    printedBy: 'check_for_real_bsp(), Linux 6.9 and newer; [Firmware Bug]',
    meaning:
      'The first CPU entry of firmware is not the CPU that boots, as ACPI asks. The boot CPU is CPU 0 all the same.',
    matters: "Seldom: CPU numbers are in another order than firmware's entries; nothing is lost.",
    why: 'Firmware orders its MADT otherwise, or the kernel is a crash kernel.',
    check: 'The order of the entries in the MADT (acpidump).',
    change: 'Report it to the firmware vendor. Only the order of CPU numbers is affected.',
    rules: [],
  },
];
