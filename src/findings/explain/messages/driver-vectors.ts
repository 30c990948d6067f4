/** Drivers that got fewer vectors than they asked for, or none. */
import type { MessageEntry } from '../entry.ts';

export const DRIVER_VECTOR_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'driver-no-vectors',
    templates: [
      'vector reservation failed: -28',
      'Failed to request irq. err = -28',
      'pci_alloc_irq_vectors failed{}-28',
      'Failed to allocate IRQ vectors{}-28',
      'failed to allocate interrupt{}-28',
      'MSI-X{}failed{}-28',
      'MSI{}failed{}-28',
      'irq{}failed{}-28',
      'vectors{}err{}-28',
      'Failed to allocate{}vectors{}-28',
      'pci_enable_msix_range failed{}-28',
      'request_irq{}-28',
    ],
    printedBy: 'the driver, from pci_alloc_irq_vectors() or request_irq(); -28 is ENOSPC',
    meaning: 'No interrupt vector was free for the device: its probe, or one of its queues, fails.',
    matters: 'Yes: the device, or one of its queues, does not work.',
    why: 'ENOSPC comes from the vector allocator: the CPUs of the mask have no vector left. A CPU has about 200 for devices, and drivers that ask for one a CPU use them up as functions are added.',
    check:
      '/sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them. irqsim analyze names the CPU that is full.',
    change:
      'Fewer queues for each device (ethtool -L, driver parameters), fewer virtual functions, or load the driver that must work first: probe order matters.',
    rules: ['vector-reservation-failed', 'device-without-queue'],
  },
  {
    name: 'not-enough-os-vectors',
    templates: ['not enough OS MSI-X vectors. requested = {}, obtained = {}', 'not enough OS MSI-X vectors'],
    printedBy: 'ice_ena_msix_range() of the ice driver',
    meaning:
      'The kernel gave the device fewer vectors than the driver asked for: it works with fewer queues, so several CPUs share one.',
    matters: 'Yes for speed: CPUs share queues. The device works.',
    why: 'The driver asks for about one vector an online CPU and some more; the CPUs had no more free.',
    check:
      '/sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change:
      'Ask for less (ethtool -L, devlink resource) so that other devices keep theirs, or fewer functions.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'not-enough-device-vectors',
    templates: [
      'not enough device MSI-X vectors. wanted = {}, available = {}',
      'not enough device MSI-X vectors',
    ],
    printedBy: 'ice_ena_msix_range() of the ice driver',
    meaning:
      "The device's own MSI-X table is too small for what the driver wanted: the function gets fewer queues. The kernel's vectors are not the cause.",
    matters: 'Seldom: it is as fast as the device can be; the kernel lacks nothing.',
    why: 'The hardware function has that many vectors; firmware or devlink may have given some to virtual functions.',
    check: 'lspci -vv: MSI-X: Count=N of the function.',
    change:
      'devlink resource, or fewer virtual functions, gives the function more; otherwise live with fewer queues.',
    rules: [],
  },
  {
    name: 'ena-vectors',
    templates: ['Not enough MSI-X vectors (wanted {}, got {})', 'Not enough MSI-X vectors'],
    printedBy: 'ena_enable_msix() of the ena driver; other drivers print similar lines',
    meaning: 'The driver got fewer interrupt vectors than it wanted and uses fewer queues.',
    matters: 'Yes for speed: CPUs share queues. The device works.',
    why: 'It wants one a CPU (and one for management); the device offers fewer, or the CPUs have no vectors left.',
    check:
      'lspci -vv: MSI-X: Count=N for what the device offers. /sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change:
      'Fewer queues is no fault by itself; for more: a larger instance type, or fewer vectors for other devices.',
    rules: ['cpus-share-queues'],
  },
  {
    name: 'megaraid-vectors',
    templates: ['current msix/online cpus {}', 'current msix/online cpus'],
    printedBy: 'megasas_init_fw() of the megaraid_sas driver',
    meaning:
      'How many reply queues (vectors) the adapter has, and how many CPUs are online. With fewer queues than CPUs, CPUs share a reply queue.',
    matters: 'Seldom: it is information. With far fewer vectors than CPUs, completions gather on few CPUs.',
    why: 'The adapter offers at most that many (often 128); the queues are spread over all possible CPUs, online or not.',
    check: '/sys/block/*/mq/*/cpu_list.',
    change:
      'Nothing in general; msix_vectors= lowers the count, smp_affinity_enable=0 makes the interrupts movable.',
    rules: ['cpus-share-queues'],
  },
  {
    name: 'hv-pci-interrupt',
    templates: ['Request for interrupt failed: 0x{}'],
    printedBy: 'hv_compose_msi_msg() of drivers/pci/controller/pci-hyperv.c',
    meaning:
      'The Hyper-V host refused to give the guest an interrupt for a passed-through device. 0xc000009a is STATUS_INSUFFICIENT_RESOURCES.',
    matters: 'Yes: the queue or the device does not work.',
    why: 'The host has no vector left on the virtual processor that was asked for, or cannot deliver to it.',
    check:
      'How many vectors the device asked for; the virtual processor number against the limit of 64 of older host interfaces.',
    change: 'Fewer queues for the device (ethtool -L), or another VM size.',
    rules: ['vector-reservation-failed'],
  },
];
