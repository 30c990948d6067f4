/** The hypervisor offers the extended destination ID: interrupts then carry 15 bits of APIC ID. */
import { formatFacts } from '../../formats/formats.ts';
import { MAX_WITHOUT_EIM, TAKES_SPLIT } from '../../formats/libvirt/rules.ts';
import { versionOf } from '../../formats/stack.ts';
import { versionText } from '../../formats/version.ts';
import type { Machine, Platform } from '../../machine/machine.ts';
import { COSTS, type Cost } from './parts/costs.ts';
import { OUT_OF_REACH } from './parts/out-of-reach.ts';
import { productOf } from './parts/products.ts';
import type { Draft, Remedy, Wording } from './remedy.ts';

interface Offer {
  readonly cost: Cost;
  readonly wording: (machine: Machine, format: string) => Wording;
}

/** More vCPUs than libvirt starts without an IOMMU, unless it is new enough to go by the interrupt chip. */
const isMany = ({ cpus }: Machine): boolean => cpus.length > MAX_WITHOUT_EIM;

/** A command line keeps its machine type unless many vCPUs need q35. */
function splitIrqchip(machine: Machine, format: string): Wording {
  const many = isMany(machine);
  const since = many ? `  (libvirt ${versionText(TAKES_SPLIT)} or newer)` : '';
  return {
    QEMU: [`-machine ${many || format !== 'qemu' ? 'q35,' : ''}kernel-irqchip=split`],
    libvirt: [`<features><ioapic driver='qemu'/></features>${since}`],
    'Proxmox VE': ['args: -machine kernel-irqchip=split'],
  };
}

/** Platforms on which Linux uses it, and a released hypervisor offers it. Xen defines the bit and never sets it. */
const OFFERS: Readonly<Partial<Record<Platform, Offer>>> = {
  kvm: { cost: COSTS.hypervisor, wording: splitIrqchip },
  hyperv: {
    cost: COSTS.product,
    wording: () => ({
      host: ['a Hyper-V release that offers the extended destination ID (CPUID 0x40000082 EAX bit 2)'],
    }),
  },
  bhyve: {
    cost: COSTS.product,
    wording: () => ({ host: ['FreeBSD 15.0 or newer offers the extended destination ID'] }),
  },
};

export const extendedId: Remedy = {
  name: 'extended-destination-id',
  title: 'the extended destination ID',
  cures: [...OUT_OF_REACH],
  changes({ analysis: { machine }, format, stack }): readonly Draft[] {
    const offer = OFFERS[machine.platform];
    const isLibvirt = formatFacts(format)?.stack.includes('libvirt') ?? false;
    if (isLibvirt && isMany(machine) && versionOf(stack, 'libvirt').version < TAKES_SPLIT) return [];
    if (!offer || machine.extDestId || !productOf(format, machine.platform).extDestId) return [];
    return [
      {
        about: 'extended destination ID',
        title: 'let the hypervisor offer the extended destination ID',
        intents: [{ kind: 'ext-dest-id' }],
        cost: offer.cost,
        wording: offer.wording(machine, format),
      },
    ];
  },
};
