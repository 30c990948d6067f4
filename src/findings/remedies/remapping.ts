/** Interrupt remapping with 32-bit destinations: an IOMMU, virtual in a guest. */
import { firstShipping } from '../../formats/kubevirt/ships.ts';
import { KNOWS_XTSUP, MAX_WITHOUT_EIM, SPLITS_IRQCHIP, TAKES_AMD } from '../../formats/libvirt/rules.ts';
import { versionText } from '../../formats/version.ts';
import type { Machine, Platform } from '../../machine/machine.ts';
import { COSTS, type Cost } from './parts/costs.ts';
import { NEEDS_REMAPPING } from './parts/out-of-reach.ts';
import { hidesKvm, productOf } from './parts/products.ts';
import type { Context, Draft, Remedy, Wording } from './remedy.ts';

type Vendor = 'intel' | 'amd';

/** What a person calls 32-bit destinations. */
const WIDE: Readonly<Record<Vendor, string>> = { intel: 'EIM', amd: 'XT' };

const SERVER: Readonly<Record<Vendor, string>> = {
  intel: 'enable VT-d with interrupt remapping and x2APIC support',
  amd: 'enable AMD-Vi with x2APIC support (XT)',
};

const KUBEVIRT = firstShipping(SPLITS_IRQCHIP);

/** Under KVM the interrupt chip has to be split; TCG has one of its own. */
const SPLIT = "<features><ioapic driver='qemu'/></features>";

/** Versions: `xtsup` is known since one, and taken for many vCPUs since a later one. */
function amdByLibvirt({ cpus, platform }: Machine): readonly string[] {
  const version = versionText(cpus.length > MAX_WITHOUT_EIM ? TAKES_AMD : KNOWS_XTSUP);
  return [
    ...(platform === 'tcg' ? [] : [SPLIT]),
    `<devices><iommu model='amd'><driver intremap='on' xtsup='on'/></iommu></devices>  (libvirt ${version} or newer)`,
  ];
}

/** The guest has an IOMMU that remaps nothing: with another one beside it no hypervisor starts it. */
function hasVirtioIommu({ imported }: Machine): boolean {
  return imported?.assumptions.some(({ text }) => text.includes('virtio-iommu remaps no')) ?? false;
}

/** Options that bring an IOMMU, and what they take the place of. */
function inPlace(machine: Machine, wording: Wording): Wording {
  if (!hasVirtioIommu(machine)) return wording;
  const instead = (options: readonly string[] = []) =>
    options.map((option) => (option.includes('iommu') ? `${option}  (in place of virtio-iommu)` : option));
  return { ...wording, QEMU: instead(wording.QEMU), libvirt: instead(wording.libvirt) };
}

function virtualIommu(vendor: Vendor, machine: Machine): Wording {
  const tcg = machine.platform === 'tcg';
  const q35 = `-machine q35${tcg ? '' : ',kernel-irqchip=split'}`;
  if (vendor === 'amd') {
    return { QEMU: [`${q35} -device amd-iommu,intremap=on,xtsup=on`], libvirt: amdByLibvirt(machine) };
  }
  return {
    QEMU: [`${q35} -device intel-iommu,intremap=on,eim=on`],
    libvirt: [
      ...(tcg ? [] : [SPLIT]),
      "<devices><iommu model='intel'><driver intremap='on' eim='on'/></iommu></devices>",
    ],
    'Proxmox VE': ['machine: q35,viommu=intel'],
    // KubeVirt has no field for it: its libvirt adds one where there are many vCPUs.
    ...(machine.cpus.length > MAX_WITHOUT_EIM && !tcg
      ? {
          KubeVirt: [
            `KubeVirt ${KUBEVIRT.kubevirt} or newer: its libvirt ${KUBEVIRT.libvirt} adds it by itself`,
          ],
        }
      : {}),
  };
}

interface Iommu {
  readonly cost: Cost;
  readonly wording: (vendor: Vendor, machine: Machine) => Wording;
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
const VMWARE: Iommu = {
  cost: COSTS.iommu,
  wording: () => ({ hypervisor: ['vvtd.enable = "TRUE" in the .vmx file (I/O MMU of the virtual CPU)'] }),
};
const VIRTUAL: Iommu = { cost: COSTS.iommu, wording: virtualIommu };

/** Platforms with an IOMMU that remaps; Xen, Hyper-V, bhyve, ACRN and Jailhouse have none for their guests. */
const IOMMUS: Readonly<Partial<Record<Platform, Iommu>>> = {
  'bare-metal': FIRMWARE,
  other: HYPERVISOR,
  kvm: VIRTUAL,
  tcg: VIRTUAL,
  vmware: VMWARE,
};

function enable({ analysis: { machine }, format }: Context): Draft[] {
  const { remapping, platform } = machine;
  const iommu = hidesKvm(format, platform) ? VIRTUAL : IOMMUS[platform];
  if (!iommu || (remapping.enabled && remapping.eim)) return [];
  const { vendor } = remapping;
  const bare = platform === 'bare-metal';
  return [
    {
      about: 'remapping',
      title: remapping.enabled
        ? `give the ${bare ? '' : 'virtual '}IOMMU 32-bit interrupt destinations (${WIDE[vendor]})`
        : `remap interrupts by ${bare ? 'an' : 'a virtual'} IOMMU with 32-bit destinations (${WIDE[vendor]})`,
      intents: [{ kind: 'remapping', vendor }],
      cost: iommu.cost,
      wording: inPlace(machine, iommu.wording(vendor, machine)),
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

export const remapping: Remedy = {
  name: 'interrupt-remapping',
  title: 'interrupt remapping with 32-bit destinations',
  cures: NEEDS_REMAPPING,
  changes(context) {
    const { machine } = context.analysis;
    if (!productOf(context.format, machine.platform).remapping) return [];
    return [...enable(context), ...clearOptOut(machine)];
  },
};
