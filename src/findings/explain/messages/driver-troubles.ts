/** What drivers say when requests are not answered, or when they get fewer message interrupts than they ask for. */
import type { MessageEntry } from '../entry.ts';

export const DRIVER_TROUBLE_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'nvme-request-timeout',
    templates: [
      'QID {} timeout, reset controller',
      'QID {} timeout, aborting',
      'QID {} timeout, disable controller',
      'timeout, aborting req_op',
    ],
    printedBy: 'nvme_timeout() of drivers/nvme/host/pci.c, after the I/O timeout of 30 s',
    meaning:
      'A request is not finished, and its completion does not lie in the queue either: the driver aborts it, then resets the controller. A lost interrupt alone would say "completion polled".',
    matters: 'Yes: the disk or its path is at fault. Interrupts are probably not.',
    why: 'The controller is slow, hung or gone (firmware, power saving, a link that lost data), or a DMA write was blocked by the IOMMU.',
    check:
      'Whether "completion polled" stands beside it (then interrupts are lost too); faults of DMAR or AMD-Vi at that time; nvme smart-log.',
    change: 'Firmware of the drive; nvme_core.default_ps_max_latency_us=0 to rule power saving out.',
    rules: [],
  },
  {
    name: 'nvme-queue-count-refused',
    templates: ['Could not set queue count ({})', 'failed to set queue count: {}'],
    printedBy: 'nvme_set_queue_count() of drivers/nvme/host/core.c',
    meaning:
      'The controller refused to say how many I/O queues it gives. It stays with its admin queue, without namespaces.',
    matters: 'Yes: the disk cannot be used.',
    why: 'The controller is in a degraded or read-only state, or its firmware has a fault. Vectors and CPUs play no part.',
    check: 'nvme list-ctrl, nvme smart-log (critical_warning), the number in brackets: an NVMe status.',
    change: 'Reset or update the controller.',
    rules: [],
  },
  {
    name: 'message-interrupts-fall-back',
    templates: [
      'Failed to initialize MSI-X interrupts.  Falling back to MSI interrupts.',
      'Failed to initialize MSI interrupts.  Falling back to legacy interrupts.',
      'Failed to allocate MSI-X interrupts. Err: {}',
      'Failed to allocate MSI interrupts, falling back to legacy. Error: {}',
      'Failed to enable MSIX: {}',
      'Failed to alloc irq vectors',
      'Failed to alloc IRQs',
      "can't allocate MSI",
    ],
    printedBy: 'network, storage and USB drivers whose pci_alloc_irq_vectors() failed',
    meaning:
      'The device gets no MSI-X vectors, or none at all: it goes on with one interrupt for all queues, with a line interrupt, or not at all.',
    matters:
      'Yes for speed: one queue for all CPUs. Yes altogether where the line says that the device is not used.',
    why: 'No vector was left on the CPUs that may take it (-28, ENOSPC), pci=nomsi, a bridge without MSI, or a hypervisor that gives the device none.',
    check:
      'The error number; pci=nomsi on the command line; lspci -vv (MSI-X: Enable); irqsim budget for who has the vectors.',
    change:
      'Fewer queues on the devices that are probed before it, more CPUs for interrupts, or pci=nomsi removed.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'vector-limit-redistributed',
    templates: [
      'MSI-X vector limit reached, attempting to redistribute vectors',
      'Failed to enable support with {} vectors, using {} vectors.',
    ],
    printedBy: 'i40e_init_msix() of i40e; qla24xx_enable_msix() of qla2xxx',
    meaning: 'The driver got fewer MSI-X vectors than it asked for and makes do with fewer queues.',
    matters: 'Yes for speed: fewer queues than asked for. The device works.',
    why: "The device's table is smaller than CPUs times features, or vectors of CPUs ran out.",
    check: 'lspci -vv (MSI-X: Count=) against the number asked for; ethtool -l; irqsim budget.',
    change: 'Fewer features or virtual functions of that device, or nothing, if the queues suffice.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'vfio-without-remapping',
    templates: [
      'No interrupt remapping support.  Use the module param "allow_unsafe_interrupts" to enable VFIO IOMMU support on this platform',
      'No interrupt remapping for device, use the module param allow_unsafe_interrupts',
      'No interrupt remapping support',
    ],
    printedBy: 'vfio_iommu_type1_attach_group() of drivers/vfio, and iommufd',
    meaning:
      'VFIO refuses to give a device to a guest: without interrupt remapping the guest could send any interrupt to the host.',
    matters: 'Yes where the device is to be given to a guest: it cannot be, safely. Else no.',
    why: 'Interrupt remapping is off in firmware or on the command line (intremap=off), or the IOMMU has none.',
    check: 'dmesg | grep -e "IRQ remapping" -e "Interrupt remapping": "Enabled" must stand there.',
    change:
      'Switch remapping on in firmware (VT-d, AMD-Vi). allow_unsafe_interrupts=1 gives the protection up.',
    rules: [],
  },
];
