/** Disks of a domain: their buses, and the controllers that libvirt adds for them and for SCSI host devices. */

import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';
import { device, type Make, queuesOf } from './made.ts';

/** Buses by how the name of the target begins, where bus= is not written. */
const BUS_OF_NAME: readonly (readonly [prefix: string, bus: string])[] = [
  ['xvd', 'xen'],
  ['ubd', 'uml'],
  ['vd', 'virtio'],
  ['sd', 'scsi'],
  ['hd', 'ide'],
  ['fd', 'fdc'],
];

/** The bus of a disk; libvirt's default is IDE. */
export function busOf(disk: XmlElement, look: Look): string {
  const target = child(disk, 'target');
  const written = look.attribute(target, 'bus')?.value;
  if (written) return written;
  if (look.attribute(disk, 'device')?.value === 'floppy') return 'fdc';
  const name = look.attribute(target, 'dev')?.value ?? '';
  return BUS_OF_NAME.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'ide';
}

export const disk: Make = (element, workshop) => {
  const { look } = workshop;
  if (busOf(element, look) !== 'virtio') return [];
  const id = look.attribute(child(element, 'target'), 'dev')?.value ?? workshop.next('virtio-disk');
  const isVhost = look.attribute(element, 'type')?.value === 'vhostuser';
  const driver = isVhost ? 'vhost-user-blk-pci' : 'virtio-blk-pci';
  return [device(driver, id, element, workshop, [['num-queues', queuesOf(element, workshop)]])];
};

/** libvirt's text about queues of other buses, from the version that says it so. */
const ONLY_VIRTIO = 'unsupported configuration: queues attribute in disk driver element is only supported';
const NAMES_BUS = 12_000;

/** Refuses queues on disks that have none. */
export function refuseDiskQueues(domain: XmlElement, look: Look, stack: Stack, notes: Notes): void {
  for (const element of childrenOf(child(domain, 'devices'), 'disk')) {
    const queues = look.attribute(child(element, 'driver'), 'queues');
    if (!queues || Number(queues.value) === 0 || busOf(element, look) === 'virtio') continue;
    const newer = versionOf(stack, 'libvirt').version >= NAMES_BUS;
    notes.fail(`${ONLY_VIRTIO} ${newer ? 'for virtio bus' : 'by virtio-blk'}`, queues.at, {
      cause: [`the disk is on the bus ${busOf(element, look)}`],
      fix: ["<target bus='virtio'/>", 'no queues attribute'],
    });
  }
}

/** "sda" → 0, "sdp" → 15, "sdaa" → 26; undefined for names that do not end so. */
function numberOfName(name: string): number | undefined {
  const letters = /^[a-z]{2}([a-z]{1,3})\d*$/.exec(name)?.[1];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0) - 1;
}

/** Disks of a SCSI controller: sixteen units, of which the controller itself is number 7. */
const UNITS = 15;

/** Controllers of a type that disks, channels and host devices need, by number, with what needs each first. */
export type Needed = ReadonlyMap<number, XmlElement>;

/** Highest number of a controller that is believed. */
const MAX_CONTROLLER = 255;

/** Notes that an element hangs on a controller. Disks need the controllers below, too. */
function hang(needed: Map<number, XmlElement>, number: number, element: XmlElement): void {
  for (let below = Math.min(number, MAX_CONTROLLER); below >= 0; below--) {
    if (!needed.has(below)) needed.set(below, element);
  }
}

/** The controller of `<address type= controller=>`, or undefined. */
export function addressedController(element: XmlElement, type: string, look: Look): number | undefined {
  const address = childrenOf(element, 'address').find((one) => look.attribute(one, 'type')?.value === type);
  const written: Fact<string> | undefined = look.attribute(address, 'controller');
  if (!address) return undefined;
  const number = Number(written?.value ?? '0');
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

/** SCSI controllers that disks and SCSI host devices hang on. */
export function scsiControllers(domain: XmlElement, look: Look): Needed {
  const needed = new Map<number, XmlElement>();
  const load = new Map<number, number>();
  const put = (number: number, element: XmlElement) => {
    hang(needed, number, element);
    load.set(number, (load.get(number) ?? 0) + 1);
  };
  const devices = child(domain, 'devices')?.children ?? [];
  for (const element of devices) {
    if (element.name !== 'disk' || busOf(element, look) !== 'scsi') continue;
    const name = look.attribute(child(element, 'target'), 'dev')?.value ?? '';
    const byName = Math.floor((numberOfName(name) ?? 0) / UNITS);
    put(addressedController(element, 'drive', look) ?? byName, element);
  }
  for (const element of devices) {
    if (element.name !== 'hostdev' || look.attribute(element, 'type')?.value !== 'scsi') continue;
    let free = 0;
    while ((load.get(free) ?? 0) >= UNITS) free++;
    put(addressedController(element, 'drive', look) ?? free, element);
  }
  return needed;
}

/** NVMe controllers that disks hang on. */
export function nvmeControllers(domain: XmlElement, look: Look): Needed {
  const needed = new Map<number, XmlElement>();
  for (const element of childrenOf(child(domain, 'devices'), 'disk')) {
    if (busOf(element, look) !== 'nvme') continue;
    hang(needed, addressedController(element, 'drive', look) ?? 0, element);
  }
  return needed;
}

/** virtio-serial controllers that channels and consoles hang on. */
export function serialControllers(domain: XmlElement, look: Look): Needed {
  const needed = new Map<number, XmlElement>();
  for (const element of child(domain, 'devices')?.children ?? []) {
    const target = look.attribute(child(element, 'target'), 'type')?.value;
    if (!/^(?:channel|console)$/.test(element.name) || target !== 'virtio') continue;
    const number = addressedController(element, 'virtio-serial', look) ?? 0;
    if (!needed.has(number)) needed.set(number, element);
  }
  return needed;
}
