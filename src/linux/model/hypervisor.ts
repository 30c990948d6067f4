/**
 * What each hypervisor gives a Linux guest: whether it is recognised, whether x2APIC may be used without
 * interrupt remapping (`x2apic_available`) and whether the extended destination ID is used
 * (`msi_ext_dest_id`). A table of facts; mirrors the x86_hyper_* hooks.
 */
import type { BehaviourName } from '../../machine/kernel.ts';
import type { Machine, Platform } from '../../machine/machine.ts';
import type { Reason } from './handover.ts';

interface HypervisorFacts {
  /** As a sentence names it. */
  readonly name: string;
  /** Linux knows the signature at all. */
  readonly known: boolean;
  /** Kernel behaviour needed to recognise it. */
  readonly knownSince?: BehaviourName;
  /** When x2APIC may be used without remapping. */
  readonly x2apic: 'always' | 'cpuid' | 'handed-over-on' | 'never';
  readonly x2apicSince?: BehaviourName;
  /** Kernel behaviour that uses the extended destination ID; absent: never. */
  readonly extDestIdSince?: BehaviourName;
  /** `nopv`: the guest takes itself for bare metal, or only loses the hooks, or the parameter is ignored. */
  readonly nopv: 'native' | 'no-hooks' | 'ignored';
}

const XEN = {
  name: 'Xen',
  known: true,
  x2apic: 'cpuid',
  extDestIdSince: 'ext-dest-id-xen',
  nopv: 'no-hooks',
} as const satisfies HypervisorFacts;

const unknown = (name: string): HypervisorFacts => ({ name, known: false, x2apic: 'never', nopv: 'ignored' });

const HYPERVISORS: Readonly<Record<Platform, HypervisorFacts>> = {
  'bare-metal': unknown('bare metal'),
  tcg: unknown('QEMU without KVM'),
  other: unknown('this hypervisor'),
  kvm: { name: 'KVM', known: true, x2apic: 'always', extDestIdSince: 'ext-dest-id', nopv: 'native' },
  hyperv: {
    name: 'Hyper-V',
    known: true,
    x2apic: 'cpuid',
    x2apicSince: 'hyperv-x2apic-available',
    extDestIdSince: 'ext-dest-id',
    nopv: 'native',
  },
  'xen-hvm': XEN,
  'xen-pvh': XEN,
  vmware: { name: 'VMware', known: true, x2apic: 'cpuid', nopv: 'native' },
  acrn: { name: 'ACRN', known: true, x2apic: 'cpuid', nopv: 'native' },
  jailhouse: { name: 'Jailhouse', known: true, x2apic: 'handed-over-on', nopv: 'ignored' },
  bhyve: {
    name: 'bhyve',
    known: true,
    knownSince: 'bhyve-guest',
    x2apic: 'always',
    extDestIdSince: 'bhyve-guest',
    nopv: 'native',
  },
};

/** The hypervisor as this kernel sees it on this machine. */
export interface Hypervisor {
  /** False: the guest takes itself for bare metal (X86_HYPER_NATIVE). */
  readonly detected: boolean;
  /** `x86_init.hyper.x2apic_available()`. */
  readonly x2apicAvailable: boolean;
  /** `x86_init.hyper.msi_ext_dest_id()`. */
  readonly extDestId: boolean;
  /** Why x2APIC is not available, or why the extended destination ID is not used; null when both are. */
  readonly because: Reason | null;
}

/** Never fails. */
export function detectHypervisor(machine: Machine): Hypervisor {
  const facts = HYPERVISORS[machine.platform];
  const notDetected = whyNotDetected(machine, facts);
  if (notDetected) return { detected: false, x2apicAvailable: false, extDestId: false, because: notDetected };
  const noX2apic = whyNoX2apic(machine, facts);
  if (noX2apic) return { detected: true, x2apicAvailable: false, extDestId: false, because: noX2apic };
  const noExtDestId = whyNoExtDestId(machine, facts);
  return { detected: true, x2apicAvailable: true, extDestId: noExtDestId === null, because: noExtDestId };
}

function whyNotDetected(machine: Machine, facts: HypervisorFacts): Reason | null {
  const { kernel, cmdline, kernelConfig, platform } = machine;
  if (platform === 'bare-metal') {
    return { text: 'x2APIC is not offered without remapping on bare metal', path: ['platform'] };
  }
  const like = 'so it treats the machine as bare metal, where x2APIC is not offered without remapping';
  if (!facts.known) return { text: `Linux does not recognise ${facts.name}, ${like}`, path: ['platform'] };
  if (facts.knownSince && !kernel.has(facts.knownSince)) {
    return { text: `Linux ${kernel.text} does not recognise ${facts.name}, ${like}`, path: ['kernel'] };
  }
  if (platform === 'bhyve' && !kernelConfig.bhyveGuest) {
    return {
      text: `the kernel is built without bhyve support (CONFIG_BHYVE_GUEST), ${like}`,
      path: ['kernelConfig', 'bhyveGuest'],
    };
  }
  if (cmdline.nopv && facts.nopv === 'native') {
    return { text: `nopv hides ${facts.name} from Linux, ${like}`, path: ['cmdline'] };
  }
  return null;
}

function whyNoX2apic(machine: Machine, facts: HypervisorFacts): Reason | null {
  const { kernel, cmdline } = machine;
  const isXen = facts === XEN;
  if (facts.nopv === 'no-hooks' && (cmdline.nopv || (isXen && cmdline.xenNopv))) {
    return {
      text: 'the command line forbids the interface of the hypervisor that offers x2APIC',
      path: ['cmdline'],
    };
  }
  if (facts.x2apicSince && !kernel.has(facts.x2apicSince)) {
    return {
      text: `Linux ${kernel.text} does not use x2APIC under ${facts.name} without remapping`,
      path: ['kernel'],
    };
  }
  const offered = {
    always: true,
    cpuid: machine.x2apic.supported,
    'handed-over-on': machine.x2apic.firmware,
    never: false,
  }[facts.x2apic];
  return offered ? null : { text: `${facts.name} does not offer x2APIC here`, path: ['x2apic'] };
}

function whyNoExtDestId(machine: Machine, facts: HypervisorFacts): Reason | null {
  const { kernel } = machine;
  if (!facts.extDestIdSince) {
    return { text: `${facts.name} has no extended destination ID`, path: ['platform'] };
  }
  if (!machine.extDestId) {
    return { text: 'the hypervisor offers no extended destination ID', path: ['extDestId'] };
  }
  if (!kernel.has(facts.extDestIdSince)) {
    return {
      text: `Linux ${kernel.text} does not use the extended destination ID that ${facts.name} offers`,
      path: ['kernel'],
    };
  }
  return null;
}
