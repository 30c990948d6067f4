/** What the kernel runs on, and the state of x2APIC, as far as the log and /proc/cpuinfo tell. */
import type { Platform } from '../../machine/machine.ts';
import type { Draft } from '../draft.ts';
import type { CpuInfo } from './cpuinfo.ts';
import type { KernelLog } from './kernel-log.ts';
import { type Tree, textOf } from './tree.ts';

/** What the kernel calls a hypervisor that it detected. */
const DETECTED: readonly (readonly [text: string, platform: Platform])[] = [
  ['Hypervisor detected: KVM', 'kvm'],
  ['Hypervisor detected: Microsoft Hyper-V', 'hyperv'],
  ['Hypervisor detected: Xen HVM', 'xen-hvm'],
  ['Hypervisor detected: Xen PVH', 'xen-pvh'],
  ['Hypervisor detected: VMware', 'vmware'],
  ['Hypervisor detected: ACRN', 'acrn'],
  ['Hypervisor detected: Jailhouse', 'jailhouse'],
  ['Hypervisor detected: Bhyve', 'bhyve'],
  ['Booting paravirtualized kernel on KVM', 'kvm'],
];

/** Vendors by /sys/class/dmi/id/sys_vendor, for when there is no log; no proof of a hypervisor. */
const VENDORS: readonly (readonly [pattern: RegExp, platform: Platform])[] = [
  [/^(QEMU|Red Hat|KubeVirt|OpenStack|Google|Amazon EC2|DigitalOcean)/, 'kvm'],
  [/^Microsoft Corporation/, 'hyperv'],
  [/^VMware/, 'vmware'],
  [/^Xen/, 'xen-hvm'],
];

function guessed(tree: Tree, info: CpuInfo, log: KernelLog): { platform: Platform; because: string } {
  if (!info.flags.has('hypervisor')) {
    const because = info.flags.size > 0 ? 'the CPU has no hypervisor flag' : 'nothing names a hypervisor';
    return { platform: 'bare-metal', because };
  }
  if (log.known) {
    return info.modelName.includes('TCG') || log.says('QEMU TCG')
      ? {
          platform: 'tcg',
          because: 'the CPU is one that QEMU emulates, and the kernel log names no hypervisor',
        }
      : {
          platform: 'other',
          because: 'the CPU has the hypervisor flag, and the kernel log names none that Linux knows',
        };
  }
  const vendor = textOf(tree, 'sys/class/dmi/id/sys_vendor') ?? '';
  const platform = VENDORS.find(([pattern]) => pattern.test(vendor))?.[1] ?? 'kvm';
  return { platform, because: `there is no kernel log; the vendor by DMI is "${vendor.slice(0, 40)}"` };
}

/** Sets platform. */
export function describePlatform(draft: Draft, tree: Tree, info: CpuInfo, log: KernelLog): Platform {
  const found = DETECTED.find(([text]) => log.says(text));
  if (found) {
    draft.set(['platform'], found[1]);
    return found[1];
  }
  const { platform, because } = guessed(tree, info, log);
  draft.set(['platform'], platform);
  draft.assume(`platform ${platform}: ${because}`, ['platform']);
  return platform;
}

/** Sets x2apic: how firmware handed over. */
export function describeX2apic(draft: Draft, info: CpuInfo, log: KernelLog): void {
  const path = ['x2apic'];
  if (log.says('locked in x2apic mode') || log.says('Cannot disable locked x2apic'))
    draft.set(path, 'locked');
  else if (log.says('x2apic: enabled by BIOS') || log.says('x2apic already enabled.'))
    draft.set(path, 'enabled');
  else if (log.known) {
    const hidden = log.find(/Command line:.*\bnox2apic\b/) !== null;
    draft.set(
      path,
      info.flags.has('x2apic') || info.flags.size === 0 || hidden ? 'supported' : 'unsupported',
    );
  } else if (info.flags.size > 0 && !info.flags.has('x2apic')) draft.set(path, 'unsupported');
  else
    draft.assume(
      'there is no kernel log: firmware is taken to switch x2APIC on if an APIC ID needs it',
      path,
    );
}

/**
 * Sets extDestId. No file tells of it: it shows only where a CPU above APIC ID 255 is online without
 * interrupt remapping.
 */
export function describeExtDestId(draft: Draft, tree: Tree, info: CpuInfo, remapped: boolean): void {
  const path = ['extDestId'];
  const highest = Math.max(0, ...info.apicIds.values());
  if (!remapped && highest > 255) {
    draft.set(path, true);
    draft.assume(
      `the extended destination ID is offered: APIC ID ${highest} is online without remapping`,
      path,
    );
    return;
  }
  const cpuid = textOf(tree, 'sos_commands/processor/cpuid_-r') ?? '';
  const leaf = /0x40000001 0x00: eax=0x([0-9a-f]{8})/.exec(cpuid);
  if (leaf) draft.set(path, (Number.parseInt(leaf[1], 16) & 0x8000) !== 0);
  else if (info.flags.has('hypervisor') && !remapped) {
    draft.assume(
      'nothing tells whether the hypervisor offers the extended destination ID: it is taken not to',
      path,
    );
  }
}
