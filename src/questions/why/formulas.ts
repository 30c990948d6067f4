/**
 * How each driver counts the vectors it asks for, in words (docs/model/interrupt-life.md#vectors-by-driver):
 * a table of facts.
 */

export interface Formula {
  readonly text: string;
  /** Functions of the driver. */
  readonly by: string;
  /** Function that spreads its ordinary interrupts over CPUs by hints. */
  readonly hints?: string;
}

export const FORMULAS: Readonly<Record<string, Formula>> = {
  nvme: {
    text: '1 admin + min(queues offered, possible CPUs + write + poll queues) - poll queues',
    by: 'nvme_setup_io_queues, nvme_setup_irqs',
  },
  'virtio-blk': { text: '1 config + min(queues offered, CPU numbers)', by: 'init_vq, vp_find_vqs' },
  'virtio-scsi': {
    text: '1 config + control + event + min(queues offered, CPU numbers)',
    by: 'virtscsi_init, vp_find_vqs',
  },
  'virtio-fs': {
    text: '1 config + high priority + min(queues offered, CPU numbers)',
    by: 'virtio_fs_setup_vqs, vp_find_vqs',
  },
  'virtio-net': {
    text: '1 config + 2 for each queue pair offered; min(pairs, online CPUs) are used',
    by: 'virtnet_find_vqs, vp_find_vqs',
    hints: 'virtnet_set_affinity',
  },
  megaraid_sas: { text: 'min(online CPUs + 1, firmware vectors)', by: 'megasas_init_fw' },
  mpt3sas: { text: 'min(online CPUs, firmware vectors)', by: '_base_enable_msix' },
  mpi3mr: { text: 'min(possible CPUs + 1, firmware vectors)', by: 'mpi3mr_setup_isr' },
  smartpqi: { text: 'min(online CPUs, firmware vectors)', by: 'pqi_enable_msix_interrupts' },
  generic: { text: 'as described', by: 'pci_alloc_irq_vectors' },
};
