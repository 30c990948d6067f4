/** Errors that user space gets: writing affinities, bringing CPUs online, connecting NVMe queues. */
import type { MessageEntry } from '../entry.ts';

export const USER_SPACE_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'smp-affinity-no-space',
    templates: [
      'write error: No space left on device',
      '{}smp_affinity{}No space left on device',
      'smp_affinity{}: No space left on device',
    ],
    printedBy: 'the shell or irqbalance, writing /proc/irq/N/smp_affinity: ENOSPC',
    meaning: 'No CPU of the mask has a free vector: the interrupt stays where it is.',
    matters: 'Yes as a sign that vectors run out on these CPUs. The interrupt goes on where it is.',
    why: 'A CPU has about 200 vectors for devices, and they are used or reserved.',
    check: '/sys/kernel/debug/irq/domains/VECTOR.',
    change: 'A wider mask, fewer vectors for devices, or spread other interrupts first.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'smp-affinity-io-error',
    templates: [
      'write error: Input/output error',
      '{}smp_affinity{}Input/output error',
      'write error: Operation not permitted',
    ],
    printedBy:
      'the shell or a tuning tool, writing /proc/irq/N/smp_affinity: EIO before Linux 6.12, EPERM since',
    meaning: 'The interrupt is managed: the kernel spreads it and user space cannot move it.',
    matters: 'Seldom: the kernel has placed the interrupt well. Yes where isolated CPUs must be free of it.',
    why: 'The driver (nvme, virtio-blk, virtio-scsi, most SCSI adapters) asked for managed interrupts, one queue for a group of CPUs.',
    check: '"managed" in irqsim analyze -v, or IRQD_AFFINITY_MANAGED in /sys/kernel/debug/irq/irqs/N.',
    change: 'Leave it out of the script. To keep it off CPUs use isolcpus=managed_irq,LIST or fewer queues.',
    rules: [],
  },
  {
    name: 'smp-affinity-invalid',
    templates: ['write error: Value too large for defined data type', '{}smp_affinity{}Invalid argument'],
    printedBy: 'the shell, writing /proc/irq/N/smp_affinity: EOVERFLOW or EINVAL',
    meaning: 'The mask names CPUs that do not exist, or none that is online.',
    matters: 'Seldom: nothing has changed; the list is wrong.',
    why: 'nr_cpu_ids is below the highest bit, or every CPU of the mask is offline.',
    check: '/sys/devices/system/cpu/online and possible.',
    change: 'A mask with an online CPU.',
    rules: [],
  },
  {
    name: 'cpu-online-invalid',
    templates: ['write error: Invalid argument'],
    printedBy: 'the shell, writing /sys/devices/system/cpu/cpuN/online or smp_affinity: EINVAL',
    meaning:
      'For cpuN/online: the kernel refused to bring the CPU up. For smp_affinity: no CPU of the mask is online.',
    matters:
      'Yes for a CPU that should run: it cannot on this boot. Seldom for smp_affinity: nothing has changed.',
    why: "The CPU's APIC ID is above the kernel's limit, or the mask holds offline CPUs only.",
    check: 'The kernel log: "has invalid APIC ID".',
    change: 'See irqsim explain invalid-apic-id.',
    rules: ['apic-id-above-limit', 'bare-metal-apic-limit'],
  },
  {
    name: 'nvme-connect-exdev',
    templates: ['Connect command failed, errno: -18', 'errno: -18', 'errno -18'],
    printedBy: 'nvme-cli and the nvme fabrics driver: EXDEV from blk_mq_alloc_request_hctx()',
    meaning: 'A queue could not be connected because none of the CPUs mapped to it is online.',
    matters: 'Yes: the controller is not connected.',
    why: 'NVMe over fabrics connects every queue on a CPU of that queue. Queues are spread over possible CPUs; some have only offline ones.',
    check: '/sys/block/*/mq/*/cpu_list against /sys/devices/system/cpu/online.',
    change:
      'nvme connect --nr-io-queues=N with fewer queues, or bring the CPUs online, or boot with nr_cpus=.',
    rules: ['queue-never-starts', 'queue-waits-for-cpus'],
  },
];
