/** What the kernel runs on, and the state of x2APIC, as far as the log and /proc/cpuinfo tell. */
import { MSI_MAX_ID } from '../../machine/apic-ids.ts';
import { parseCmdline } from '../../machine/cmdline.ts';
import type { Location } from '../../machine/locate.ts';
import type { Platform } from '../../machine/machine.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { handedOver, loggedPlatform } from '../kernel-log/says.ts';
import { CPUINFO, type CpuInfo } from './cpuinfo.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Place } from './place.ts';
import { type Tree, textOf } from './tree.ts';

/** What the answers are drawn from. */
export interface Evidence {
  readonly tree: Tree;
  readonly info: CpuInfo;
  readonly log: KernelLog;
  readonly place: Place;
}

const VENDOR_FILE = 'sys/class/dmi/id/sys_vendor';
const CPUID_FILE = 'sos_commands/processor/cpuid_-r';
/** The bit of CPUID leaf 0x40000001 by which KVM offers the extended destination ID. */
const KVM_FEATURE_MSI_EXT_DEST_ID = 1 << 15;

/** Vendors by /sys/class/dmi/id/sys_vendor, for when there is no log; no proof of a hypervisor. */
const VENDORS: readonly (readonly [pattern: RegExp, platform: Platform])[] = [
  [/^(QEMU|Red Hat|KubeVirt|OpenStack|Google|Amazon EC2|DigitalOcean)/, 'kvm'],
  [/^Microsoft Corporation/, 'hyperv'],
  [/^VMware/, 'vmware'],
  [/^Xen/, 'xen-hvm'],
];

/** Answers that come from no log, and where they come from. */
interface Guess {
  readonly platform: Platform;
  readonly because: string;
  readonly at: Location;
}

function guessed({ tree, info, log, place }: Evidence): Guess {
  const at = place(CPUINFO, info.flagsLine);
  if (!info.flags.has('hypervisor')) {
    const because = info.flags.size > 0 ? 'the CPU has no hypervisor flag' : 'nothing names a hypervisor';
    return { platform: 'bare-metal', because, at };
  }
  if (log.known) {
    const emulated = 'the CPU is one that QEMU emulates, and the kernel log names no hypervisor';
    const unnamed = 'the CPU has the hypervisor flag, and the kernel log names none that Linux knows';
    const line = log.lineOf('QEMU TCG');
    if (line !== undefined) return { platform: 'tcg', because: emulated, at: place(log.path, line) };
    return info.modelName.includes('TCG')
      ? { platform: 'tcg', because: emulated, at }
      : { platform: 'other', because: unnamed, at };
  }
  const vendor = textOf(tree, VENDOR_FILE) ?? '';
  const named = VENDORS.find(([pattern]) => pattern.test(vendor))?.[1];
  return {
    platform: named ?? 'kvm',
    because: `there is no kernel log; the vendor by DMI is "${vendor.slice(0, 40)}"`,
    at: named === undefined ? at : place(VENDOR_FILE),
  };
}

/** Sets platform, and returns it. */
export function describePlatform(sheet: DescriptionBuilder, evidence: Evidence): Platform {
  const { log, place } = evidence;
  const named = loggedPlatform(log);
  if (named) {
    sheet.set(['platform'], named.value, place(log.path, named.line));
    return named.value;
  }
  const { platform, because, at } = guessed(evidence);
  sheet.set(['platform'], platform, at);
  sheet.assume(`platform ${platform}: ${because}`, ['platform']);
  return platform;
}

/** Sets x2apic: how firmware handed over. */
export function describeX2apic(sheet: DescriptionBuilder, { tree, info, log, place }: Evidence): void {
  const path = ['x2apic'];
  const said = handedOver(log);
  if (said) {
    sheet.set(path, said.value, place(log.path, said.line));
    return;
  }
  const flags = place(CPUINFO, info.flagsLine);
  const hidden = parseCmdline(textOf(tree, 'proc/cmdline') ?? '').nox2apic;
  if (info.flags.size > 0 && !info.flags.has('x2apic') && !hidden) sheet.set(path, 'unsupported', flags);
  else if (log.known) sheet.set(path, 'supported', hidden ? place('proc/cmdline') : flags);
  else
    sheet.assume(
      'there is no kernel log: firmware is taken to switch x2APIC on if an APIC ID needs it',
      path,
    );
}

/**
 * Sets extDestId. No file tells of it: it shows only where a CPU above APIC ID 255 is online without
 * interrupt remapping in x2APIC mode.
 */
export function describeExtDestId(
  sheet: DescriptionBuilder,
  { tree, info, log, place }: Evidence,
  remapped: boolean,
): void {
  const path = ['extDestId'];
  const above = [...info.apicIds].find(([, apicId]) => apicId > MSI_MAX_ID);
  // Remapping in xAPIC mode carries 8 bits, so there too only the extended ID lets such a CPU come online.
  const narrow = !remapped || log.says('DMAR-IR: Enabled IRQ remapping in xapic mode');
  if (narrow && above) {
    const [cpu, apicId] = above;
    sheet.set(path, true, place(CPUINFO, info.lineOf(cpu)));
    sheet.assume(
      `the extended destination ID is offered: APIC ID ${apicId} is online without remapping in x2APIC mode`,
      path,
    );
    return;
  }
  const cpuid = textOf(tree, CPUID_FILE) ?? '';
  const leaf = /0x40000001 0x00: eax=0x([0-9a-f]{8})/.exec(cpuid);
  if (leaf) {
    const line = cpuid.slice(0, leaf.index).split('\n').length;
    sheet.set(
      path,
      (Number.parseInt(leaf[1], 16) & KVM_FEATURE_MSI_EXT_DEST_ID) !== 0,
      place(CPUID_FILE, line),
    );
  } else if (info.flags.has('hypervisor') && !remapped) {
    sheet.assume(
      'nothing tells whether the hypervisor offers the extended destination ID: it is taken not to',
      path,
    );
  }
}
