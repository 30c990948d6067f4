/** The guest gets ACPI tables, which tell Linux of its CPUs, their hot-plug slots and the IOMMU. */
import { NO_ACPI } from '../../formats/notes.ts';
import { COSTS } from './parts/costs.ts';
import type { Remedy } from './remedy.ts';

export const acpi: Remedy = {
  name: 'acpi',
  title: 'ACPI tables for the guest',
  cures: ['hypervisor-refuses'],
  changes({ analysis: { machine } }) {
    const without = machine.imported?.refusals.some(({ message }) => message === NO_ACPI) ?? false;
    if (!without) return [];
    return [
      {
        about: 'ACPI',
        title: 'give the guest ACPI tables',
        intents: [{ kind: 'acpi' }],
        cost: COSTS.hypervisor,
        wording: {
          QEMU: ['-machine acpi=on'],
          libvirt: ['<features><acpi/></features>'],
          KubeVirt: ['domain.features.acpi: { enabled: true }'],
          'Proxmox VE': ['acpi: 1'],
        },
      },
    ];
  },
};
