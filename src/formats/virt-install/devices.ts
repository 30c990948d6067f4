/** Options of virt-install that make devices → QEMU's devices, as libvirt writes them. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import { virtioNetOptions } from '../libvirt/guest.ts';
import type { Notes } from '../notes.ts';
import type { Fact, Props } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';

export interface Guest {
  readonly options: QemuOption[];
  readonly notes: Notes;
  count: number;
  /** False after --memballoon none. */
  balloon: boolean;
}

type At = Fact<string>['at'];
type Make = (guest: Guest, props: Props, at: At) => void;

/** Disks and adapters of these buses are no PCI devices of their own that interrupt by message. */
const LINE_BUSES = /^(?:sata|ide|usb|fdc|sd)$/;

/** QEMU's IOMMUs by libvirt's model. */
const IOMMUS = { intel: 'intel-iommu', amd: 'amd-iommu', virtio: 'virtio-iommu-pci' } as const;

/** Sound cards and displays with message interrupts; null: without. */
const SOUND = {
  ich6: 'intel-hda',
  ich7: 'intel-hda',
  ich9: 'ich9-intel-hda',
  default: 'ich9-intel-hda',
  virtio: 'virtio-sound-pci',
  ac97: null,
  es1370: null,
  sb16: null,
  pcspk: null,
  usb: null,
  none: null,
} as const;
const VIDEO = {
  virtio: 'virtio-vga',
  qxl: null,
  vga: null,
  cirrus: null,
  bochs: null,
  vmvga: null,
  ramfb: null,
  none: null,
  default: null,
} as const;

const MEMORY = {
  'virtio-mem': 'virtio-mem-pci',
  'virtio-pmem': 'virtio-pmem-pci',
  dimm: null,
  nvdimm: null,
  'sgx-epc': null,
} as const;

/** Types of controllers without message interrupts, or none that matters here. */
const PLAIN_CONTROLLERS = /^(?:usb\d?|sata|ide|fdc|ccid|isa|pci|xenbus)$/;

function deviceOption(guest: Guest, driver: string, at: At, entries: readonly Entry[] = []): void {
  const id = given(`${driver}${guest.count++}`);
  guest.options.push(option('device', at, [['driver', given(driver)], ['id', id], ...entries]));
}

const has = (guest: Guest, driver: string): boolean =>
  guest.options.some(({ props }) => props.get('driver')?.value === driver);

/** A device of a table of models: null has no message interrupts; what is not in it is named. */
function fromTable(
  guest: Guest,
  table: Readonly<Record<string, string | null>>,
  what: string,
  model: string,
  at: At,
): void {
  const driver = lookup(table, model);
  if (driver === undefined) guest.notes.notUnderstood(`--${what} ${excerpt(model)}`, at, ['devices']);
  else if (driver !== null) deviceOption(guest, driver, at);
}

/** How each option is read. */
export const DEVICES = {
  disk(guest, props, at) {
    const kind = props.get('device')?.value;
    if (props.get('path')?.value === 'none' || kind === 'floppy') return;
    const bus = props.get('target.bus') ?? props.get('target_bus') ?? props.get('bus');
    if (!bus && kind === 'cdrom') return;
    if (!bus) guest.notes.assume('a disk without bus= is virtio, where the guest is known to drive it');
    if (bus?.value === 'scsi') {
      if (has(guest, 'virtio-scsi-pci')) return;
      guest.notes.assume('disks with bus=scsi hang on a virtio-scsi controller, which virt-install adds');
      deviceOption(guest, 'virtio-scsi-pci', at);
      return;
    }
    if (bus?.value === 'nvme') {
      if (!has(guest, 'nvme')) deviceOption(guest, 'nvme', at);
      return;
    }
    if (bus && bus.value !== 'virtio') {
      if (!LINE_BUSES.test(bus.value)) guest.notes.notUnderstood(`--disk bus=${bus.value}`, at, ['devices']);
      return;
    }
    deviceOption(guest, 'virtio-blk-pci', at, [
      ['num-queues', props.get('driver.queues') ?? props.get('driver_queues')],
    ]);
  },
  network(guest, props, at) {
    if (props.get('type')?.value === 'none') return;
    const model = props.get('model.type') ?? props.get('model');
    if (!model)
      guest.notes.assume('a network without model= is virtio, where the guest is known to drive it');
    if (model && !/^virtio/.test(model.value)) {
      deviceOption(guest, model.value, at);
      return;
    }
    const pairs = props.get('driver.queues') ?? props.get('driver_queues');
    guest.options.push(...virtioNetOptions(`net${guest.count++}`, pairs, at));
  },
  controller(guest, props, at) {
    const type = props.get('type')?.value ?? '';
    const model = props.get('model')?.value ?? '';
    if (type === 'scsi' && (/^virtio/.test(model) || model === '')) {
      deviceOption(guest, 'virtio-scsi-pci', at, [
        ['num_queues', props.get('driver.queues') ?? props.get('driver_queues')],
      ]);
    } else if (type === 'scsi') {
      const plain = {
        lsilogic: null,
        buslogic: null,
        lsisas1068: 'mptsas1068',
        lsisas1078: 'megasas',
        vmpvscsi: 'pvscsi',
      };
      fromTable(guest, plain, 'controller scsi', model, at);
    } else if (type === 'virtio-serial') {
      deviceOption(guest, 'virtio-serial-pci', at, [
        ['max_ports', props.get('ports')],
        ['vectors', props.get('vectors')],
      ]);
    } else if (type === 'nvme') deviceOption(guest, 'nvme', at);
    else if (!PLAIN_CONTROLLERS.test(type))
      guest.notes.notUnderstood(`--controller ${excerpt(type)}`, at, ['devices']);
  },
  hostdev(guest, props, at) {
    const name = props.get('name')?.value ?? props.get('type')?.value ?? '';
    // USB devices by name, by vendor and product, by bus and device.
    if (/^(?:usb(?:_|$)|0x[\da-f]+:|\d+\.\d+$|scsi_)/i.test(name)) return;
    deviceOption(guest, 'vfio-pci', at);
  },
  filesystem(guest, props, at) {
    const virtiofs = (props.get('driver.type') ?? props.get('driver_type'))?.value === 'virtiofs';
    deviceOption(guest, virtiofs ? 'vhost-user-fs-pci' : 'virtio-9p-pci', at);
  },
  iommu(guest, props, at) {
    const model = props.get('model')?.value ?? '';
    if (!isKeyOf(IOMMUS, model)) {
      guest.notes.notUnderstood(`--iommu model=${model}`, at, ['devices', 'the irqchip']);
      return;
    }
    guest.options.push(
      option('device', at, [
        ['driver', given(IOMMUS[model])],
        ['intremap', props.get('driver.intremap')],
        ['eim', props.get('driver.eim')],
        ['caching-mode', props.get('driver.caching_mode')],
        ['xtsup', props.get('driver.xtsup')],
      ]),
    );
  },
  memballoon(guest, props, at) {
    const model = props.get('model')?.value ?? 'virtio';
    if (model === 'none') guest.balloon = false;
    else if (!/^(?:virtio|default)/.test(model))
      guest.notes.notUnderstood(`--memballoon ${excerpt(model)}`, at, ['devices']);
  },
  rng(guest, props, at) {
    if (props.get('type')?.value !== 'none') deviceOption(guest, 'virtio-rng-pci', at);
  },
  vsock(guest, props, at) {
    if (props.get('model')?.value !== 'none') deviceOption(guest, 'vhost-vsock-pci', at);
  },
  sound: (guest, props, at) => fromTable(guest, SOUND, 'sound', props.get('model')?.value ?? 'default', at),
  video: (guest, props, at) =>
    fromTable(guest, VIDEO, 'video', (props.get('model') ?? props.get('model.type'))?.value ?? 'default', at),
  input(guest, props, at) {
    if (props.get('bus')?.value !== 'virtio') return;
    const kind = props.get('type')?.value ?? '';
    deviceOption(guest, kind === 'passthrough' ? 'virtio-input-host-pci' : `virtio-${kind}-pci`, at);
  },
  memdev: (guest, props, at) => fromTable(guest, MEMORY, 'memdev', props.get('model')?.value ?? '', at),
  channel: serial,
  console: serial,
  shmem(guest, props, at) {
    const model = (props.get('model.type') ?? props.get('model'))?.value ?? 'ivshmem';
    deviceOption(guest, model, at, [['vectors', props.get('msi.vectors')]]);
  },
} satisfies Readonly<Record<string, Make>>;

/** Channels and consoles of virtio share a controller. */
function serial(guest: Guest, props: Props, at: At): void {
  const type = (props.get('target.type') ?? props.get('target_type'))?.value;
  const isVirtio = type === 'virtio' || (type === undefined && props.get('type')?.value === 'spicevmc');
  if (isVirtio && !has(guest, 'virtio-serial-pci')) deviceOption(guest, 'virtio-serial-pci', at);
}
