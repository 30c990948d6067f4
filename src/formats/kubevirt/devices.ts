/** The devices of a KubeVirt domain as QEMU devices: what its libvirt XML would make of them. */
import { isKeyOf } from '../../lib/lookup.ts';
import type { Location } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import type { Fact, Props, QemuDevice } from '../qemu/facts.ts';
import type { SourceValue } from '../text/source-value.ts';
import type { Guest } from './guest.ts';

export interface KubevirtDevices {
  readonly devices: readonly QemuDevice[];
  readonly netdevs: ReadonlyMap<string, Props>;
}

/** Most queue pairs that KubeVirt asks for. */
const MAX_PAIRS = 256;

/** QEMU models by the model of an interface; others have one queue, or no MSI-X that is known. */
const NICS = { virtio: 'virtio-net-pci', e1000e: 'e1000e', igb: 'igb' } as const;

/** Models without message interrupts. */
const PLAIN_NICS: readonly string[] = ['e1000', 'ne2k_pci', 'pcnet', 'rtl8139'];

/** Buses of disks that bring no device with message interrupts of their own. */
const PLAIN_BUSES: readonly string[] = ['sata', 'usb', 'ide', 'fdc'];

/** QEMU's devices, in the order of the libvirt XML; `vcpus` is the number of requested vCPUs. */
export function readDevices({ domain, preference }: Guest, vcpus: number, notes: Notes): KubevirtDevices {
  const devices = domain.get('devices');
  const netdevs = new Map<string, Props>();
  return {
    devices: [
      ...disks(domain, preference, vcpus, notes),
      ...interfaces(domain, preference, vcpus, netdevs, notes),
      ...listOf(devices?.get('filesystems')).map((one) =>
        device('vhost-user-fs-pci', nameOf(one), one.place),
      ),
      ...[...listOf(devices?.get('gpus')), ...listOf(devices?.get('hostDevices'))].map((one) =>
        device('vfio-pci', nameOf(one), one.place),
      ),
      ...listOf(devices?.get('inputs'))
        .filter((one) => one.get('bus')?.text() === 'virtio')
        .map((one) => device(`virtio-${one.get('type')?.text() ?? 'tablet'}-pci`, nameOf(one), one.place)),
      ...rng(devices?.get('rng') ?? preference?.get('spec', 'devices', 'preferredRng')),
      ...(devices?.get('video', 'type')?.value === 'virtio'
        ? [device('virtio-vga', 'video0', devices.get('video', 'type')?.place)]
        : []),
      ...(devices?.get('autoattachVSOCK')?.isOn()
        ? [device('vhost-vsock-pci', 'vsock0', devices.get('autoattachVSOCK')?.place)]
        : []),
      ...(devices?.get('sound', 'model')?.value === 'ich9' ||
      (devices?.get('sound') && !devices.get('sound', 'model'))
        ? [device('ich9-intel-hda', 'sound0', devices?.get('sound')?.place)]
        : []),
    ],
    netdevs,
  };
}

const rng = (written: SourceValue | undefined): QemuDevice[] =>
  written ? [device('virtio-rng-pci', 'rng0', written.place)] : [];

const listOf = (value: SourceValue | undefined): readonly SourceValue[] => value?.list() ?? [];

const nameOf = (value: SourceValue): string | undefined => value.get('name')?.text();

function device(
  driver: string,
  id: string | undefined,
  at: Location | undefined,
  props: Readonly<Record<string, Fact<string> | undefined>> = {},
): QemuDevice {
  const written = Object.entries(props).filter(
    (entry): entry is [string, Fact<string>] => entry[1] !== undefined,
  );
  return { driver, id, at, props: new Map(written), option: undefined };
}

/** A switch of the machine, or of its preference where the machine does not set it. */
function multiQueueOf(
  domain: SourceValue,
  preference: SourceValue | undefined,
  own: string,
  preferred: string,
): SourceValue | undefined {
  return domain.get('devices', own) ?? preference?.get('spec', 'devices', preferred);
}

/** virtio disks, and one controller for SCSI disks. */
function disks(
  domain: SourceValue,
  preference: SourceValue | undefined,
  vcpus: number,
  notes: Notes,
): QemuDevice[] {
  const multiQueue = multiQueueOf(domain, preference, 'blockMultiQueue', 'preferredBlockMultiQueue');
  const preferred = preference?.get('spec', 'devices', 'preferredDiskBus')?.text();
  const found: QemuDevice[] = [];
  let controller = false;
  for (const disk of listOf(domain.get('devices', 'disks'))) {
    const target = disk.get('disk') ?? disk.get('lun') ?? disk.get('cdrom');
    const bus = target?.get('bus')?.text() ?? (disk.get('disk') ? (preferred ?? 'sata') : 'sata');
    if (bus === 'virtio') {
      const queues = multiQueue?.isOn() ? { value: String(vcpus), at: multiQueue.place } : undefined;
      found.push(device('virtio-blk-pci', nameOf(disk), disk.place, { 'num-queues': queues }));
    }
    if (bus !== 'virtio' && bus !== 'scsi' && !PLAIN_BUSES.includes(bus)) {
      notes.notUnderstood(`the bus ${bus} of a disk`, disk.place, ['devices']);
    }
    if (bus !== 'scsi' || controller) continue;
    controller = true;
    const threads = domain.get('ioThreadsPolicy') ?? domain.get('ioThreads');
    const queues = threads ? { value: String(vcpus), at: threads.place } : undefined;
    found.push(device('virtio-scsi-pci', 'scsi0', disk.place, { num_queues: queues }));
  }
  if (multiQueue?.isOn())
    notes.assume(`blockMultiQueue gives each virtio disk one queue a requested vCPU: ${vcpus}`);
  return found;
}

/** Network devices; `netdevs` gets the host end of those with several queues. */
function interfaces(
  domain: SourceValue,
  preference: SourceValue | undefined,
  vcpus: number,
  netdevs: Map<string, Props>,
  notes: Notes,
): QemuDevice[] {
  const written = domain.get('devices', 'interfaces');
  const multiQueue = multiQueueOf(
    domain,
    preference,
    'networkInterfaceMultiqueue',
    'preferredNetworkInterfaceMultiQueue',
  );
  const preferred = preference?.get('spec', 'devices', 'preferredInterfaceModel')?.text();
  const pairs = Math.min(vcpus, MAX_PAIRS);
  const queues = multiQueue?.isOn() && pairs > 1 ? { value: String(pairs), at: multiQueue.place } : undefined;
  const nic = (model: string, name: string, at: Location | undefined): QemuDevice[] => {
    if (!isKeyOf(NICS, model)) {
      if (!PLAIN_NICS.includes(model)) notes.notUnderstood(`the model ${model} of ${name}`, at, ['devices']);
      return [];
    }
    if (model !== 'virtio' || !queues) return [device(NICS[model], name, at)];
    netdevs.set(`host-${name}`, new Map([['queues', queues]]));
    const on = { value: 'on', at: queues.at };
    const netdev = { value: `host-${name}`, at };
    const vectors = { value: String(2 * pairs + 2), at: queues.at };
    return [device(NICS[model], name, at, { netdev, mq: on, vectors })];
  };
  if (!written) {
    if (domain.get('devices', 'autoattachPodInterface')?.isOn() === false) return [];
    notes.assume('without interfaces the pod network is attached, as a virtio device');
    return nic(preferred ?? 'virtio', 'default', undefined);
  }
  return written.list().flatMap((one, index) => {
    const name = nameOf(one) ?? `net${index}`;
    if (one.get('sriov')) return [device('vfio-pci', name, one.place)];
    return nic(one.get('model')?.text() ?? preferred ?? 'virtio', name, one.place);
  });
}
