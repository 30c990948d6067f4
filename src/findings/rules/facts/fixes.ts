/** What a person can change on each platform, as text to paste. Rules share these. */
import type { Machine, Platform } from '../../../machine/machine.ts';

/** "kernel parameters: remove intremap=off". */
export function removeParameter(parameter: string): string {
  return `kernel parameters: remove ${parameter}`;
}

/** Settings of this machine that stand in the way of 32-bit destinations, as what undoes them. */
function obstacles({ cmdline, kernelConfig, remapping }: Machine): readonly string[] {
  const amd = remapping.vendor === 'amd';
  const found: readonly (readonly [boolean, string])[] = [
    [cmdline.intremapOff, removeParameter('intremap=off')],
    [cmdline.amdIommuOff && amd && remapping.enabled, removeParameter('amd_iommu=off')],
    [cmdline.nox2apic, removeParameter('nox2apic')],
    [cmdline.nopv, removeParameter('nopv')],
    [remapping.optOut && !amd && !cmdline.noX2apicOptout, 'kernel parameters: intremap=no_x2apic_optout'],
    [!kernelConfig.irqRemap, 'kernel configuration: CONFIG_IRQ_REMAP=y'],
    [!kernelConfig.x2apic, 'kernel configuration: CONFIG_X86_X2APIC=y'],
  ];
  return found.filter(([applies]) => applies).map(([, fix]) => fix);
}

const IOMMU_SERVER = 'firmware: enable VT-d with interrupt remapping (Intel) or AMD-Vi with x2APIC (AMD)';
const IOMMU_HYPERVISOR = ['hypervisor: expose a virtual IOMMU with interrupt remapping in x2APIC mode'];
const XEN = [
  'Xen: no release offers the extended destination ID yet; keep APIC IDs at or below 255 (128 vCPUs)',
];

/** Ways to let every interrupt carry a wide APIC ID, by platform, cheapest first. */
const WIDER: Readonly<Record<Platform, readonly string[]>> = {
  'bare-metal': [IOMMU_SERVER],
  other: [
    IOMMU_SERVER,
    'QEMU with a hidden KVM signature: drop kvm=off from -cpu and use -machine kernel-irqchip=split',
    "libvirt with a hidden KVM signature: <kvm><hidden state='off'/></kvm>",
  ],
  kvm: [
    'QEMU: -machine q35,kernel-irqchip=split (offers the extended destination ID; Linux 5.11 or newer uses it)',
    'QEMU: -machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on',
    "libvirt: <ioapic driver='qemu'/> and <iommu model='intel'><driver intremap='on' eim='on'/></iommu>",
    'Proxmox VE: machine: q35,viommu=intel',
    'KubeVirt: a release with libvirt 11.0 or newer, which adds the virtual IOMMU above 255 vCPUs by itself',
    'Cloud Hypervisor: v48 or newer, which always offers the extended destination ID',
  ],
  hyperv: ['host: a Hyper-V release that offers the extended destination ID (CPUID 0x40000082 EAX bit 2)'],
  'xen-hvm': XEN,
  'xen-pvh': XEN,
  bhyve: ['bhyve: FreeBSD 15 or newer, and a guest kernel of 6.18 or newer with CONFIG_BHYVE_GUEST=y'],
  tcg: ['QEMU: -accel kvm -machine q35,kernel-irqchip=split', 'QEMU: -device intel-iommu,intremap=on,eim=on'],
  vmware: IOMMU_HYPERVISOR,
  acrn: IOMMU_HYPERVISOR,
  jailhouse: IOMMU_HYPERVISOR,
};

/** Ways to make APIC IDs above 255 reachable, cheapest first. */
export function widerDestinations(machine: Machine): readonly string[] {
  const inTheWay = obstacles(machine);
  const { enabled, eim } = machine.remapping;
  return inTheWay.length > 0 && enabled && eim ? inTheWay : [...inTheWay, ...WIDER[machine.platform]];
}

/** Ways to have the kernel started in x2APIC mode. */
export function startInX2apicMode({ platform, x2apic }: Machine): readonly string[] {
  if (platform === 'bare-metal') return ['firmware: set the local APIC mode to x2APIC'];
  return x2apic.supported
    ? ['guest firmware: a SeaBIOS or OVMF that starts in x2APIC mode when an APIC ID needs it']
    : ['QEMU: -cpu ...,x2apic=on', "libvirt: <feature policy='require' name='x2apic'/> in <cpu>"];
}

/** Ways to get interrupt remapping with 32-bit destinations, where the extended destination ID does not help. */
export function wideRemapping({ platform, remapping }: Machine): readonly string[] {
  const amd = remapping.enabled && remapping.vendor === 'amd';
  if (platform === 'bare-metal' || platform === 'other') {
    return [amd ? 'firmware: enable x2APIC support (XT) of the AMD IOMMU' : IOMMU_SERVER];
  }
  if (platform !== 'kvm' && platform !== 'tcg') return IOMMU_HYPERVISOR;
  const irqchip = platform === 'kvm' ? '-machine q35,kernel-irqchip=split ' : '';
  return amd
    ? [
        `QEMU: ${irqchip}-device amd-iommu,intremap=on,xtsup=on`,
        "libvirt 12.2 or newer: <iommu model='amd'><driver intremap='on' xtsup='on'/></iommu>",
      ]
    : [
        `QEMU: ${irqchip}-device intel-iommu,intremap=on,eim=on`,
        "libvirt: <ioapic driver='qemu'/> and <iommu model='intel'><driver intremap='on' eim='on'/></iommu>",
        'Proxmox VE: machine: q35,viommu=intel',
      ];
}

/** Ways to keep the kernel from making queues for CPUs that cannot come. */
export function fewerPossibleCpus(machine: Machine, usable: number): readonly string[] {
  const boot = `kernel parameters: nr_cpus=${usable}`;
  return machine.platform === 'kvm' || machine.platform === 'tcg' ? [boot, ...fewerSlots(machine)] : [boot];
}

/** Ways to give the machine fewer hot-plug slots. */
export function fewerSlots({ platform }: Machine): readonly string[] {
  if (platform !== 'kvm' && platform !== 'tcg') return ['hypervisor or firmware: lower the maximum of CPUs'];
  return [
    'QEMU: lower maxcpus= of -smp to the CPUs that are really needed',
    'libvirt: lower the maximum in <vcpu current=...>',
    'KubeVirt: set spec.template.spec.domain.cpu.maxSockets',
  ];
}
