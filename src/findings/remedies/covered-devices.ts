/** Devices that the IOMMU is to cover, so that their messages are remapped like those of others. */
import { COSTS } from './parts/costs.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

function cover({ analysis: { machine, run } }: Context): Draft[] {
  const outside = new Set(
    run.devices.filter(({ domain }) => domain === 'pci-msi-unremapped').map(({ name }) => name),
  );
  const devices = machine.devices.filter(({ name }) => outside.has(name));
  if (devices.length === 0) return [];
  const names = devices.map(({ name }) => name);
  const what = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const places = [...new Map(devices.map(({ path }) => [path.join('.'), path])).values()];
  const bare = machine.platform === 'bare-metal';
  return [
    {
      about: 'devices outside the IOMMU',
      title: `let the IOMMU cover ${what}`,
      intents: places.map((path) => ({ kind: 'value', path: [...path, 'remapped'], value: true })),
      cost: bare ? COSTS.firmwareUpdate : COSTS.hypervisor,
      wording: bare
        ? { firmware: [`a DMAR or IVRS table that covers ${what}`] }
        : {
            QEMU: [
              `drop bypass_iommu= of the pxb that ${what} is behind, and default_bus_bypass_iommu= of -machine`,
            ],
            hypervisor: [`let the virtual IOMMU cover ${what}`],
          },
    },
  ];
}

/** Messages with 8 bits hold an APIC ID up to 255, and only 8 logical IDs of a cluster. */
function physicalMode({ analysis: { machine, apic, run } }: Context): Draft[] {
  const outside = run.devices.some(({ domain }) => domain === 'pci-msi-unremapped');
  if (!outside || apic.mode !== 'x2apic-cluster' || machine.cmdline.x2apicPhys) return [];
  return [
    {
      about: 'parameter x2apic_phys',
      title: 'let the kernel name CPUs by APIC ID, not by cluster',
      intents: [{ kind: 'parameters', add: ['x2apic_phys'], remove: [] }],
      cost: COSTS.parameter,
      wording: { 'kernel parameters': ['x2apic_phys'] },
    },
  ];
}

export const coveredDevices: Remedy = {
  name: 'covered-devices',
  title: 'an IOMMU that covers every device',
  cures: ['device-outside-iommu', 'multi-msi-needs-remapping'],
  changes: (context) => [...physicalMode(context), ...cover(context)],
};
