/** The interrupt core and its warnings: kernel/irq, drivers/pci/msi, and WARN sites of vectors and queues. */
import type { MessageEntry } from '../entry.ts';

export const IRQ_CORE_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'effective-mask-not-updated',
    templates: ['irq_chip {} did not update eff. affinity mask of irq {}'],
    printedBy: 'irq_validate_effective_affinity() of kernel/irq/manage.c',
    meaning:
      'The driver of the interrupt chip moved an interrupt without recording which CPU it went to, so /proc/irq/N/effective_affinity is not right.',
    matters: 'Seldom: the interrupt works; only tools that read effective_affinity are told wrong.',
    why: 'A fault of that irq chip driver, often one of a hypervisor or platform.',
    check: 'The chip named in the line; whether the interrupt arrives (/proc/interrupts).',
    change: 'A newer kernel.',
    rules: [],
  },
  {
    name: 'irq-flags-mismatch',
    templates: ['Flags mismatch irq {}. {} vs. {}', 'Flags mismatch irq {}'],
    printedBy: '__setup_irq() of kernel/irq/manage.c; the driver gets -EBUSY',
    meaning:
      'Two drivers want one line interrupt and do not agree on sharing it or on how it triggers; the second one fails.',
    matters: 'Yes: the second device has no interrupt and does not work.',
    why: 'Both must say IRQF_SHARED and the same trigger. vfio with a device without INTx masking cannot share.',
    check: 'The two names in brackets; /proc/interrupts.',
    change: 'Put the devices on different lines (another slot), use MSI, or unbind the other driver.',
    rules: [],
  },
  {
    name: 'msi-quirk',
    templates: ['MSI quirk detected; MSI disabled', 'MSI quirk detected; subordinate MSI disabled'],
    printedBy: 'quirks of drivers/pci/quirks.c',
    meaning:
      'The kernel knows that message signalled interrupts do not work on this device or below this bridge, so the devices fall back to line interrupts (INTx) through the IO-APIC: one interrupt, one queue.',
    matters: 'Yes for speed: devices share one line interrupt and have one queue. They work.',
    why: 'A list of chipsets and devices with broken MSI.',
    check: 'lspci -vv of the device: MSI: Enable-.',
    change: 'Nothing; another slot if only the bridge is concerned.',
    rules: ['queues-share-interrupt'],
  },
  {
    name: 'msix-already-msi',
    templates: [
      "can't enable MSI-X (MSI already enabled)",
      "can't enable MSI-X",
      "can't enable MSI (MSI-X already enabled)",
    ],
    printedBy: '__pci_enable_msix_range() of drivers/pci/msi',
    meaning:
      'The driver asked for MSI-X while MSI is on (or the reverse): it gets an error, and the device keeps what it had.',
    matters: 'Yes for speed where the driver then uses one vector; the device works.',
    why: 'A driver that does not free its vectors before asking again, or two drivers on one device.',
    check: 'Which driver is bound; what happened before (reset, reload).',
    change: 'Reload the driver; report it.',
    rules: [],
  },
  {
    name: 'warn-vector',
    templates: ['WARNING: {} at arch/x86/kernel/apic/vector.c:{}', 'arch/x86/kernel/apic/vector.c:{}'],
    printedBy: 'a WARN of arch/x86/kernel/apic/vector.c; the function is in the line',
    meaning:
      'The x86 vector code found a state that should not occur: activating an interrupt without a reservation, a managed interrupt without a vector or an online CPU, or a move that was not finished.',
    matters:
      'Yes: an interrupt is in a state that the kernel did not expect; the device of the stack trace may hang. Report it.',
    why: 'x86_vector_activate: activating a managed or reserved interrupt failed. apic_set_affinity / chip data: a move in progress while the CPU went away.',
    check:
      'The function in the line, and the lines before it ("Managed startup irq N …"). /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change: 'Report it with the kernel version; fewer vectors for devices if they had run out.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'warn-matrix',
    templates: ['WARNING: {} at kernel/irq/matrix.c:{}', 'kernel/irq/matrix.c:{}'],
    printedBy: 'a WARN of kernel/irq/matrix.c, the allocator of vectors',
    meaning:
      'The accounting of vectors does not add up: a bit freed that was not allocated, a CPU that is not online in the allocator, or a managed reservation that is missing.',
    matters:
      'Yes: the count of free vectors is wrong from here on, so requests may fail, or CPUs refuse to go. Report it.',
    why: 'irq_matrix_free: a vector is freed twice or on another CPU than it was allocated on, usually after a failed move.',
    check:
      'The function in the line. /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change: 'Report it with the kernel version: it is a fault of the kernel.',
    rules: [],
  },
  {
    name: 'warn-irq-startup',
    templates: [
      'WARNING: {} irq_startup+{}',
      'irq_startup+{}',
      'chip.c:{} irq_startup',
      'chip.c:{} at irq_startup',
    ],
    printedBy: 'irq_startup() of kernel/irq/chip.c',
    meaning:
      'A managed interrupt was to be started, but no CPU of its affinity mask is online, which should have been caught before.',
    matters: 'Yes: the queue of that interrupt may not complete I/O. Report it.',
    why: 'A driver starts (request_irq) or resets a queue whose CPUs are all offline.',
    check: '/proc/irq/N/smp_affinity_list against the online CPUs.',
    change: 'Bring a CPU of the mask online before the device is reset.',
    rules: ['queue-waits-for-cpus'],
  },
  {
    name: 'warn-blk-mq-map',
    templates: [
      'WARNING: {} blk_mq_map_swqueue+{}',
      'blk_mq_map_swqueue+{}',
      'WARNING: {} at block/blk-mq.c:{}',
    ],
    printedBy: 'a WARN of block/blk-mq.c; blk_mq_map_swqueue() maps CPUs to hardware queues',
    meaning:
      'The map from CPUs to hardware queues is not complete: a CPU has no queue of a type, or the map names a queue that does not exist.',
    matters: 'Yes: I/O from the CPUs concerned may hang or crash. Report it.',
    why: 'The driver gave a map with holes, for example after fewer vectors or queues than CPUs groups were got.',
    check: '/sys/block/*/mq/*/cpu_list.',
    change: 'Report it with the driver and kernel version.',
    rules: ['cpus-share-queues'],
  },
];
