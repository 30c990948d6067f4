/** Faults of interrupt remapping, tables taken over at kexec, and entries that run out: drivers/iommu. */
import type { MessageEntry } from '../entry.ts';

export const REMAPPING_FAULT_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'intr-remap-compatibility',
    templates: [
      'fault reason {} Blocked a compatibility format interrupt request',
      'Blocked a compatibility format interrupt request',
    ],
    printedBy: 'dmar_fault() of drivers/iommu/intel/dmar.c; fault reason 0x25 (37)',
    meaning:
      'The remapping hardware blocked an interrupt that was in the old, not remapped format. With remapping on (and in x2APIC mode) only remappable messages pass.',
    matters:
      'Yes: interrupts of that device are lost, each time. A single line at boot or in a crash kernel may be left over from before.',
    why: 'A device whose message was not set up by the kernel: programmed by firmware, an IO-APIC or HPET that the DMAR table does not list, a device outside the scope of its remapping unit, or one left running over kexec.',
    check:
      'The requester in brackets (bus:slot.function) against lspci; f0:1f.7 and the like are IO-APICs or the HPET.',
    change:
      'Newer firmware with a correct DMAR table; a driver for the device; intremap=off as a last resort (and no APIC ID above 255 then).',
    rules: [],
  },
  {
    name: 'intr-remap-source-id',
    templates: [
      'fault reason {} Blocked an interrupt request due to source-id verification failure',
      'Blocked an interrupt request due to source-id verification failure',
    ],
    printedBy: 'dmar_fault() of drivers/iommu/intel/dmar.c; fault reason 0x26 (38)',
    meaning:
      'An interrupt used a remapping table entry (IRTE) that belongs to another requester, so it was blocked.',
    matters:
      'Yes: the device does not work, or something sends interrupts that are not its own, which may be an attack.',
    why: 'The device sends with another requester ID than it has in PCI: a bridge in between, a phantom function, an alias quirk that is missing, or an entry that was given to another device since.',
    check: 'The requester in brackets against lspci and its bridges.',
    change:
      'Newer kernel (quirks for aliases) or firmware; intremap=nosid turns the check off, at the cost of isolation.',
    rules: [],
  },
  {
    name: 'intr-remap-fault',
    templates: [
      'DMAR: [INTR-REMAP] Request device {} fault index {} [fault reason {}]',
      'INTR-REMAP: Request device {} fault index {}',
      '[INTR-REMAP]',
    ],
    printedBy: 'dmar_fault() of drivers/iommu/intel/dmar.c',
    meaning:
      'The interrupt remapping hardware blocked an interrupt of the device in brackets. Reasons: 0x20 reserved bits in the request, 0x21 index beyond the table, 0x22 entry not present, 0x23 table cannot be read, 0x24 reserved bits in the entry, 0x25 compatibility format blocked, 0x26 source-id check failed, 0x27 reserved.',
    matters:
      'Yes if it repeats: interrupts of that device are lost. A few at boot or in a crash kernel are left over from before.',
    why: '0x22 comes from a device that sends after its entry was freed: driver unload, kexec, a hot-removed CPU. 0x25 and 0x26 have entries of their own here.',
    check: 'What happened to the device just before; the index is that of the remapping table entry.',
    change: 'A driver that stops its device; newer firmware or kernel.',
    rules: [],
  },
  {
    name: 'dmar-fault-status',
    templates: ['DRHD: handling fault status reg {}', 'dmar_fault: {} callbacks suppressed'],
    printedBy: 'dmar_fault() of drivers/iommu/intel/dmar.c',
    meaning:
      'An IOMMU reports faults; the lines after it say which: [DMA Read], [DMA Write] or [INTR-REMAP]. The number is the fault status register (2: a fault is pending).',
    matters: 'Yes if it repeats: I/O or interrupts of the devices in the next lines are lost.',
    why: 'A device accessed memory, or sent an interrupt, that the IOMMU does not allow.',
    check: 'The next lines: requester, address or remapping index, and reason.',
    change: 'See irqsim explain intr-remap-fault for remapping faults.',
    rules: [],
  },
  {
    name: 'dmar-no-irq',
    templates: ['DMAR: No free IRQ vectors', 'No free IRQ vectors'],
    printedBy: 'dmar_set_interrupt() of drivers/iommu/intel/dmar.c',
    meaning: "No interrupt vector could be had for the IOMMU's own fault interrupt: faults are not reported.",
    matters: 'Yes as a sign that vectors run out; faults of this IOMMU are no longer reported.',
    why: 'At boot it means that the interrupt domain was not there or vectors had run out. Translation and remapping work all the same.',
    check:
      '/sys/kernel/debug/irq/domains/VECTOR shows the vectors of each CPU; irqsim analyze / of the captured machine says who took them.',
    change: 'Fewer vectors for devices probed before; otherwise report it.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'remapping-enabled-before-kernel',
    templates: ['IRQ remapping was enabled on {} but we are not in kdump mode'],
    printedBy: 'intel_setup_irq_remapping() of drivers/iommu/intel/irq_remapping.c',
    meaning:
      'Interrupt remapping was already on when the kernel started, though this is not a crash kernel. The kernel turns it off and sets up a table of its own.',
    matters: 'Seldom: firmware or a boot loader left it on, and the kernel mends it.',
    why: 'A kernel started by kexec, or firmware or a boot loader that left remapping on.',
    check:
      'Whether the machine was started by kexec. Interrupts between the two are lost, which rarely matters.',
    change: 'Nothing if the next lines say that remapping is enabled.',
    rules: [],
  },
  {
    name: 'ir-table-copied',
    routine: true,
    templates: ['Copied IR table for {} from previous kernel'],
    printedBy: 'iommu_load_old_irte() of drivers/iommu/intel/irq_remapping.c, in a crash kernel',
    meaning:
      'The crash kernel (kdump) took over the remapping table of the kernel that crashed, so that interrupts of devices still running land somewhere known until their drivers reset them.',
    matters: 'No: every crash kernel on such a machine should print it.',
    why: 'Devices go on sending after the crash; without the old table each message would be a fault.',
    check: 'Nothing to check: this is the ordinary path.',
    change: 'Nothing.',
    rules: [],
  },
  {
    name: 'ir-table-copy-failed',
    templates: ['Failed to copy IR table for {} from previous kernel'],
    printedBy: 'intel_setup_irq_remapping() of drivers/iommu/intel/irq_remapping.c, in a crash kernel',
    meaning:
      'The crash kernel could not take over the old remapping table. It sets up an empty one; devices that still run cause faults until they are reset.',
    matters:
      'Yes for a crash kernel: the disk that takes the dump may not answer. The dump may still succeed.',
    why: 'The table of the previous kernel was damaged or has another format (x2APIC mode differs, or another size).',
    check: 'INTR-REMAP faults after it; whether the dump disk and network come up.',
    change: 'A crash kernel of the same release and parameters as the first kernel.',
    rules: [],
  },
  {
    name: 'irte-not-allocated',
    templates: [
      'Failed to allocate IRTE',
      'Failed to allocate IRTE for {}',
      "irq_remapping{}can't allocate IRTE",
    ],
    printedBy: 'intel_irq_remapping_alloc() ("DMAR-IR:") or irq_remapping_alloc() ("AMD-Vi:")',
    meaning:
      'There is no free run of entries in the interrupt remapping table for the interrupts that were asked for; the driver gets an error and fewer or no vectors.',
    matters: 'Yes: the device that asked has fewer queues, or does not work.',
    why: 'Intel: one table of 65,536 entries for each IOMMU; AMD: a table for each device, of 256 entries (512 or 2,048 on newer ones). Multiple-MSI needs entries in a row.',
    check:
      'How many interrupts the devices below that IOMMU have: /proc/interrupts, /sys/kernel/debug/irq/domains.',
    change: 'Fewer vectors for devices below that IOMMU: fewer queues or virtual functions.',
    rules: ['vector-reservation-failed'],
  },
];
