/**
 * The formats that can be read, with what is known of each that needs no code: for options and help, which have to start
 * quickly, and for remedies. What reads and writes them is in products.ts.
 */
import { lookup } from '../lib/lookup.ts';
import type { StackProduct } from './stack.ts';

/** Products that remedies have words for. */
export const PRODUCT_LANGUAGES = [
  'QEMU',
  'libvirt',
  'KubeVirt',
  'Proxmox VE',
  'Cloud Hypervisor',
  'bhyve',
] as const;
export type ProductLanguage = (typeof PRODUCT_LANGUAGES)[number];

/** What a configuration can say (docs/model/importing.md, docs/model/hypervisors.md). */
export interface Capabilities {
  /** A setting offers the extended destination ID. */
  readonly extDestId: boolean;
  /** A setting adds an IOMMU that remaps interrupts. */
  readonly remapping: boolean;
  /** Sockets, cores and threads can be chosen. */
  readonly topology: boolean;
  /** The HPET can be added and taken away. */
  readonly hpet: boolean;
  /** How many queues a setting can give a disk: any, no more than CPUs are plugged, or there is no setting. */
  readonly queues: 'any' | 'plugged CPUs' | 'disks of plugged CPUs' | 'none';
}

export interface FormatFacts {
  /** What it reads, for `--from` and help. */
  readonly reads: string;
  /** Its product, as people call it. */
  readonly product: string;
  /** The products whose versions decide what a text means, the outermost first. */
  readonly stack: readonly StackProduct[];
  /** null: it depends on the platform that the text names. */
  readonly can: Capabilities | null;
  /** Whose words its users read, where remedies have any; null: those of the platform that the text names. */
  readonly languages: readonly ProductLanguage[] | null;
}

const QEMU_CAN = { extDestId: true, remapping: true, topology: true, hpet: true, queues: 'any' } as const;
const NOTHING = { extDestId: false, remapping: false, topology: false, hpet: false, queues: 'none' } as const;

/** In the order that readers are asked whether they recognise an input. */
export const INPUT_FORMATS = {
  acpi: {
    reads: 'an ACPI table (MADT), or the output of acpidump',
    product: 'ACPI',
    stack: [],
    can: null,
    languages: null,
  },
  'kernel-log': {
    reads: 'a kernel log: dmesg, the journal (also -o json), a serial console, a log in Markdown or a mail',
    product: 'kernel log',
    stack: [],
    can: null,
    languages: null,
  },
  'proc-interrupts': {
    reads: '/proc/interrupts by itself',
    product: '/proc/interrupts',
    stack: [],
    can: null,
    languages: null,
  },
  vmware: { reads: 'VMware: .vmx file', product: 'VMware', stack: [], can: null, languages: null },
  opennebula: {
    reads: 'OpenNebula: virtual machine template (KVM)',
    product: 'OpenNebula',
    stack: ['libvirt', 'qemu'],
    can: QEMU_CAN,
    // What a template has no key for goes into its RAW, as libvirt writes it.
    languages: ['libvirt'],
  },
  'virt-install': {
    reads: 'virt-install command line',
    product: 'virt-install',
    stack: ['libvirt', 'qemu'],
    can: QEMU_CAN,
    languages: ['libvirt'],
  },
  kubevirt: {
    reads: 'KubeVirt: YAML of VirtualMachine and VirtualMachineInstance, also several in one file',
    product: 'KubeVirt',
    stack: ['kubevirt', 'libvirt', 'qemu'],
    // No switch offers the extended ID or adds an IOMMU: its version decides.
    can: { ...NOTHING, topology: true, hpet: true, queues: 'disks of plugged CPUs' },
    languages: ['KubeVirt'],
  },
  'cloud-hypervisor': {
    reads: 'Cloud Hypervisor: JSON configuration or command line',
    product: 'Cloud Hypervisor',
    stack: ['cloud-hypervisor'],
    can: { ...NOTHING, topology: true, queues: 'plugged CPUs' },
    languages: ['Cloud Hypervisor'],
  },
  incus: {
    reads: 'Incus and LXD: virtual machines of config show --expanded, list --format json and query',
    product: 'Incus',
    stack: ['qemu'],
    // What has no key goes into raw.qemu, as QEMU's command line has it; CPUs are Incus's own to plug.
    can: { ...QEMU_CAN, topology: false, queues: 'none' },
    languages: ['QEMU'],
  },
  firecracker: {
    reads: 'Firecracker: JSON configuration',
    product: 'Firecracker',
    stack: ['firecracker'],
    can: NOTHING,
    languages: [],
  },
  kata: {
    reads: 'Kata Containers: configuration.toml with [hypervisor.qemu] or [hypervisor.clh]',
    product: 'Kata Containers',
    stack: ['qemu'],
    // enable_iommu adds one; machine_accelerators and cpu_features go to QEMU word for word.
    can: { ...NOTHING, extDestId: true, remapping: true, hpet: true },
    languages: ['QEMU'],
  },
  xen: {
    reads: 'Xen: xl.cfg of an HVM or PVH guest',
    product: 'Xen',
    stack: ['xen'],
    can: { ...NOTHING, hpet: true },
    languages: [],
  },
  bhyve: {
    reads: 'bhyve: command line or bhyve_config file',
    product: 'bhyve',
    stack: ['freebsd'],
    can: { ...NOTHING, topology: true },
    languages: ['bhyve'],
  },
  'vm-bhyve': {
    reads: "vm-bhyve and cbsd: a guest's configuration",
    product: 'vm-bhyve',
    stack: ['freebsd'],
    can: { ...NOTHING, topology: true },
    languages: ['bhyve'],
  },
  crosvm: {
    reads: 'crosvm: command line or JSON configuration',
    product: 'crosvm',
    stack: [],
    can: NOTHING,
    languages: [],
  },
  propolis: {
    reads: 'Propolis: TOML of propolis-standalone',
    product: 'Propolis',
    stack: [],
    can: NOTHING,
    languages: [],
  },
  'virtme-ng': {
    reads: 'virtme-ng: vng and virtme-run command lines',
    product: 'virtme-ng',
    stack: ['qemu'],
    can: QEMU_CAN,
    // What it has no option for goes to QEMU by --qemu-opts.
    languages: ['QEMU'],
  },
  quickemu: {
    reads: 'quickemu: .conf file',
    product: 'quickemu',
    stack: ['qemu'],
    can: QEMU_CAN,
    // What it has no setting for goes to QEMU by extra_args.
    languages: ['QEMU'],
  },
  qemu: {
    reads: 'QEMU: command line, libvirt log, /proc/PID/cmdline or -readconfig file',
    product: 'QEMU',
    stack: ['qemu'],
    can: QEMU_CAN,
    languages: ['QEMU'],
  },
  libvirt: {
    reads: 'libvirt domain XML (also inside domainsnapshot and domstatus)',
    product: 'libvirt',
    stack: ['libvirt', 'qemu'],
    can: QEMU_CAN,
    languages: ['libvirt'],
  },
  nova: {
    reads: 'OpenStack Nova: properties of flavors and images, as the openstack command prints and sets them',
    product: 'OpenStack Nova',
    stack: ['libvirt', 'qemu'],
    can: { ...NOTHING, remapping: true, topology: true, hpet: true },
    languages: [],
  },
  proxmox: {
    reads: 'Proxmox VE machine configuration (qemu-server/ID.conf)',
    product: 'Proxmox VE',
    stack: ['proxmox', 'qemu'],
    can: { ...QEMU_CAN, queues: 'none' },
    languages: ['Proxmox VE'],
  },
  native: {
    reads: "irqsim's own machine description, YAML or JSON",
    product: 'irqsim',
    stack: [],
    can: null,
    languages: null,
  },
} as const satisfies Readonly<Record<string, FormatFacts>>;

export type InputFormat = keyof typeof INPUT_FORMATS;

export const FORMAT_NAMES = Object.keys(INPUT_FORMATS) as readonly InputFormat[];

/** True for the formats whose machines are QEMU's in the end. */
export function endsInQemu(name: string): boolean {
  return formatFacts(name)?.stack.includes('qemu') ?? false;
}

/** The facts of a format; undefined for other names, such as that of captured machines. */
export function formatFacts(name: string): FormatFacts | undefined {
  return lookup(INPUT_FORMATS, name);
}
