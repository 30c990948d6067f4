/** CPUs that start or do not, how many came up, and SMT: arch/x86/kernel/smpboot.c, kernel/cpu.c. */
import type { MessageEntry } from '../entry.ts';

export const CPU_START_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'cpu-not-alive',
    templates: ['CPU{} failed to report alive state', 'CPU {} failed to report alive state'],
    printedBy: 'cpuhp_bringup_ap() of kernel/cpu.c, since 6.5',
    meaning: 'The CPU was sent INIT and SIPI and never reported in, so it stays offline.',
    matters: 'Yes: the CPU is lost for this boot, and its hardware or hypervisor is suspect.',
    why: 'The start-up messages did not arrive (an APIC ID that they cannot address), firmware or the hypervisor does not run the CPU, or a host so loaded that the virtual CPU did not get time within 10 s.',
    check:
      "The CPU's APIC ID against the limit (irqsim why FILE cpu N); steal time and overcommit of the host.",
    change:
      'Interrupt remapping or the extended destination ID for high APIC IDs; a newer hypervisor or firmware; less load.',
    rules: ['apic-id-above-limit'],
  },
  {
    name: 'do-boot-cpu-failed',
    templates: ['do_boot_cpu failed({}) to wakeup CPU#{}', 'do_boot_cpu failed{}CPU#{}'],
    printedBy: 'native_cpu_up() of arch/x86/kernel/smpboot.c, before 6.5',
    meaning:
      'The CPU did not start and stays offline; the number is the reason (-1: it did not answer the start-up messages).',
    matters: 'Yes: the CPU is lost for this boot.',
    why: 'APIC ID 255 is the broadcast address in xAPIC mode: INIT and SIPI sent to it reach every CPU or none. Other CPUs: firmware or the hypervisor does not start them.',
    check: 'The APIC ID of that CPU; irqsim analyze shows the mode and limit.',
    change:
      'x2APIC mode with interrupt remapping or the extended destination ID, or a topology without such an ID.',
    rules: ['apic-id-above-limit'],
  },
  {
    name: 'smp-brought-up',
    routine: true,
    templates: ['Brought up {} node, {} CPUs', 'Brought up {} nodes, {} CPUs'],
    printedBy: 'smp_init() of kernel/smp.c',
    meaning: 'How many CPUs are online after boot, on how many NUMA nodes.',
    matters: 'No: it is information. Compare the number with what the machine should have.',
    why: 'It is the number to compare with what you expected. Fewer than the CPUs present means that some were refused or did not start; fewer than possible is ordinary with hot-plug slots.',
    check:
      'Lines before it: "has invalid APIC ID", "failed to report alive"; /sys/devices/system/cpu/{possible,present,online}.',
    change:
      'If CPUs are missing: irqsim analyze of the machine says which and why (255 often is the APIC ID limit).',
    rules: ['apic-id-above-limit'],
  },
  {
    name: 'processors-activated',
    routine: true,
    templates: ['Total of {} processors activated'],
    printedBy: 'impress_friends() of arch/x86/kernel/smpboot.c',
    meaning: 'How many CPUs are online at the end of boot, with the sum of their BogoMIPS.',
    matters: 'No: it is information. Compare the number with what the machine should have.',
    why: '255 (or 254) on a larger machine means that the APIC ID limit of 8 bits cut the rest off.',
    check: 'Compare with the number of CPUs that you expected and with /sys/devices/system/cpu/present.',
    change: 'irqsim analyze of the machine says which are missing and why.',
    rules: ['apic-id-above-limit'],
  },
  {
    name: 'smt-off',
    templates: ['SMT: Force disabled', 'SMT: disabled'],
    printedBy: 'cpu_smt_disable() of kernel/cpu.c: nosmt=force gives "Force disabled", nosmt "disabled"',
    meaning:
      'Only one thread of each core runs; the sibling threads were started once and taken offline again. They stay possible and present, so queues and vectors are still spread over them.',
    matters:
      'Only where nobody asked for it: half of the logical CPUs are off, and queues of which all CPUs are such siblings do not run.',
    why: 'nosmt or nosmt=force on the command line, or mitigations=auto,nosmt on a vulnerable CPU.',
    check: '/sys/devices/system/cpu/smt/control. Queues whose CPUs are all siblings are idle.',
    change:
      'echo on > /sys/devices/system/cpu/smt/control (not after force); fewer queues if queues are wasted on siblings.',
    rules: ['queue-waits-for-cpus'],
  },
  {
    name: 'no-madt-mailbox',
    templates: ['No MADT mailbox: cannot bringup secondary CPUs'],
    printedBy: 'do_boot_cpu wake-up of arch/x86/coco/tdx or acpi_wakeup_cpu(), in TDX guests',
    meaning:
      'In a TDX (confidential) guest CPUs are started through a mailbox in the MADT; it is missing, so only the boot CPU runs.',
    matters: 'Yes: the guest has one CPU.',
    why: 'A kernel started by kexec: the mailbox was used up by the first kernel; or a virtual firmware without the MADT multiprocessor wake-up structure.',
    check: 'Whether the kernel was started by kexec; the MADT (acpidump).',
    change:
      'Newer virtual firmware with mailbox version 1 (reset support), or a full reboot instead of kexec.',
    rules: [],
  },
];
