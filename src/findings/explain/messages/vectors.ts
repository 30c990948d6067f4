/** Vectors and affinity: arch/x86/kernel/apic/vector.c, kernel/irq/matrix.c, kernel/irq/cpuhotplug.c. */
import type { MessageEntry } from '../entry.ts';

export const VECTOR_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'affinity-broken-no-vectors',
    templates: ['irq {}: Affinity broken due to vector space exhaustion.'],
    printedBy: 'activate_reserved() of vector.c',
    meaning: 'The interrupt runs on a CPU outside its affinity mask: no CPU of the mask had a vector left.',
    matters:
      'Yes: vectors run out on the CPUs of the mask. On isolated machines the interrupt now disturbs CPUs that it should not.',
    why: 'A CPU has about 200 vectors for devices. Managed interrupts reserve one on every CPU of their mask; drivers that ask for many vectors take the rest.',
    check: '/sys/kernel/debug/irq/domains/VECTOR shows free vectors for each CPU.',
    change:
      'Fewer queues or functions for each device, a wider mask, or load the driver that must stay local first: probe order matters.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'managed-startup-no-cpu',
    templates: ['Managed startup for irq {}, but no CPU'],
    printedBy: 'activate_managed() of vector.c',
    meaning: 'A managed interrupt was to start, but no CPU of its mask is online.',
    matters:
      'Seldom: the queue waits for its CPUs and works when one of them comes. Yes where it was to be used now.',
    why: 'The queue belongs to CPUs that are offline, not plugged or refused; normally the kernel stops earlier and says nothing.',
    check: '/proc/irq/N/smp_affinity_list against /sys/devices/system/cpu/online.',
    change: 'Bring a CPU of the mask online, or keep such CPUs from being possible (nr_cpus=).',
    rules: ['queue-never-starts'],
  },
  {
    name: 'managed-startup-no-vector',
    templates: ['Managed startup irq {}, no vector available'],
    printedBy: 'activate_managed() of vector.c',
    meaning:
      'A managed interrupt cannot start: the CPUs of its mask that are online have no vector for it. The queue is dead.',
    matters: 'Yes: I/O of the CPUs of that queue does not complete.',
    why: 'Its reservation was made, but the vectors are gone; this should not happen on a healthy kernel.',
    check: '/sys/kernel/debug/irq/domains/VECTOR.',
    change: 'Fewer queues; report it with the kernel version.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'cpu-cannot-be-disabled',
    templates: ['CPU {} has {} vectors, {} available. Cannot disable CPU'],
    printedBy: 'lapic_can_unplug_cpu() of vector.c; the CPU stays online, -ENOSPC',
    meaning:
      'The CPU cannot go offline, and so the machine cannot suspend: its interrupts would not fit on the others.',
    matters:
      'Yes where the CPU must go, and for suspend and hibernation, which fail each time. Nothing is lost meanwhile.',
    why: 'Managed interrupts are shut down with the CPU, all others have to move, and every other CPU must have a free vector for them.',
    check: 'The two numbers; /sys/kernel/debug/irq/domains/VECTOR.',
    change:
      'Fewer vectors for devices (ethtool -L, driver parameters), fewer functions, or take fewer CPUs offline.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'reserved-vectors-exceed',
    templates: [
      'Reserved vectors {} > available {}. IRQ request may fail',
      'Reserved vectors {} > available {}',
    ],
    printedBy: 'lapic_can_unplug_cpu() of vector.c; only a warning',
    meaning:
      'More vectors are promised to interrupts that are not started than will be free once the CPU is down.',
    matters: 'Yes as a warning: interrupts that are started later may fail with ENOSPC.',
    why: 'Ordinary interrupts reserve without a vector until they are requested.',
    check: '"Global reserved" and "Global available" in /sys/kernel/debug/irq/domains/VECTOR.',
    change: 'Fewer vectors for devices, if they will all be used.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'reservation-exceeds',
    templates: ['Interrupt reservation exceeds available resources'],
    printedBy: 'irq_matrix_reserve() of kernel/irq/matrix.c',
    meaning:
      'More ordinary interrupts are allocated than there are free vectors. Requests that come too late will fail.',
    matters:
      'Yes as a warning: the next devices, or those that start their interrupts last, do not get all of theirs.',
    why: 'Allocation of ordinary interrupts only counts; the vector is taken when the driver requests the interrupt.',
    check: '/sys/kernel/debug/irq/domains/VECTOR.',
    change: 'Fewer vectors for devices or more CPUs.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'effective-affinity-offline',
    templates: [
      'Eff. affinity {} of IRQ {} contains only offline CPUs after offlining CPU {}',
      'Eff. affinity {} of IRQ {} contains only offline CPUs',
    ],
    printedBy: 'irq_needs_fixup() of kernel/irq/cpuhotplug.c; a warning',
    meaning:
      'An interrupt still points at CPUs that are all offline while one more goes down. It is moved to an online CPU.',
    matters: 'Seldom: the kernel mends it. Yes if the device of that interrupt hangs afterwards.',
    why: 'An earlier move failed or was never made.',
    check: '/proc/irq/N/effective_affinity_list.',
    change: 'Nothing if the interrupt works after; else report it with the kernel version.',
    rules: [],
  },
  {
    name: 'set-affinity-failed',
    templates: ['IRQ{}: set affinity failed({}).'],
    printedBy: 'migrate_one_irq() of kernel/irq/cpuhotplug.c',
    meaning:
      'A CPU goes down and one of its interrupts could not be moved. -28: no vector was free. -22: the mask holds no CPU that the interrupt domain accepts; then the interrupt is lost.',
    matters:
      'Yes: on kernels before 6.10 (6.6.45) the interrupt may stay on a CPU that is offline, and its device is then dead.',
    why: '-28: vectors are exhausted. -22: IO-APIC interrupts of Hyper-V guests reach CPU numbers and APIC IDs below 256 only.',
    check: 'The error number; /proc/irq/N/effective_affinity_list.',
    change:
      'Fewer vectors (-28); a Hyper-V host with the extended destination ID and Linux 5.11 or newer (-22).',
    rules: ['hyperv-ioapic-limit', 'vector-reservation-failed'],
  },
  {
    name: 'affinity-broken',
    templates: ['IRQ {}: no longer affine to CPU{}'],
    printedBy: 'migrate_one_irq() of kernel/irq/cpuhotplug.c',
    meaning: "The last CPU of an interrupt's mask went down; the interrupt now runs on any online CPU.",
    matters: 'Seldom: the interrupt goes on on another CPU. On machines with isolated CPUs look where.',
    why: 'Ordinary interrupts are moved, never shut down. They are not moved back.',
    check: '/proc/irq/N/smp_affinity_list.',
    change: 'Write the mask again when the CPU is back.',
    rules: [],
  },
  {
    name: 'cleanup-for-offline-cpu',
    routine: true,
    templates: ['IRQ {} schedule cleanup for offline CPU {}'],
    printedBy: 'vector_schedule_cleanup() of vector.c, since 6.6, a warning',
    meaning: 'The old vector of a moved interrupt is on a CPU that is offline by now; it is freed at once.',
    matters: 'No: nothing is lost; the kernel frees a vector early.',
    why: 'The CPU went down between the move and its clean-up.',
    check: 'Nothing to check.',
    change: 'Nothing.',
    rules: [],
  },
];
