/** What irqbalance, tuned and tuna print about affinities they could not write. */
import type { MessageEntry } from '../entry.ts';

export const AFFINITY_TOOL_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'cannot-change-affinity-io-error',
    templates: [
      'Cannot change IRQ {} affinity: Input/output error',
      'Cannot change IRQ {} affinity: Operation not permitted',
      'Failed to set SMP affinity of IRQ {} Input/output error',
      'Failed to set SMP affinity of IRQ {} Operation not permitted',
      'Failed to set affinity of IRQ {} Input/output error',
      'Failed to set affinity of IRQ {} Operation not permitted',
      'affinity{}[Errno 5] Input/output error',
      'affinity{}[Errno 1] Operation not permitted',
    ],
    printedBy:
      'irqbalance, tuned or tuna, writing /proc/irq/N/smp_affinity: EIO before Linux 6.12, EPERM since',
    meaning:
      'The interrupt is managed: the kernel decides its affinity, and a write to smp_affinity is refused.',
    matters: 'Seldom: the kernel has placed the interrupt well; irqbalance leaves it alone from now on.',
    why: 'nvme, virtio-blk, virtio-scsi and most SCSI adapters ask for managed interrupts, one queue for a group of CPUs. Some per-CPU and timer interrupts cannot be moved either.',
    check:
      'irqsim analyze -v marks managed interrupts; IRQD_AFFINITY_MANAGED in /sys/kernel/debug/irq/irqs/N.',
    change:
      'Harmless: leave the interrupt out (irqbalance --banirq, or a newer irqbalance that does it by itself). To keep queues off CPUs: isolcpus=managed_irq,LIST or fewer queues.',
    rules: [],
  },
  {
    name: 'cannot-change-affinity-no-space',
    templates: [
      'Cannot change IRQ {} affinity: No space left on device',
      'Failed to set SMP affinity of IRQ {} No space left on device',
      'Failed to set affinity of IRQ {} No space left on device',
      'affinity{}[Errno 28] No space left on device',
    ],
    printedBy: 'irqbalance, tuned or tuna, writing /proc/irq/N/smp_affinity: ENOSPC',
    meaning: 'No CPU of the mask has a free vector, so the interrupt stays where it is.',
    matters: 'Yes as a sign that vectors run out on these CPUs. The interrupt goes on where it is.',
    why: 'A CPU has about 200 vectors for devices. Tools that move everything to a few housekeeping CPUs run out there first; managed interrupts reserve vectors on top.',
    check:
      '/sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change:
      'A wider mask (more housekeeping CPUs), or fewer vectors for devices: ethtool -L, fewer functions.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'cannot-change-affinity-permission',
    templates: ['Cannot change IRQ {} affinity: Permission denied'],
    printedBy: 'irqbalance, writing /proc/irq/N/smp_affinity: EACCES',
    meaning:
      'The write was not allowed before the kernel looked at the interrupt: the tool is not root, or the file is read-only (mode 0444) because the interrupt cannot be moved.',
    matters: 'Yes if it is said of every interrupt: irqbalance then does nothing. Seldom of a single one.',
    why: 'A container or a hardened service (ProtectKernelTunables) lacks the privilege; interrupts that cannot be set, such as managed or per-CPU ones, have a read-only file.',
    check: 'ls -l /proc/irq/N/smp_affinity, and the user and sandbox of the service.',
    change: 'Run it as root outside the sandbox; leave out interrupts whose file is read-only.',
    rules: [],
  },
  {
    name: 'cannot-change-affinity-invalid',
    templates: [
      'Cannot change IRQ {} affinity: Invalid argument',
      'Failed to set SMP affinity of IRQ {} Invalid argument',
      'affinity{}[Errno 22] Invalid argument',
    ],
    printedBy: 'irqbalance, tuned or tuna, writing /proc/irq/N/smp_affinity: EINVAL',
    meaning: 'No CPU of the mask is online, or the interrupt controller cannot send to it.',
    matters: 'Seldom: the interrupt goes on where it is.',
    why: 'The CPUs of the mask are offline or unplugged; under Hyper-V an IO-APIC interrupt cannot go to an APIC ID above 255.',
    check: '/sys/devices/system/cpu/online; irqsim why FILE cpu N.',
    change: 'A mask with an online CPU that can be reached.',
    rules: ['hyperv-ioapic-limit'],
  },
  {
    name: 'irq-now-unmanaged',
    templates: ['IRQ {} affinity is now unmanaged'],
    printedBy: 'irqbalance 1.9 and newer, after a write to smp_affinity was refused',
    meaning:
      'irqbalance gives up on this interrupt: it leaves it alone and no longer tries to balance it. "unmanaged" is irqbalance\'s word; for the kernel such an interrupt is usually managed.',
    matters: 'Seldom: the interrupt works where it is.',
    why: 'The write failed (the line before says why): a managed interrupt (EIO or EPERM), or no vector on the CPUs that were chosen (ENOSPC).',
    check: 'The line before in the log; irqsim analyze -v for whether it is managed.',
    change: 'Nothing for managed interrupts; for ENOSPC see irqsim explain cannot-change-affinity-no-space.',
    rules: [],
  },
];
