/** The QEMU options that the Go runtime of Kata Containers writes for a sandbox on x86 (3.x). */
import { isKeyOf } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Location } from '../../machine/machine.ts';
import { virtioNetOptions } from '../libvirt/guest.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, parseOption, type QemuOption } from '../qemu/option.ts';
import type { Defines } from '../reader.ts';
import type { SourceValue } from '../text/source-value.ts';
import { readVcpus, type Vcpus } from './cpus.ts';

const fact = (value: SourceValue | undefined): Fact<string> | undefined =>
  value && { value: value.text(), at: value.place };

const isOn = (value: SourceValue | undefined): boolean => value?.isOn() ?? false;

/** Options of the guest. `runtime` is the table of that name. Throws InputError for values that are none. */
export function kataOptions(
  qemu: SourceValue,
  runtime: SourceValue | undefined,
  notes: Notes,
  defines: Defines,
): QemuOption[] {
  const vcpus = readVcpus(qemu, notes, defines);
  if (isOn(runtime?.get('static_sandbox_resource_mgmt'))) {
    const part = 'static_sandbox_resource_mgmt: the vCPUs at start are those that the pod asks for';
    notes.notUnderstood(part, runtime?.get('static_sandbox_resource_mgmt')?.place, ['CPUs']);
  } else notes.assume('vCPUs that containers ask for are plugged later');
  for (const key of ['confidential_guest', 'sev_snp_guest']) {
    const value = qemu.get(key);
    if (isOn(value))
      notes.notUnderstood(`${key} = true (the host decides which kind)`, value?.place, ['the irqchip']);
  }
  return [
    ...machineOptions(qemu, notes),
    smpOption(vcpus),
    ...cmdlineOption(qemu, vcpus, notes),
    ...deviceOptions(qemu, notes),
    ...networkOptions(qemu, runtime, vcpus, notes),
  ];
}

/** Machine types of other architectures. */
const FOREIGN = /^(?:virt|pseries|s390-ccw-virtio)$/;

function machineOptions(qemu: SourceValue, notes: Notes): QemuOption[] {
  const type = fact(qemu.get('machine_type'));
  if (type && FOREIGN.test(type.value)) {
    throw (qemu.get('machine_type') ?? qemu).fail(
      `machine_type ${excerpt(type.value)}: only x86 machines are simulated`,
    );
  }
  if (!type) notes.assume('without machine_type it is q35');
  const iommu = qemu.get('enable_iommu');
  const remaps = isOn(iommu);
  const entries: Entry[] = [
    ['type', type ?? given('q35')],
    ['accel', given('kvm')],
    ['kernel-irqchip', remaps ? { value: 'split', at: iommu?.place } : undefined],
  ];
  if (remaps && !/q35/.test(type?.value ?? 'q35')) {
    notes.fail(`Machine Type ${type?.value} does not support vIOMMU`, iommu?.place);
  }
  const cpu = listed('cpu', 'host', qemu.get('cpu_features'));
  return [
    option('machine', type?.at, entries),
    ...listed('machine', undefined, qemu.get('machine_accelerators')),
    ...(cpu.length > 0 ? cpu : [{ ...option('cpu', undefined, []), value: given('host') }]),
    ...(remaps ? [iommuOption(iommu?.place)] : []),
  ];
}

/** A comma-separated list of properties, as an option of its own. */
function listed(name: string, first: string | undefined, value: SourceValue | undefined): QemuOption[] {
  const text = value?.text().trim() ?? '';
  if (!value || text === '') return [];
  const at = value.place;
  const { props } = parseOption('kata', { text, at: () => 0 }, () => at);
  return [{ name, props, value: { value: first ?? text, at }, text: undefined }];
}

function iommuOption(at: Location | undefined): QemuOption {
  return option('device', at, [
    ['driver', given('intel-iommu')],
    ['intremap', { value: 'on', at }],
    ['device-iotlb', given('on')],
    ['caching-mode', given('on')],
  ]);
}

/** Every possible vCPU is a socket of its own. */
function smpOption({ vcpus, vcpusAt, max, maxAt }: Vcpus): QemuOption {
  return option('smp', vcpusAt ?? maxAt, [
    ['cpus', { value: String(vcpus), at: vcpusAt }],
    ['cores', given('1')],
    ['threads', given('1')],
    ['sockets', given(String(max))],
    ['maxcpus', { value: String(max), at: maxAt }],
  ]);
}

/** What of Kata's own parameters bears on interrupts, with those of the file behind. */
function cmdlineOption(qemu: SourceValue, { max }: Vcpus, notes: Notes): QemuOption[] {
  const own = [`nr_cpus=${max}`, ...(isOn(qemu.get('enable_iommu')) ? ['intel_iommu=on', 'iommu=pt'] : [])];
  notes.assume(`it gives the kernel ${own.join(' ')}`, ['cmdline']);
  const written = qemu.get('kernel_params');
  const value = [...own, written?.text() ?? ''].join(' ').trim();
  return [{ ...option('append', written?.place, []), value: { value, at: written?.place } }];
}

/** The device of `block_device_driver` that is there from the start; disks of others are plugged with the containers. */
const BLOCK_DRIVERS = {
  'virtio-scsi': 'virtio-scsi-pci',
  'virtio-blk': null,
  'virtio-blk-pci': null,
  'virtio-blk-ccw': null,
  'virtio-mmio': null,
  nvdimm: null,
  '': null,
} as const satisfies Readonly<Record<string, string | null>>;

const SHARED = {
  'virtio-fs': 'vhost-user-fs-pci',
  'virtio-fs-nydus': 'vhost-user-fs-pci',
  'inline-virtio-fs': 'vhost-user-fs-pci',
  'virtio-9p': 'virtio-9p-pci',
  none: null,
} as const satisfies Readonly<Record<string, string | null>>;

function deviceOptions(qemu: SourceValue, notes: Notes): QemuOption[] {
  const device = (driver: string, id: string, at?: Location): QemuOption =>
    option('device', at, [
      ['driver', given(driver)],
      ['id', given(id)],
    ]);
  const chosen = (
    key: string,
    table: Readonly<Record<string, string | null>>,
    standard: string,
  ): QemuOption[] => {
    const value = qemu.get(key);
    const name = value?.text() ?? standard;
    if (!value) notes.assume(`without ${key} it is ${standard}`);
    if (!isKeyOf(table, name)) {
      notes.notUnderstood(`${key} = ${excerpt(name)}`, value?.place, ['devices']);
      return [];
    }
    const driver = table[name];
    return driver === null ? [] : [device(driver, key, value?.place)];
  };
  const image = qemu.get('image');
  const isDisk = image && isOn(qemu.get('disable_image_nvdimm'));
  const ports = qemu.get('pcie_root_port')?.whole(0, 1000) ?? 0;
  notes.assume('disks and devices of containers are plugged later, and are not shown');
  return [
    device('virtio-serial-pci', 'serial0'),
    ...(isDisk ? [device('virtio-blk-pci', 'image', image.place)] : []),
    ...chosen('block_device_driver', BLOCK_DRIVERS, 'virtio-scsi'),
    device('virtio-rng-pci', 'rng0'),
    device('vhost-vsock-pci', 'vsock'),
    ...chosen('shared_fs', SHARED, 'virtio-9p'),
    ...(isOn(qemu.get('enable_virtio_mem')) ? [device('virtio-mem-pci', 'virtiomem0')] : []),
    ...(isOn(qemu.get('reclaim_guest_freed_memory')) ? [device('virtio-balloon-pci', 'balloon0')] : []),
    ...(ports > 0 ? [device('pcie-root-port', 'rp0', qemu.get('pcie_root_port')?.place)] : []),
  ];
}

/** One adapter, with as many queue pairs as vCPUs at start. */
function networkOptions(
  qemu: SourceValue,
  runtime: SourceValue | undefined,
  { vcpus, vcpusAt }: Vcpus,
  notes: Notes,
): QemuOption[] {
  const model = runtime?.get('internetworking_model');
  if (model?.text() === 'none' || isOn(runtime?.get('disable_new_netns'))) {
    notes.assume('there is no network adapter');
    return [];
  }
  const queues = fact(qemu.get('network_queues'));
  if (!queues) notes.assume('the network gives one adapter, with one queue pair a vCPU at start');
  return virtioNetOptions('network-0', queues ?? { value: String(vcpus), at: vcpusAt }, model?.place);
}
