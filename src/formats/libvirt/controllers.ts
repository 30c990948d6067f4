/** Controllers of a domain: those that are written, and those that libvirt adds because something hangs on them. */
import { isKeyOf } from '../../lib/lookup.ts';
import type { Entry, QemuOption } from '../qemu/option.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import { type Needed, nvmeControllers, scsiControllers, serialControllers } from './disks.ts';
import { device, isVirtio, type Make, modelOf, queuesOf, unknownModel, type Workshop } from './made.ts';

/** QEMU's names of SCSI controllers, by libvirt's model; null: no message interrupts. */
const SCSI = {
  auto: null,
  lsilogic: null,
  buslogic: null,
  am53c974: null,
  dc390: null,
  ncr53c90: null,
  lsisas1068: 'mptsas1068',
  lsisas1078: 'megasas',
  vmpvscsi: 'pvscsi',
} as const satisfies Readonly<Record<string, string | null>>;

/** QEMU's names of USB controllers; null: no message interrupts. */
const USB = {
  'qemu-xhci': 'qemu-xhci',
  'nec-xhci': 'nec-usb-xhci',
  'piix3-uhci': null,
  'piix4-uhci': null,
  ehci: null,
  'ich9-ehci1': null,
  'ich9-uhci1': null,
  'ich9-uhci2': null,
  'ich9-uhci3': null,
  'vt82c686b-uhci': null,
  'pci-ohci': null,
  qusb1: null,
  qusb2: null,
  none: null,
  default: null,
} as const satisfies Readonly<Record<string, string | null>>;

/** QEMU's names of PCI bridges; null: no message interrupts. */
const PCI = {
  'pcie-root-port': 'pcie-root-port',
  'pcie-switch-upstream-port': 'x3130-upstream',
  'pcie-switch-downstream-port': 'xio3130-downstream',
  'pcie-to-pci-bridge': 'pcie-pci-bridge',
  'pcie-expander-bus': 'pxb-pcie',
  'pci-expander-bus': 'pxb',
  'pci-root': null,
  'pcie-root': null,
  'pci-bridge': 'pci-bridge',
  'dmi-to-pci-bridge': 'i82801b11-bridge',
} as const satisfies Readonly<Record<string, string | null>>;

/** Types of controllers without message interrupts. */
const WITHOUT: readonly string[] = ['ide', 'fdc', 'sata', 'ccid', 'isa', 'xenbus'];

export const controller: Make = (element, workshop) => {
  const { look } = workshop;
  const type = look.attribute(element, 'type')?.value ?? '';
  const index = look.attribute(element, 'index')?.value;
  const name = (kind: string) => (index === undefined ? workshop.next(kind) : `${kind}${index}`);
  const model = modelOf(element, workshop);
  const fromTable = (
    table: Readonly<Record<string, string | null>>,
    id: string,
    entries: readonly Entry[] = [],
  ) => {
    if (model === undefined) return [];
    if (!isKeyOf(table, model)) return unknownModel(element, model, workshop);
    const driver = table[model];
    return driver === null ? [] : [device(driver, id, element, workshop, entries)];
  };
  switch (type) {
    case 'scsi':
      return scsi(element, name('scsi'), model, workshop);
    case 'virtio-serial':
      return [
        device('virtio-serial-pci', name('virtio-serial'), element, workshop, [
          ['max_ports', look.attribute(element, 'ports')],
          ['vectors', look.attribute(element, 'vectors')],
        ]),
      ];
    case 'nvme':
      return [device('nvme', name('nvme'), element, workshop)];
    case 'usb':
      return fromTable(USB, name('usb'));
    case 'pci':
      return fromTable(PCI, name('pci.'), [
        ['numa_node', look.text(child(child(element, 'target') ?? element, 'node'))],
      ]);
    default:
      return WITHOUT.includes(type) ? [] : unknownModel(element, type || undefined, workshop);
  }
};

function scsi(
  element: XmlElement,
  name: string,
  model: string | undefined,
  workshop: Workshop,
): QemuOption[] {
  if (isVirtio(model)) {
    return [
      device('virtio-scsi-pci', name, element, workshop, [['num_queues', queuesOf(element, workshop)]]),
    ];
  }
  if (model === undefined) {
    workshop.notes.assume('SCSI controllers without a model are lsilogic, which has no message interrupts');
    return [];
  }
  if (!isKeyOf(SCSI, model)) return unknownModel(element, model, workshop);
  const driver = SCSI[model];
  return driver === null ? [] : [device(driver, name, element, workshop)];
}

/** Controllers that libvirt adds, because something hangs on a number that is not written. */
export function addedControllers(domain: XmlElement, workshop: Workshop): QemuOption[] {
  const { look, notes } = workshop;
  const written = childrenOf(child(domain, 'devices'), 'controller');
  const added = (type: string, needed: Needed, make: (number: number, by: XmlElement) => QemuOption[]) => {
    const there = numbersOf(written, type, workshop);
    return [...needed]
      .filter(([number]) => !there.includes(number))
      .sort(([a], [b]) => a - b)
      .flatMap(([number, by]) => {
        const options = make(number, by);
        if (options.length > 0) notes.assume(`a ${type} controller ${number} is added for <${by.name}>`);
        return options;
      });
  };
  const scsiModel = written
    .filter((one) => look.attribute(one, 'type')?.value === 'scsi')
    .map((one) => modelOf(one, workshop))[0];
  return [
    ...added('scsi', scsiControllers(domain, look), (number, by) =>
      scsi({ ...by, children: [] }, `scsi${number}`, scsiModel, workshop),
    ),
    ...added('virtio-serial', serialControllers(domain, look), (number, by) => [
      device('virtio-serial-pci', `virtio-serial${number}`, by, workshop),
    ]),
    ...added('nvme', nvmeControllers(domain, look), (number, by) => [
      device('nvme', `nvme${number}`, by, workshop),
    ]),
  ];
}

/** Indexes of the written controllers of a type; one without an index takes the next. */
function numbersOf(written: readonly XmlElement[], type: string, { look }: Workshop): number[] {
  const numbers: number[] = [];
  for (const one of written) {
    if (look.attribute(one, 'type')?.value !== type) continue;
    const index = look.attribute(one, 'index')?.value;
    let next = 0;
    while (numbers.includes(next)) next++;
    numbers.push(index === undefined ? next : Number(index));
  }
  return numbers;
}
