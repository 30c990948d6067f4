/** Interrupt remapping with 32-bit destinations: an IOMMU, virtual in a guest. */
import type { Machine, Platform } from '../../machine/machine.ts';
import type { Draft, Family, Wording } from '../candidate.ts';
import { COSTS, type Cost } from '../costs.ts';
import { productOf } from '../products.ts';
import { NEEDS_REMAPPING } from './out-of-reach.ts';

type Vendor = 'intel' | 'amd';

/** What a person calls 32-bit destinations. */
const WIDE: Readonly<Record<Vendor, string>> = { intel: 'EIM', amd: 'XT' };

const SERVER: Readonly<Record<Vendor, string>> = {
  intel: 'enable VT-d with interrupt remapping and x2APIC support',
  amd: 'enable AMD-Vi with x2APIC support (XT)',
};

function virtualIommu(vendor: Vendor, irqchip: string): Wording {
  return vendor === 'amd'
    ? {
        QEMU: [`-machine q35${irqchip} -device amd-iommu,intremap=on,xtsup=on`],
        libvirt: ["libvirt 12.2 or newer: <iommu model='amd'><driver intremap='on' xtsup='on'/></iommu>"],
      }
    : {
        QEMU: [`-machine q35${irqchip} -device intel-iommu,intremap=on,eim=on`],
        libvirt: [
          "<features><ioapic driver='qemu'/></features>",
          "<devices><iommu model='intel'><driver intremap='on' eim='on'/></iommu></devices>",
        ],
        'Proxmox VE': ['machine: q35,viommu=intel'],
      };
}

/** KubeVirt has no field for it; its libvirt adds one where there are more vCPUs than this. */
const ADDED_ABOVE = 255;

function byKubevirt({ cpus, platform }: Machine): Wording {
  if (platform !== 'kvm' || cpus.length <= ADDED_ABOVE) return {};
  return { KubeVirt: ['KubeVirt 1.6 or newer (libvirt 11.0) adds it by itself'] };
}

interface Iommu {
  readonly cost: Cost;
  readonly wording: (vendor: Vendor) => Wording;
}

const FIRMWARE: Iommu = {
  cost: COSTS.firmware,
  wording: (vendor) => ({ firmware: [SERVER[vendor]] }),
};
const HYPERVISOR: Iommu = {
  cost: COSTS.iommu,
  wording: () => ({
    hypervisor: ['expose a virtual IOMMU with interrupt remapping in x2APIC mode to the guest'],
  }),
};

/** Platforms with an IOMMU that remaps; Xen, Hyper-V and bhyve have none for their guests. */
const IOMMUS: Readonly<Partial<Record<Platform, Iommu>>> = {
  'bare-metal': FIRMWARE,
  other: FIRMWARE,
  kvm: { cost: COSTS.iommu, wording: (vendor) => virtualIommu(vendor, ',kernel-irqchip=split') },
  tcg: { cost: COSTS.iommu, wording: (vendor) => virtualIommu(vendor, '') },
  vmware: HYPERVISOR,
  acrn: HYPERVISOR,
  jailhouse: HYPERVISOR,
};

function enable(machine: Machine): Draft[] {
  const { remapping, platform } = machine;
  const iommu = IOMMUS[platform];
  if (!iommu || (remapping.enabled && remapping.eim)) return [];
  const { vendor } = remapping;
  const kind = platform === 'bare-metal' || platform === 'other' ? '' : 'virtual ';
  return [
    {
      about: 'remapping',
      title: remapping.enabled
        ? `give the ${kind}IOMMU 32-bit interrupt destinations (${WIDE[vendor]})`
        : `remap interrupts by ${kind === '' ? 'an' : 'a virtual'} IOMMU with 32-bit destinations (${WIDE[vendor]})`,
      intents: [{ kind: 'remapping', vendor }],
      cost: iommu.cost,
      wording: { ...iommu.wording(vendor), ...byKubevirt(machine) },
    },
  ];
}

function clearOptOut({ remapping, cmdline }: Machine): Draft[] {
  if (!remapping.enabled || !remapping.optOut || cmdline.noX2apicOptout) return [];
  return [
    {
      about: 'opt-out',
      title: 'clear the x2APIC opt-out in firmware',
      intents: [{ kind: 'value', path: ['remapping', 'optOut'], value: false }],
      cost: COSTS.firmware,
      wording: { firmware: ['clear the x2APIC opt-out'] },
    },
  ];
}

export const remapping: Family = {
  name: 'interrupt-remapping',
  title: 'interrupt remapping with 32-bit destinations',
  cures: NEEDS_REMAPPING,
  changes({ analysis: { machine }, format }) {
    return productOf(format, machine.platform).remapping ? [...enable(machine), ...clearOptOut(machine)] : [];
  },
};
