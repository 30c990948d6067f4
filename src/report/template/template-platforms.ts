/** What `irqsim init` writes for each platform: what is worth a decision there, and devices that are usual. */
import type { Platform } from '../../machine/machine.ts';

/** A device as a description has it; with `perCpu` it gets a queue for each CPU, up to that many. */
export interface UsualDevice {
  readonly name: string;
  readonly driver: string;
  readonly perCpu?: number;
  readonly managed?: boolean;
  readonly vectors?: number;
}

export interface PlatformFacts {
  /** What a machine of this kind is called. */
  readonly title: string;
  readonly name: string;
  /** Top-level keys that are worth a decision there and are written out with their default. */
  readonly keys: readonly string[];
  /** Values that are usual there and differ from the defaults. */
  readonly usual: Readonly<Record<string, unknown>>;
  readonly devices: readonly UsualDevice[];
  /** Shape where nobody asks for one. */
  readonly shape: Shape;
}

export interface Shape {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

const GUEST_SHAPE: Shape = { sockets: 1, cores: 8, threads: 1 };
const DISK: UsualDevice = { name: 'disk', driver: 'virtio-blk', perCpu: 16 };
const NET: UsualDevice = { name: 'net', driver: 'virtio-net', perCpu: 16 };
const VIRTIO = [DISK, NET, { name: 'scsi', driver: 'virtio-scsi', perCpu: 16 }];
const NVME: UsualDevice = { name: 'nvme', driver: 'nvme', perCpu: 64 };
const GUEST_NIC: UsualDevice = { name: 'nic', driver: 'generic', managed: false, vectors: 9 };

/** A guest that differs from others in its name and devices only. */
function guest(title: string, name: string, devices: readonly UsualDevice[]): PlatformFacts {
  return { title, name, keys: ['x2apic', 'remapping', 'hpet'], usual: {}, devices, shape: GUEST_SHAPE };
}

const withExtDestId = (facts: PlatformFacts): PlatformFacts => ({
  ...facts,
  keys: ['extDestId', ...facts.keys],
});

export const PLATFORM_FACTS: Readonly<Record<Platform, PlatformFacts>> = {
  'bare-metal': {
    title: 'A machine without hypervisor',
    name: 'server',
    keys: ['cmdline', 'x2apic', 'remapping', 'hpet', 'firmware'],
    usual: { remapping: { enabled: true } },
    devices: [
      NVME,
      { name: 'raid', driver: 'megaraid_sas' },
      { name: 'nic', driver: 'generic', managed: false, vectors: 17 },
    ],
    shape: { sockets: 2, cores: 16, threads: 2 },
  },
  kvm: {
    ...guest('A KVM guest', 'kvm-guest', VIRTIO),
    keys: ['extDestId', 'x2apic', 'remapping', 'hpet', 'timers'],
  },
  hyperv: withExtDestId(guest('A Hyper-V guest', 'hyperv-guest', [NVME, GUEST_NIC])),
  'xen-hvm': withExtDestId(guest('A Xen HVM guest', 'xen-guest', [NVME])),
  'xen-pvh': withExtDestId({
    ...guest('A Xen PVH guest', 'xen-pvh-guest', [NVME]),
    keys: ['x2apic', 'hpet', 'timers', 'legacyIrqs'],
    // xen_tsc_khz() tells the TSC frequency.
    usual: { legacyIrqs: false, hpet: { present: false }, timers: { knownFrequency: true } },
  }),
  vmware: guest('A VMware guest', 'vmware-guest', [NVME, GUEST_NIC]),
  bhyve: withExtDestId({
    ...guest('A bhyve guest', 'bhyve-guest', [DISK, NET, NVME]),
    keys: ['kernelConfig', 'x2apic', 'hpet'],
  }),
  acrn: guest('An ACRN guest', 'acrn-guest', [DISK, NET]),
  jailhouse: guest('A Jailhouse cell', 'jailhouse-cell', [GUEST_NIC]),
  tcg: guest('A guest of QEMU without KVM', 'tcg-guest', VIRTIO),
  other: guest('A guest of another hypervisor', 'guest', [NVME, GUEST_NIC]),
};
