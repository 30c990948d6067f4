/**
 * OpenNebula virtual machine templates (hypervisor KVM): they become libvirt domains. What the template leaves to the
 * image, the network or the configuration of the KVM driver is said as an assumption.
 */

import { isKeyOf } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import { lineComments } from '../comments/line-comments.ts';
import { describeLibvirtGuest, virtioNetOptions } from '../libvirt/guest.ts';
import { type Notes, takeNotes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt } from '../qemu/props.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { headText } from '../text/head.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { type Attribute, readTemplate } from './template.ts';

/** Attributes without bearing on CPUs, interrupts and devices that interrupt. */
const NO_BEARING =
  /^(?:NAME|MEMORY(?:_.*)?|CPU|GRAPHICS|CONTEXT|SCHED_.*|LOGO|DESCRIPTION|USER_INPUTS|INPUTS_ORDER|HOT_RESIZE|LABELS|INPUT|HYPERVISOR|VMGROUP|VIDEO|TPM|BACKUP_CONFIG|TEMPLATE_ID|AUTOMATIC_.*|CLONING_TEMPLATE_ID|DISK_COST|CPU_COST|MEMORY_COST|AS_.*|EMULATOR|KEEP_DISKS_ON_DONE|SUNSTONE(?:_.*)?|NIC_DEFAULT|ERROR|FEATURES|OS|TOPOLOGY|CPU_MODEL|VCPU|VCPU_MAX|DISK|NIC|NIC_ALIAS|LXD_.*|CPU_PINNING)$/;

/** Names in vectors that are read, or have no bearing, and what others may hold. */
const VECTORS = {
  DISK: known(
    `IMAGE IMAGE_ID IMAGE_UNAME IMAGE_UID DEV_PREFIX TARGET VIRTIO_BLK_QUEUES SIZE FORMAT TYPE DRIVER CACHE IO DISCARD READONLY
    SOURCE FS SAVE CLONE DATASTORE DATASTORE_ID DISK_ID ORIGINAL_SIZE TM_MAD VOLATILE_.* TOTAL_.* READ_.* WRITE_.* SIZE_.*
    IOTHREAD OPT_IO_SIZE PHYSICAL_BLOCK_SIZE LOGICAL_BLOCK_SIZE SSD RECOVERY_SNAPSHOT_FREQ FILTER CREATE ALLOW_ORPHANS
    DISK_TYPE DISK_SNAPSHOT_TOTAL_SIZE POOL_NAME CEPH_.* LUKS_.*`,
    ['devices'],
  ),
  NIC: known(
    `NETWORK NETWORK_ID NETWORK_UNAME NETWORK_UID NETWORK_MODE SCHED_.* MODEL VIRTIO_QUEUES IP IP6.* MAC BRIDGE VLAN.* SECURITY_GROUPS
    FILTER.* TARGET SCRIPT GATEWAY.* DNS.* NIC_ID NAME AR_ID MTU INBOUND_.* OUTBOUND_.* RDP.* SSH.* EXTERNAL GUEST_MTU METHOD
    METRIC FLOATING_.* PARENT PHYDEV VN_MAD CLUSTER_ID OVS_.* CVLANS QINQ_TYPE TX_QUEUES RX_QUEUES NETWORK_ADDRESS NETWORK_MASK
    SEARCH_DOMAIN CONF`,
    ['devices'],
  ),
  NIC_DEFAULT: known('MODEL FILTER VIRTIO_QUEUES RDP SSH', ['devices']),
  OS: known(`ARCH MACHINE KERNEL.* INITRD.* ROOT BOOT BOOTLOADER UUID SD_DISK_BUS FIRMWARE.*`, [
    'the machine type',
    'the kernel',
  ]),
  FEATURES: known(
    `PAE ACPI APIC LOCALTIME HYPERV GUEST_AGENT VIRTIO_SCSI_QUEUES VIRTIO_BLK_QUEUES IOTHREADS`,
    ['the irqchip', 'devices'],
  ),
  TOPOLOGY: known('SOCKETS CORES THREADS PIN_POLICY NODE_AFFINITY HUGEPAGE_SIZE MEMORY_ACCESS', ['CPUs']),
  CPU_MODEL: known('MODEL FEATURES', ['CPUs']),
  VIDEO: known('TYPE IOMMU ATS VRAM RESOLUTION', ['devices']),
  INPUT: known('TYPE BUS', ['devices']),
} as const;

function known(list: string, mayHold: readonly MayHold[]) {
  return { names: new RegExp(`^(?:${list.trim().split(/\s+/).join('|')})$`), mayHold };
}

const AUTO = /^auto$/i;

type Vector = ReadonlyMap<string, Fact<string>>;

interface Template {
  readonly all: readonly Attribute[];
  readonly first: (key: string) => Attribute | undefined;
  readonly vectors: (key: string) => readonly { readonly vector: Vector; readonly at: Attribute['at'] }[];
}

function templateOf(all: readonly Attribute[]): Template {
  return {
    all,
    first: (key) => all.find((one) => one.key === key),
    vectors: (key) =>
      all.flatMap(({ key: own, vector, at }) => (own === key && vector ? [{ vector, at }] : [])),
  };
}

/** A queue count that is written; "auto" is one for each vCPU. */
function queues(fact: Fact<string> | undefined, vcpus: Fact<string>): Fact<string> | undefined {
  if (fact === undefined) return undefined;
  return AUTO.test(fact.value) ? { value: vcpus.value, at: fact.at } : fact;
}

function diskOptions(template: Template, vcpus: Fact<string>, notes: Notes): QemuOption[] {
  const features = template.first('FEATURES')?.vector;
  const sdBus = template.first('OS')?.vector?.get('SD_DISK_BUS')?.value ?? 'scsi';
  const options: QemuOption[] = [];
  let scsi = false;
  for (const [index, { vector, at }] of template.vectors('DISK').entries()) {
    const prefix = vector.get('DEV_PREFIX') ?? vector.get('TARGET');
    if (!prefix) notes.assume('a disk without DEV_PREFIX is virtio ("vd"), as new images are');
    const bus = (prefix?.value ?? 'vd').slice(0, 2);
    if (bus === 'vd') {
      const count = queues(vector.get('VIRTIO_BLK_QUEUES') ?? features?.get('VIRTIO_BLK_QUEUES'), vcpus);
      options.push(
        option('device', at, [
          ['driver', given('virtio-blk-pci')],
          ['id', given(`disk${index}`)],
          ['num-queues', count],
        ]),
      );
    } else if (bus === 'sd' && !scsi && !/^(?:sata|ide)$/i.test(sdBus)) {
      scsi = true;
      options.push(
        option('device', at, [
          ['driver', given('virtio-scsi-pci')],
          ['id', given('scsi0')],
          ['num_queues', queues(features?.get('VIRTIO_SCSI_QUEUES'), vcpus)],
        ]),
      );
    } else if (!/^(?:sd|hd|fd|xv)$/.test(bus)) {
      notes.notUnderstood(`DEV_PREFIX = ${excerpt(prefix?.value ?? '')}`, prefix?.at ?? at, ['devices']);
    }
  }
  return options;
}

function nicOptions(template: Template, vcpus: Fact<string>, notes: Notes): QemuOption[] {
  const usual = template.first('NIC_DEFAULT')?.vector?.get('MODEL');
  return template.vectors('NIC').flatMap(({ vector, at }, index) => {
    const model = vector.get('MODEL') ?? usual;
    if (!model) notes.assume('a NIC without MODEL is virtio, as the KVM driver is set up by default');
    if (model && model.value !== 'virtio') {
      return [
        option('device', at, [
          ['driver', model],
          ['id', given(`net${index}`)],
        ]),
      ];
    }
    return virtioNetOptions(`net${index}`, queues(vector.get('VIRTIO_QUEUES'), vcpus), at);
  });
}

function nameUnread(template: Template, notes: Notes): void {
  for (const { key, at, vector } of template.all) {
    if (ONCE.test(key) && template.first(key)?.at !== at)
      notes.notUnderstood(`a second ${key}`, at, ['CPUs', 'devices', 'the machine type']);
    if (key === 'RAW') {
      const data = vector?.get('DATA')?.value ?? '';
      const bears = /device|iommu|ioapic|vcpu|topology|qemu:/i.test(data);
      notes.notUnderstood(
        `RAW = [ DATA = ${excerpt(data)} ]`,
        at,
        bears ? ['CPUs', 'devices', 'the irqchip'] : [],
      );
    } else if (key === 'PCI') {
      notes.notUnderstood('PCI (a host device, which decides how many queues it has)', at, ['devices']);
    } else if (key === 'NUMA_NODE') {
      notes.notUnderstood('NUMA_NODE (which vCPUs are on which node)', at, ['CPUs']);
    } else if (!NO_BEARING.test(key)) notes.notUnderstood(key, at, []);
    if (!vector || !isKeyOf(VECTORS, key)) continue;
    for (const [name, fact] of vector) {
      const { names, mayHold } = VECTORS[key];
      if (!names.test(name))
        notes.notUnderstood(`${name} = ${excerpt(fact.value)} in ${key}`, fact.at, mayHold);
    }
  }
}

function describe(all: readonly Attribute[], stack: Stack): ReadResult {
  const template = templateOf(all);
  refuseOthers(template);
  const notes = takeNotes('OpenNebula');
  const vcpus = template.first('VCPU')?.value ?? given('1');
  const maxvcpus = template.first('VCPU_MAX')?.value;
  if (!template.first('VCPU')) notes.assume('without VCPU a machine has one vCPU');
  const topology = template.first('TOPOLOGY')?.vector;
  const os = template.first('OS')?.vector;
  const features = template.first('FEATURES')?.vector;
  const off = (key: string) => /^no$/i.test(features?.get(key)?.value ?? '');
  const options = [
    option('machine', template.first('OS')?.at, [
      ['type', os?.get('MACHINE')],
      ['accel', given(/^qemu$/i.test(template.first('HYPERVISOR')?.value?.value ?? '') ? 'tcg' : 'kvm')],
      ['acpi', off('ACPI') ? features?.get('ACPI') : given('on')],
    ]),
    ...nameOption(template),
    ...kernelOption(os),
    ...diskOptions(template, vcpus, notes),
    ...nicOptions(template, vcpus, notes),
    ...otherOptions(template),
  ];
  if (!os?.get('MACHINE'))
    notes.assume("without MACHINE in OS the machine type is QEMU's default, unless the KVM driver sets one");
  nameUnread(template, notes);
  const cpus = {
    name: maxvcpus ? 'VCPU_MAX' : 'VCPU',
    vcpus,
    maxvcpus,
    sockets: topology?.get('SOCKETS'),
    cores: topology?.get('CORES'),
    threads: topology?.get('THREADS'),
  };
  return describeLibvirtGuest({ options, vcpus: cpus, notes }, stack);
}

/** The agent's channel, a virtio display, input devices, the disk of the context, the model of the CPU and what it is told. */
function otherOptions(template: Template): QemuOption[] {
  const features = template.first('FEATURES')?.vector;
  const agent = features?.get('GUEST_AGENT');
  const hyperv = features?.get('HYPERV');
  const video = template.first('VIDEO')?.vector?.get('TYPE');
  const model = template.first('CPU_MODEL')?.vector?.get('MODEL');
  const context = template.first('CONTEXT')?.vector?.get('TARGET');
  const device = (driver: string, at: Attribute['at'] | undefined) =>
    option('device', at, [['driver', given(driver)]]);
  const isYes = (fact: Fact<string> | undefined) => /^yes$/i.test(fact?.value ?? '');
  const inputs = template.vectors('INPUT').flatMap(({ vector, at }) => {
    const type = vector.get('TYPE')?.value.toLowerCase() ?? 'tablet';
    return /^virtio$/i.test(vector.get('BUS')?.value ?? '') ? [device(`virtio-${type}-pci`, at)] : [];
  });
  const named = model && !/^host-/.test(model.value) ? model : undefined;
  const told: Entry[] = isYes(hyperv) ? [['hv-relaxed', { value: 'on', at: hyperv?.at }]] : [];
  return [
    ...(isYes(agent) ? [device('virtio-serial-pci', agent?.at)] : []),
    ...(/^virtio$/i.test(video?.value ?? '') ? [device('virtio-vga', video?.at)] : []),
    ...inputs,
    ...(context?.value.startsWith('vd') ? [device('virtio-blk-pci', context.at)] : []),
    ...(named || told.length > 0
      ? [{ ...option('cpu', (named ?? hyperv)?.at, told), value: named ?? given('host') }]
      : []),
  ];
}

/** Attributes that a machine has once. */
const ONCE = /^(?:NAME|V?CPU|VCPU_MAX|MEMORY|OS|FEATURES|TOPOLOGY|CPU_MODEL|VIDEO|HYPERVISOR|CONTEXT)$/;

function refuseOthers(template: Template): void {
  const arch = template.first('OS')?.vector?.get('ARCH');
  if (arch && !/^(?:x86_64|i686)$/.test(arch.value))
    throw errorAt(arch.at, `ARCH = ${excerpt(arch.value)}: only x86 machines are simulated`);
  const hypervisor = template.first('HYPERVISOR')?.value;
  if (hypervisor && !/^(?:kvm|qemu)$/i.test(hypervisor.value))
    throw errorAt(hypervisor.at, `HYPERVISOR = ${excerpt(hypervisor.value)}: only machines of KVM are read`);
}

function nameOption(template: Template): QemuOption[] {
  const name = template.first('NAME')?.value;
  return name ? [option('name', name.at, [['guest', name]])] : [];
}

function kernelOption(os: Vector | undefined): QemuOption[] {
  const cmdline = os?.get('KERNEL_CMD');
  return cmdline ? [{ ...option('append', cmdline.at, []), value: cmdline }] : [];
}

export const opennebula: Reader = {
  name: 'opennebula',
  comments: lineComments,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    const isVector = /^\s*(?:DISK|NIC|OS|GRAPHICS|FEATURES|TOPOLOGY|CONTEXT|CPU_MODEL)\s*=\s*\[/m.test(head);
    return isVector && /^\s*(?:VCPU|CPU|MEMORY)\s*=\s*"?[\d.]+"?\s*$/m.test(head);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const place = textPositions(text, file);
    return [describe(await parsed(text, file, () => readTemplate(text, place)), stack)];
  },
};
