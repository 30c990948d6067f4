/** What a person can change on each platform, as text to paste. Rules share these. */
import type { Machine } from '../../machine/machine.ts';

/** Ways to make APIC IDs above 255 reachable, cheapest first. */
export function widerDestinations(machine: Machine): readonly string[] {
  switch (machine.platform) {
    case 'kvm':
      return [
        'QEMU: -machine q35,kernel-irqchip=split (offers the extended destination ID; Linux 5.11 or newer uses it)',
        'QEMU: -machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on',
        "libvirt: <ioapic driver='qemu'/> and <iommu model='intel'><driver intremap='on' eim='on'/></iommu>",
      ];
    case 'hyperv':
      return ['host: a Hyper-V release that offers the extended destination ID (CPUID 0x40000082 EAX bit 2)'];
    case 'xen-hvm':
    case 'xen-pvh':
      return ['Xen: no release offers the extended destination ID yet; keep APIC IDs at or below 255'];
    case 'bhyve':
      return ['bhyve: FreeBSD 15 or newer, and a guest kernel of 6.18 or newer with CONFIG_BHYVE_GUEST=y'];
    case 'tcg':
      return [
        'QEMU: -accel kvm -machine q35,kernel-irqchip=split',
        'QEMU: -device intel-iommu,intremap=on,eim=on',
      ];
    case 'vmware':
    case 'acrn':
    case 'jailhouse':
      return ['hypervisor: expose a virtual IOMMU with interrupt remapping in x2APIC mode'];
    default:
      return [
        'firmware: enable VT-d with interrupt remapping (Intel) or AMD-Vi with x2APIC (AMD)',
        ...(machine.cmdline.intremapOff ? ['kernel parameters: remove intremap=off'] : []),
      ];
  }
}

/** Ways to keep the kernel from making queues for CPUs that cannot come. */
export function fewerPossibleCpus(machine: Machine, usable: number): readonly string[] {
  const boot = `kernel parameters: nr_cpus=${usable}`;
  if (machine.platform === 'kvm' || machine.platform === 'tcg') {
    return [boot, `QEMU: lower maxcpus= of -smp to the CPUs that are really needed`];
  }
  return [boot];
}
