/** Devices of a libvirt domain → the `-device` and `-netdev` that libvirt would write, in the order Linux finds them. */

import { isKeyOf, lookup } from '../../lib/lookup.ts';
import type { Notes } from '../notes.ts';
import { inPciOrder, type PciDevice, type PciPlace } from '../pci-order.ts';
import type { Fact } from '../qemu/facts.ts';
import type { QemuOption } from '../qemu/option.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import { addedControllers, controller } from './controllers.ts';
import { disk } from './disks.ts';
import { networkInterface } from './interfaces.ts';
import type { Look } from './look.ts';
import { device, isVirtio, type Make, modelOf, unknownModel, type Workshop } from './made.ts';

interface MadeDevice extends PciDevice {
  readonly options: readonly QemuOption[];
}

/** The options of all devices, implicit controllers behind the others. */
export function domainDevices(domain: XmlElement, look: Look, notes: Notes): QemuOption[] {
  const counts = new Map<string, number>();
  const workshop: Workshop = {
    look,
    notes,
    count: (kind) => counts.get(kind) ?? 0,
    next(kind) {
      const number = counts.get(kind) ?? 0;
      counts.set(kind, number + 1);
      return `${kind}${number}`;
    },
  };
  const made = (child(domain, 'devices')?.children ?? []).map((element): MadeDevice => {
    const options = isKeyOf(MAKERS, element.name) ? MAKERS[element.name](element, workshop) : [];
    return { options, place: placeOf(element, look), opens: busBehind(element, look) };
  });
  const ordered = inPciOrder(made).flatMap(({ options }) => options);
  return [...ordered, ...addedControllers(domain, workshop)];
}

/** `<address type='pci' bus='0x03' slot='0x00' function='0x0'/>` */
function placeOf(element: XmlElement, look: Look): PciPlace | undefined {
  const address = childrenOf(element, 'address').find((one) => look.attribute(one, 'type')?.value === 'pci');
  const part = (name: string) => Number(look.attribute(address, name)?.value ?? '0');
  const place = { bus: part('bus'), slot: part('slot'), function: part('function') };
  return address && Object.values(place).every(Number.isSafeInteger) ? place : undefined;
}

/** The bus behind a PCI controller is its index. */
function busBehind(element: XmlElement, look: Look): number | undefined {
  if (element.name !== 'controller' || look.attribute(element, 'type')?.value !== 'pci') return undefined;
  const index = Number(look.attribute(element, 'index')?.value ?? 'none');
  return Number.isSafeInteger(index) && index > 0 ? index : undefined;
}

/** A device that is there only as virtio. */
function virtioOnly(driver: string, kind: string): Make {
  return (element, workshop) => {
    const model = modelOf(element, workshop);
    if (model === 'none') return [];
    if (!isVirtio(model)) return unknownModel(element, model, workshop);
    return [device(driver, workshop.next(kind), element, workshop)];
  };
}

/** Drivers of `<filesystem>` by `<driver type>`; null: not a PCI device. */
const FILESYSTEMS = {
  path: 'virtio-9p-pci',
  handle: 'virtio-9p-pci',
  virtiofs: 'vhost-user-fs-pci',
  mtp: null,
} as const satisfies Readonly<Record<string, string | null>>;

/** Drivers of `<hostdev>` by type; null: no PCI device of its own. */
const HOSTDEVS = {
  pci: 'vfio-pci',
  mdev: 'vfio-pci',
  scsi_host: 'vhost-scsi-pci',
  scsi: null,
  usb: null,
  storage: null,
  misc: null,
  net: null,
} as const satisfies Readonly<Record<string, string | null>>;

/** Devices of `<shmem>` with interrupts, by model. */
const SHMEM = {
  ivshmem: 'ivshmem',
  'ivshmem-doorbell': 'ivshmem-doorbell',
} as const;

/** Sound cards with message interrupts. */
const SOUND = { ich6: 'intel-hda', ich7: 'intel-hda', ich9: 'ich9-intel-hda' } as const;

/** Memory devices on the PCI bus. */
const MEMORY = {
  'virtio-mem': 'virtio-mem-pci',
  'virtio-pmem': 'virtio-pmem-pci',
} as const;

const MAKERS = {
  disk,
  controller,
  interface: networkInterface,
  hostdev(element, workshop) {
    const type = workshop.look.attribute(element, 'type')?.value ?? '';
    if (!isKeyOf(HOSTDEVS, type)) return unknownModel(element, type || undefined, workshop);
    const driver = HOSTDEVS[type];
    return driver === null ? [] : [device(driver, workshop.next('hostdev'), element, workshop)];
  },
  filesystem(element, workshop) {
    const type = workshop.look.attribute(child(element, 'driver'), 'type')?.value ?? 'path';
    if (!isKeyOf(FILESYSTEMS, type)) return unknownModel(element, type, workshop);
    const id = workshop.next('fs');
    const driver = FILESYSTEMS[type];
    return driver === null ? [] : [device(driver, id, element, workshop)];
  },
  rng: virtioOnly('virtio-rng-pci', 'rng'),
  memballoon: virtioOnly('virtio-balloon-pci', 'balloon'),
  crypto: virtioOnly('virtio-crypto-pci', 'crypto'),
  vsock: (element, workshop) => [device('vhost-vsock-pci', workshop.next('vsock'), element, workshop)],
  input(element, workshop) {
    if (workshop.look.attribute(element, 'bus')?.value !== 'virtio') return [];
    const type = workshop.look.attribute(element, 'type')?.value ?? '';
    const driver = type === 'passthrough' ? 'virtio-input-host-pci' : `virtio-${type}-pci`;
    return [device(driver, workshop.next('input'), element, workshop)];
  },
  sound(element, workshop) {
    const model = modelOf(element, workshop) ?? '';
    const id = workshop.next('sound');
    const driver = isVirtio(model) ? 'virtio-sound-pci' : lookup(SOUND, model);
    return driver === undefined ? [] : [device(driver, id, element, workshop)];
  },
  video(element, workshop) {
    const number = workshop.count('video');
    const id = workshop.next('video');
    const type = workshop.look.attribute(child(element, 'model'), 'type')?.value.toLowerCase();
    if (type !== 'virtio') return [];
    return [device(number === 0 ? 'virtio-vga' : 'virtio-gpu-pci', id, element, workshop)];
  },
  shmem(element, workshop) {
    const { look } = workshop;
    const id = workshop.next('shmem');
    const model = look.attribute(child(element, 'model'), 'type')?.value ?? '';
    if (!isKeyOf(SHMEM, model)) return [];
    return [
      device(SHMEM[model], id, element, workshop, [
        ['vectors', look.attribute(child(element, 'msi'), 'vectors')],
      ]),
    ];
  },
  memory(element, workshop) {
    const model = modelOf(element, workshop) ?? '';
    if (!isKeyOf(MEMORY, model)) return [];
    return [device(MEMORY[model], workshop.next(model.replace('-', '')), element, workshop)];
  },
  iommu(element, workshop) {
    const { look } = workshop;
    const kind = modelOf(element, workshop);
    const driver = child(element, 'driver');
    const entries = (['intremap', 'eim', 'xtsup'] as const).map(
      (key): readonly [string, Fact<string> | undefined] => [key, look.attribute(driver, key)],
    );
    const name = kind === 'virtio' ? 'virtio-iommu-pci' : `${kind}-iommu`;
    if (!['intel', 'amd', 'virtio'].includes(kind ?? '')) return unknownModel(element, kind, workshop);
    const caching = look.attribute(driver, 'caching_mode');
    return [device(name, 'iommu0', element, workshop, [...entries, ['caching-mode', caching]])];
  },
} satisfies Readonly<Record<string, Make>>;

/** `<memballoon>` that is not written is there. */
export function impliedBalloon(domain: XmlElement, look: Look, notes: Notes): QemuOption[] {
  if (child(domain, 'devices', 'memballoon')) return [];
  notes.assume('without <memballoon> a domain has a virtio balloon');
  const workshop: Workshop = { look, notes, next: (kind) => `${kind}0`, count: () => 0 };
  return [device('virtio-balloon-pci', 'balloon0', domain, workshop)];
}
