/** Lines of a machine that runs: CPUs that leave, timers, isolation at work, IOMMUs that refuse something. */
import type { MessageEntry } from '../entry.ts';

export const RUNTIME_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'cpu-comes-up-later',
    routine: true,
    templates: ['Booting Node {} Processor {} APIC {}'],
    printedBy: 'announce_cpu() of arch/x86/kernel/smpboot.c, for CPUs that come online after the boot',
    meaning:
      'A CPU is started after the boot: by a user, at resume, or after hot-plug. The line has its number and its APIC ID.',
    matters: 'No: it is information.',
    why: 'echo 1 > /sys/devices/system/cpu/cpuN/online, a resume, or a hypervisor that plugged a CPU.',
    check: '/sys/devices/system/cpu/online; queues that waited for it start now.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'cpu-not-dead',
    templates: ['CPU {} still not dead...'],
    printedBy: 'smpboot and hot-plug code, where a CPU that goes offline does not report its end in time',
    meaning: 'A CPU was taken offline and did not say so within seconds.',
    matters:
      'Yes: the CPU hangs, or its hypervisor does not run it; it can hardly be brought back without a reboot.',
    why: 'The CPU, or the virtual CPU, hangs or gets no time from its host.',
    check: 'Whether the number comes back online; steal time in a guest.',
    change: 'A restart, if it stays so.',
    rules: [],
  },
  {
    name: 'move-in-progress-at-offline',
    templates: ['IRQ fixup: irq {} move in progress, old vector {}'],
    printedBy: 'irq_force_complete_move() of arch/x86/kernel/apic/vector.c',
    meaning:
      'A CPU goes offline while one of its interrupts is still on the way to another CPU: the kernel ends the move at once and keeps the old vector for safety.',
    matters:
      'Seldom: the kernel keeps the interrupt alive. Yes if the device of that interrupt hangs afterwards.',
    why: 'An affinity was changed, and the interrupt has not come since.',
    check: '/proc/interrupts: the count of that interrupt goes on rising.',
    change: 'Nothing, unless the device stands still: then reset it.',
    rules: [],
  },
  {
    name: 'full-dynticks-cpus',
    routine: true,
    templates: [
      'NO_HZ: Full dynticks CPUs: {}',
      'NO_HZ: Clearing {} from nohz_full range for timekeeping',
      'Offload RCU callbacks from CPUs: {}',
    ],
    printedBy: 'tick_nohz_init() and rcu_init_nohz(), with nohz_full= or rcu_nocbs=',
    meaning:
      'CPUs that run without the periodic tick, or whose RCU work others do. By itself this moves no interrupt: managed interrupts keep their CPUs.',
    matters: 'No: it is information. Look whether the list is the one that was meant.',
    why: 'nohz_full= or rcu_nocbs= on the command line.',
    check: 'irqsim analyze: its section on isolation says which interrupts go to these CPUs.',
    change: 'isolcpus=managed_irq,domain,LIST for queues; irqaffinity=LIST for the other interrupts.',
    rules: [],
  },
  {
    name: 'unbound-workqueues-keep-cpus',
    templates: ['Restricting unbound_cpumask ({}) with {} leaves no CPU, ignoring'],
    printedBy: 'restrict_unbound_cpumask() of kernel/workqueue.c',
    meaning:
      'Isolation would leave no CPU for unbound work, so it does not count there: that work may run on isolated CPUs.',
    matters: 'Yes for latency: unbound kernel work runs on isolated CPUs.',
    why: 'isolcpus= or nohz_full= and workqueue.unbound_cpus= have no CPU in common.',
    check: 'cat /sys/devices/virtual/workqueue/cpumask; /proc/cmdline.',
    change: 'Lists that leave a common housekeeping CPU.',
    rules: [],
  },
  {
    name: 'hpet-spurious',
    templates: ['Spurious interrupt HPET channel {}'],
    printedBy: 'hpet_msi_interrupt_handler() of arch/x86/kernel/hpet.c',
    meaning: 'A channel of the HPET sent an interrupt that nobody waited for.',
    matters: 'Seldom: a timer fired once too often.',
    why: 'The channel was set up and not yet used; emulators do so at boot.',
    check: 'Whether the line repeats.',
    change: 'Nothing; if it goes on, hpet=disable where another timer works.',
    rules: [],
  },
  {
    name: 'tsc-unstable',
    templates: [
      "Marking clocksource 'tsc' as unstable",
      'TSC found unstable after boot, most likely due to broken BIOS',
      'Marking TSC unstable due to {}',
    ],
    printedBy: 'the clocksource watchdog, and tsc.c',
    meaning:
      'The TSC is no clock any more; the kernel takes the next one, often the HPET, which is slow to read.',
    matters:
      'Yes for speed and time: reading the clock is slow, and clocks of CPUs may have differed. Interrupts are not concerned, but the HPET takes a vector.',
    why: 'TSCs of CPUs differ, firmware changed one, or the host did not run the guest in time.',
    check: '/sys/devices/system/clocksource/clocksource0/current_clocksource.',
    change: 'A firmware update; in guests kvm-clock or a TSC that the host keeps in step (invtsc).',
    rules: [],
  },
  {
    name: 'kdump-takes-translation-over',
    routine: true,
    templates: [
      'Translation already enabled - trying to copy translation structures',
      'Translation is already enabled - trying to copy translation structures',
    ],
    printedBy: 'init_dmars() of the Intel driver, early_enable_iommus() of the AMD one',
    meaning:
      'The kernel found the IOMMU switched on and takes its tables over, so that DMA that is under way does no harm. Usual in a crash kernel.',
    matters:
      'No in a crash kernel. In another kernel it says that firmware or a boot loader left the IOMMU on.',
    why: 'kexec or kdump started this kernel without a reset of the hardware.',
    check: 'The lines after it: "Copied translation tables" or why that failed.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'amd-iommu-event',
    templates: [
      'AMD-Vi: Event logged [{}',
      'Event logged [INVALID_DEVICE_REQUEST {}',
      'Event logged [IO_PAGE_FAULT {}',
    ],
    printedBy: 'iommu_print_event() of drivers/iommu/amd',
    meaning:
      'The IOMMU refused something that a device did. Addresses from 0xfee00000 to 0xfeefffff, and from 0xfdf8000000 to 0xfdf8ffffff, are interrupts: then an interrupt of that device is lost.',
    matters:
      'Yes where the address is one of an interrupt, or if it repeats: interrupts or data of that device are lost.',
    why: 'A device that still works for the kernel before (after kexec), a stale remapping entry, a device that sends from another address, or a driver fault.',
    check: 'device= against lspci, and whether the address is one of interrupts.',
    change: 'Reset the device; update firmware; of other addresses: the driver.',
    rules: [],
  },
  {
    name: 'no-tables-of-cpus',
    templates: ['ACPI MADT or MP tables are not detected'],
    printedBy: 'apic_intr_mode_select() and init_bsp_APIC() of arch/x86/kernel/apic/apic.c',
    meaning: 'Firmware lists no CPUs: the kernel runs on the boot CPU alone.',
    matters: 'Yes: one CPU. No in a guest that has one.',
    why: 'acpi=off without an MP table, or a firmware without a MADT.',
    check: '/proc/cmdline for acpi=off, nolapic; ls /sys/firmware/acpi/tables/APIC.',
    change: 'acpi=off removed; for a virtual machine a firmware or VMM that makes a MADT.',
    rules: [],
  },
  {
    name: 'irqbalance-counts-other-cpus',
    templates: ["WARNING, didn't collect load info for all cpus, balancing is broken"],
    printedBy: 'irqbalance, parse_proc_stat()',
    meaning: 'irqbalance found other CPUs in /proc/stat than it knows, so it does not balance in that round.',
    matters:
      'Seldom: the next round balances again. Yes if each round says so: CPUs went or came, and irqbalance must be restarted.',
    why: 'CPUs came or went since it started, or it runs in a container that sees some CPUs only.',
    check: 'grep -c ^cpu /proc/stat against /sys/devices/system/cpu/online.',
    change: 'Restart irqbalance after CPUs came or went.',
    rules: [],
  },
];
