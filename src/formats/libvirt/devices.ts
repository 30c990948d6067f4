/** Devices of a libvirt domain → the `-device` and `-netdev` that libvirt would write. */
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { wholeNumber } from '../qemu/props.ts';
import { child, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

/** Numbers devices of a kind, as libvirt names them: net0, net1 … */
type Counter = (kind: string) => string;

type Make = (element: XmlElement, look: Look, next: Counter) => QemuOption[];

function device(
  driver: string,
  id: string,
  element: XmlElement,
  look: Look,
  entries: readonly Entry[] = [],
): QemuOption {
  return option('device', look.at(element), [['driver', given(driver)], ['id', given(id)], ...entries]);
}

/** The options of all devices, in the order written. */
export function domainDevices(domain: XmlElement, look: Look): QemuOption[] {
  const counts = new Map<string, number>();
  const next: Counter = (kind) => {
    const number = counts.get(kind) ?? 0;
    counts.set(kind, number + 1);
    return `${kind}${number}`;
  };
  return (child(domain, 'devices')?.children ?? []).flatMap((element) =>
    Object.hasOwn(MAKERS, element.name) ? MAKERS[element.name](element, look, next) : [],
  );
}

/** "virtio", "virtio-transitional", "virtio-non-transitional". */
const isVirtio = (model: string | undefined): boolean => model?.startsWith('virtio') === true;

const model = (element: XmlElement, look: Look): string | undefined =>
  look.attribute(element, 'model')?.value;

const MAKERS: Readonly<Record<string, Make>> = {
  disk(element, look, next) {
    const target = child(element, 'target');
    if (look.attribute(target, 'bus')?.value !== 'virtio') return [];
    const queues = look.attribute(child(element, 'driver'), 'queues');
    const id = look.attribute(target, 'dev')?.value ?? next('virtio-disk');
    return [device('virtio-blk-pci', id, element, look, [['num-queues', queues]])];
  },
  controller(element, look, next) {
    const type = look.attribute(element, 'type')?.value;
    const index = look.attribute(element, 'index')?.value;
    const name = (kind: string) => (index === undefined ? next(kind) : `${kind}${index}`);
    if (type === 'scsi' && isVirtio(model(element, look))) {
      const queues = look.attribute(child(element, 'driver'), 'queues');
      return [device('virtio-scsi-pci', name('scsi'), element, look, [['num_queues', queues]])];
    }
    if (type === 'virtio-serial') return [device('virtio-serial-pci', name('virtio-serial'), element, look)];
    return type === 'nvme' ? [device('nvme', name('nvme'), element, look)] : [];
  },
  interface: networkInterface,
  hostdev(element, look, next) {
    const isPci = look.attribute(element, 'type')?.value === 'pci';
    return isPci ? [device('vfio-pci', next('hostdev'), element, look)] : [];
  },
  filesystem(element, look, next) {
    const driver = look.attribute(child(element, 'driver'), 'type')?.value;
    return [device(driver === 'virtiofs' ? 'vhost-user-fs-pci' : 'virtio-9p-pci', next('fs'), element, look)];
  },
  rng: (element, look, next) =>
    isVirtio(model(element, look)) ? [device('virtio-rng-pci', next('rng'), element, look)] : [],
  memballoon: (element, look, next) =>
    isVirtio(model(element, look)) ? [device('virtio-balloon-pci', next('balloon'), element, look)] : [],
  crypto: (element, look, next) =>
    isVirtio(model(element, look)) ? [device('virtio-crypto-pci', next('crypto'), element, look)] : [],
  vsock: (element, look, next) => [device('vhost-vsock-pci', next('vsock'), element, look)],
  input(element, look, next) {
    if (look.attribute(element, 'bus')?.value !== 'virtio') return [];
    const type = look.attribute(element, 'type')?.value ?? '';
    const driver = type === 'passthrough' ? 'virtio-input-host-pci' : `virtio-${type}-pci`;
    return [device(driver, next('input'), element, look)];
  },
  iommu(element, look) {
    const kind = model(element, look);
    const driver = child(element, 'driver');
    const entries = (['intremap', 'eim', 'xtsup'] as const).map(
      (key) => [key, look.attribute(driver, key)] as const,
    );
    const name = kind === 'virtio' ? 'virtio-iommu-pci' : `${kind}-iommu`;
    return [device(name, 'iommu0', element, look, entries)];
  },
};

/** Network cards by `<model type>`, where the name differs from QEMU's. */
function networkInterface(element: XmlElement, look: Look, next: Counter): QemuOption[] {
  const id = next('net');
  const type = look.attribute(element, 'type')?.value;
  if (type === 'hostdev') return [device('vfio-pci', id.replace('net', 'hostnet'), element, look)];
  const card = look.attribute(child(element, 'model'), 'type')?.value;
  if (!isVirtio(card)) return card ? [device(card, id, element, look)] : [];
  const queues = look.attribute(child(element, 'driver'), 'queues');
  const pairs = queues ? wholeNumber(queues, 'queues') : 1;
  if (!queues || pairs <= 1) return [device('virtio-net-pci', id, element, look)];
  const host = `host${id}`;
  return [
    option('netdev', look.at(element), [
      ['type', given('tap')],
      ['id', given(host)],
      ['queues', queues],
    ]),
    device('virtio-net-pci', id, element, look, [
      ['netdev', given(host)],
      ['mq', given('on')],
      ['vectors', { value: String(2 * pairs + 2), at: queues.at }],
    ]),
  ];
}
