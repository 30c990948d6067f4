/** Devices of an Incus machine as QEMU's options: those that each has, then its own, network adapters first. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import type { Location } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import type { SourceValue } from '../text/source-value.ts';
import { accountForDevice, type DeviceType } from './keys.ts';

/** Devices of every machine, in the order in which they are plugged. */
const FIXED: readonly (readonly [driver: string, id: string])[] = [
  ['virtio-balloon-pci', 'qemu_balloon'],
  ['virtio-rng-pci', 'qemu_rng'],
  ['virtio-keyboard-pci', 'qemu_keyboard'],
  ['virtio-tablet-pci', 'qemu_tablet'],
  ['vhost-vsock-pci', 'qemu_vsock'],
  ['virtio-serial-pci', 'dev-qemu_serial'],
  ['qemu-xhci', 'qemu_usb'],
  ['virtio-scsi-pci', 'qemu_scsi'],
  ['virtio-9p-pci', 'dev-qemu_config-drive-9p'],
  ['virtio-vga', 'qemu_gpu'],
];

export const hasRootDisk = (devices: readonly SourceValue[]): boolean =>
  devices.some((one) => typeOf(one) === 'disk' && one.get('path')?.value === '/');

export const hasNetwork = (devices: readonly SourceValue[]): boolean =>
  devices.some((one) => typeOf(one) === 'nic');

const typeOf = (one: SourceValue): string => one.get('type')?.text() ?? '';

interface NamedDevice {
  readonly name: string;
  readonly source: SourceValue;
  readonly at: Location;
}

type Make = (one: NamedDevice, cpus: Fact<number>, notes: Notes) => QemuOption[];

/** The options of all devices. `devices` is the mapping from names to devices. */
export function deviceOptions(
  devices: SourceValue | undefined,
  cpus: Fact<number>,
  notes: Notes,
): QemuOption[] {
  notes.assume(
    "besides its own devices every machine has Incus's balloon, rng, keyboard, tablet, vsock, serial, SCSI, 9p and GPU",
    ['devices'],
  );
  const fixed = FIXED.map(([driver, id]) => made(driver, id, undefined));
  const own = (devices?.keys() ?? []).flatMap((name): NamedDevice[] => {
    const source = devices?.get(name);
    return source ? [{ name, source, at: source.place }] : [];
  });
  return [...fixed, ...own.sort(inOrder).flatMap((one) => ownDevice(one, cpus, notes))];
}

function made(driver: string, id: string, at: Location | undefined, entries: readonly Entry[] = []) {
  return option('device', at, [['driver', given(driver)], ['id', given(id)], ...entries]);
}

/** Network adapters, so that the guest's names for them stay; then disks, the root first; then the others. */
function inOrder(one: NamedDevice, other: NamedDevice): number {
  const key = ({ name, source }: NamedDevice): readonly string[] => {
    const type = typeOf(source);
    const rank = ['nic', 'disk'].indexOf(type);
    const path = type === 'disk' ? (source.get('path')?.text() ?? '') : '';
    return [String(rank < 0 ? 2 : rank), path === '/' ? '' : `/${path}`, type, name];
  };
  const left = key(one);
  const right = key(other);
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at] < right[at] ? -1 : 1;
}

function ownDevice(one: NamedDevice, cpus: Fact<number>, notes: Notes): QemuOption[] {
  const type = typeOf(one.source);
  accountForDevice(one.name, type, one.source, notes);
  return isKeyOf(MAKERS, type) ? MAKERS[type](one, cpus, notes) : [];
}

const hostDevice: Make = ({ name, at }) => [made('vfio-pci', name, at)];

const none: Make = () => [];

const MAKERS: Readonly<Record<DeviceType, Make>> = {
  nic,
  disk,
  gpu: hostDevice,
  pci: hostDevice,
  infiniband: hostDevice,
  usb: none,
  tpm: none,
  proxy: none,
  none,
};

/** Types and accelerations of adapters that are a device of the host in the guest. */
const PASSED = /^(?:sriov|physical)$/;

/** As many queue pairs as CPUs, and two at least. */
function nic({ name, source, at }: NamedDevice, cpus: Fact<number>, notes: Notes): QemuOption[] {
  const kind = source.get('nictype')?.text();
  const acceleration = source.get('acceleration')?.text() ?? 'none';
  if (PASSED.test(kind ?? '') || acceleration === 'sriov') return [made('vfio-pci', name, at)];
  if (source.get('io.bus')?.text() === 'usb') return [];
  if (kind === undefined && source.get('network')) {
    notes.assume('a managed network is taken for one that needs no device of the host: a bridge or OVN');
  }
  const pairs = Math.max(cpus.value, 2);
  const queues = { value: String(pairs), at: cpus.at };
  return [
    option('netdev', at, [
      ['type', given('tap')],
      ['id', given(`host-${name}`)],
      ['queues', queues],
    ]),
    made('virtio-net-pci', name, at, [
      ['netdev', given(`host-${name}`)],
      ['mq', given('on')],
      ['vectors', { value: String(2 * pairs + 2), at: cpus.at }],
    ]),
  ];
}

/** Drivers of `io.bus`; none of its own where the controller or USB has it. */
const BUSES = {
  'virtio-scsi': [],
  usb: [],
  'virtio-blk': ['virtio-blk-pci'],
  nvme: ['nvme'],
  '9p': ['virtio-9p-pci'],
  virtiofs: ['vhost-user-fs-pci'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A folder is shared in both ways unless io.bus chooses one. */
const SHARED = ['vhost-user-fs-pci', 'virtio-9p-pci'];

function disk({ name, source, at }: NamedDevice, _: Fact<number>, notes: Notes): QemuOption[] {
  const path = source.get('path')?.text();
  const bus = source.get('io.bus') ?? source.get('bus');
  const isFolder = path !== undefined && path !== '/';
  const written = bus?.text() ?? 'auto';
  const drivers = written === 'auto' ? (isFolder ? SHARED : []) : lookup(BUSES, written);
  if (!drivers) notes.notUnderstood(`io.bus: ${written} of ${name}`, bus?.place, ['devices']);
  if (isFolder && written === 'auto')
    notes.assume('a disk with a path is a shared folder, by virtiofs and by 9p');
  return (drivers ?? []).map((driver, index) => made(driver, index === 0 ? name : `${name}-9p`, at));
}
