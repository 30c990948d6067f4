/** CPUs that go or refuse to go, suspend, and what shells and tools make of it: kernel/cpu.c. */
import type { MessageEntry } from '../entry.ts';

export const CPU_OFFLINE_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'cpu-down-no-space',
    templates: [
      'Error taking CPU{} down: -28',
      'Failed to offline CPU{} - error=-28',
      'CPU {} DOWN state {} failed (-28)',
      'CPU {} disable failed: No space left on device',
      'cpu{}online: write error: No space left on device',
      'System resumed again: No space left on device',
    ],
    printedBy:
      'freeze_secondary_cpus() and cpu_down() of kernel/cpu.c; -28 is ENOSPC of lapic_can_unplug_cpu()',
    meaning:
      'The CPU could not be taken offline, and where this was part of suspend or hibernation the machine did not sleep: the interrupts of the CPU need vectors that the remaining CPUs do not have.',
    matters:
      'Yes: the CPU cannot be taken away, and suspend, hibernation and hot-unplug fail in the same way each time.',
    why: 'Managed interrupts are shut down with their CPU; all others must move, and the other CPUs together have too few free vectors. Many network or storage functions with one vector a CPU use them up.',
    check:
      'The line before: "CPU N has X vectors, Y available. Cannot disable CPU". /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change:
      'Fewer vectors before going offline or to sleep: fewer queues (ethtool -L), fewer virtual functions, unload drivers; or leave more CPUs online.',
    rules: ['event-refused', 'vector-reservation-failed'],
  },
  {
    name: 'cpu-down-failed',
    templates: [
      'Error taking CPU{} down: {}',
      'Failed to offline CPU{} - error={}',
      'CPU {} DOWN state {} failed ({})',
      'CPU {} disable failed: {}',
    ],
    printedBy: 'kernel/cpu.c; the number is an errno',
    meaning:
      'The CPU could not be taken offline. -28 (ENOSPC): no vectors left for its interrupts. -16 (EBUSY): CPU hot-plug is disabled, or it is the last housekeeping CPU. -1 (EPERM): not allowed.',
    matters:
      'Yes where the CPU must go: for repair, suspend or hot-unplug. Nothing is lost meanwhile; the CPU goes on working.',
    why: 'A step of going offline refused; the state in the line (CPUHP_AP_ACTIVE and others) tells which.',
    check:
      'The lines before it. /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change: 'See the errno; for -28 fewer vectors, for -16 wait or leave another housekeeping CPU online.',
    rules: ['event-refused'],
  },
  {
    name: 'non-boot-cpus-not-disabled',
    templates: ['Non-boot CPUs are not disabled'],
    printedBy: 'freeze_secondary_cpus() of kernel/cpu.c',
    meaning: 'Suspend or hibernation stops: not all CPUs but the boot CPU could be taken offline.',
    matters: 'Yes: the machine does not sleep. It goes on working.',
    why: 'The line before says which CPU and why, most often -28 (ENOSPC): the interrupts of all CPUs do not fit into the vectors of the boot CPU alone.',
    check:
      'The error in the line before. /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change: 'Fewer vectors for devices before suspend: unload drivers, fewer queues or functions.',
    rules: ['event-refused'],
  },
  {
    name: 'cpu-up-failed',
    templates: ['Error taking CPU{} up: {}', 'CPU {} UP state {} failed ({})', 'CPU {} enable failed: {}'],
    printedBy:
      'cpu_up() and thaw_secondary_cpus() of kernel/cpu.c, enable_nonboot_cpus() before 5.8; the number is an errno',
    meaning:
      'The CPU could not be brought online. -22 (EINVAL): its APIC ID is not valid for the APIC mode. -5 (EIO): it did not start. -1 (EPERM): SMT is off (nosmt).',
    matters: 'Yes: the CPU stays offline, and will each time until the cause is mended.',
    why: 'An APIC ID above the limit (255 without remapping or the extended destination ID), a CPU that firmware or the hypervisor does not start, or sibling threads that are switched off.',
    check: 'The lines before it ("has invalid APIC ID"); irqsim why FILE cpu N.',
    change: 'See irqsim explain invalid-apic-id for -22.',
    rules: ['apic-id-above-limit'],
  },
  {
    name: 'cpu-offline-done',
    templates: ['CPU {} is now offline'],
    printedBy: 'native_cpu_die() or arch_cpuhp_cleanup of arch/x86/kernel/smpboot.c',
    meaning:
      'The CPU went offline as asked. Its managed interrupts were shut down if no other CPU of their mask is online, and their queues with them; all other interrupts were moved to other CPUs, with their affinity broken if need be.',
    matters:
      'Only where nobody asked for it. Queues whose CPUs are all offline now are stopped in an orderly way, and their I/O goes elsewhere.',
    why: 'Ordinary CPU hot-plug, suspend, or SMT being switched off.',
    check: '"IRQ N: no longer affine to CPUN" beside it; /proc/interrupts.',
    change: 'Nothing. Affinity that was broken does not come back by itself when the CPU returns.',
    rules: ['queue-waits-for-cpus'],
  },
  {
    name: 'suspend-refused',
    templates: [
      'Failed to put system to sleep. System resumed again: {}',
      'Some devices failed to suspend',
      'Failed to suspend system',
    ],
    printedBy: 'systemd-sleep, from the errno of a write to /sys/power/state',
    meaning:
      'The machine did not go to sleep. "No space left on device" means that a CPU could not be taken offline for lack of interrupt vectors.',
    matters: 'Yes on machines that should sleep: the battery runs empty. No work is lost.',
    why: 'Suspend takes every CPU but the boot CPU offline; that CPU must have a free vector for each interrupt that is not managed.',
    check:
      'The kernel log before it: "Error taking CPUN down: -28". /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change: 'Fewer vectors for devices before suspend.',
    rules: ['event-refused'],
  },
  {
    name: 'write-error-busy',
    templates: ['write error: Device or resource busy', 'cpu{}online: Device or resource busy'],
    printedBy: 'the shell, writing /sys/devices/system/cpu/cpuN/online: EBUSY',
    meaning: 'The CPU cannot go offline (or come online) now.',
    matters: 'Seldom: try again later. Yes where the CPU is the last housekeeping CPU: it can never go.',
    why: 'CPU hot-plug is disabled for the moment (suspend, a crash kernel load, device probing), the CPU is the last housekeeping CPU of isolcpus=, or it is the boot CPU on a kernel that keeps it.',
    check: 'The kernel log at that moment; isolcpus= and nohz_full= in /proc/cmdline.',
    change: 'Try again later; leave another housekeeping CPU online.',
    rules: ['event-refused'],
  },
];
