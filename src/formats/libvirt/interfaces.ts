/** Network interfaces of a domain → `-netdev` and `-device`. */
import { given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { wholeNumber } from '../qemu/props.ts';
import { child } from '../text/xml.ts';
import { device, isVirtio, type Make, queuesOf, unknownModel } from './made.ts';

/** Types of interfaces that are virtio where no model is written; others are rtl8139. */
const VIRTIO_TYPES: readonly string[] = ['vdpa', 'vhostuser'];
const STANDARD = 'rtl8139';

/** Models with message interrupts, by libvirt's and QEMU's name. */
const WITH_VECTORS: readonly string[] = ['e1000e', 'igb', 'vmxnet3'];

/** Models without. */
const WITHOUT =
  /^(?:rtl8139|e1000(?:-.*)?|ne2k_(?:pci|isa)|pcnet|i825\w+|usb-net|tulip|netfront|sungem|lan9118|smc91c111|spapr-vlan)$/;

export const networkInterface: Make = (element, workshop) => {
  const { look } = workshop;
  const id = workshop.next('net');
  const type = look.attribute(element, 'type')?.value ?? '';
  if (type === 'hostdev') return [device('vfio-pci', id.replace('net', 'hostnet'), element, workshop)];
  const standard = VIRTIO_TYPES.includes(type) ? 'virtio' : STANDARD;
  const card = look.attribute(child(element, 'model'), 'type')?.value.toLowerCase() ?? standard;
  if (WITH_VECTORS.includes(card)) return [device(card, id, element, workshop)];
  if (!isVirtio(card)) return WITHOUT.test(card) ? [] : unknownModel(element, card, workshop);
  const queues = queuesOf(element, workshop);
  const pairs = queues ? wholeNumber(queues, 'queues') : 1;
  if (!queues || pairs <= 1) return [device('virtio-net-pci', id, element, workshop)];
  const host = `host${id}`;
  const netdev: QemuOption = option('netdev', look.at(element), [
    ['type', given('tap')],
    ['id', given(host)],
    ['queues', queues],
  ]);
  return [
    netdev,
    device('virtio-net-pci', id, element, workshop, [
      ['netdev', given(host)],
      ['mq', given('on')],
      ['vectors', { value: String(2 * pairs + 2), at: queues.at }],
    ]),
  ];
};
