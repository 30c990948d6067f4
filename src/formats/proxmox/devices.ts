/** Disks, network cards and passed-through devices of a Proxmox VE configuration → QEMU options. */

import { lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import { inPciOrder, type PciDevice, type PciPlace } from '../pci-order.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { wholeNumber } from '../qemu/props.ts';
import type { Version } from '../version.ts';
import { type Config, numbered, properties, type Setting } from './config.ts';

/** PCI buses behind bridges of bus 0, by the bridge's slot (qemu-server's PCI map). */
const BRIDGES: readonly Placed[] = [
  [5, 3],
  [30, 1],
  [31, 2],
].map(([slot, opens]) => ({ options: [], place: { bus: 0, slot, function: 0 }, opens }));

/** Where qemu-server puts devices: up to a number of a kind they begin at a slot of a bus, the others elsewhere. */
const SLOTS = {
  vga: [[0, 0, 2]],
  audio: [[0, 0, 12]],
  ahci: [[0, 0, 7]],
  balloon: [[0, 0, 3]],
  scsihw: [
    [1, 0, 5],
    [4, 2, 24],
  ],
  qga: [[0, 0, 8]],
  spice: [[0, 0, 9]],
  virtio: [
    [5, 0, 10],
    [15, 2, 1],
  ],
  hostpci: [
    [1, 0, 16],
    [3, 0, 27],
    [15, 2, 13],
  ],
  net: [
    [5, 0, 18],
    [31, 1, 1],
  ],
  xhci: [[0, 1, 27]],
  rng: [[0, 1, 29]],
  virtioscsi: [[30, 3, 1]],
} as const satisfies Readonly<
  Record<string, readonly (readonly [upTo: number, bus: number, slot: number])[]>
>;

function slotOf(kind: string, number: number): PciPlace | undefined {
  const rows = lookup(SLOTS, kind) ?? [];
  const index = rows.findIndex(([upTo]) => number <= upTo);
  if (index < 0) return undefined;
  const first = index === 0 ? 0 : rows[index - 1][0] + 1;
  const [, bus, slot] = rows[index];
  return { bus, slot: slot + number - first, function: 0 };
}

function device(driver: string, id: string, setting: Setting, entries: readonly Entry[] = []): QemuOption {
  return option('device', setting.at, [['driver', given(driver)], ['id', given(id)], ...entries]);
}

/** A device with the place on the PCI bus that qemu-server gives it. */
interface Placed extends PciDevice {
  readonly options: readonly QemuOption[];
}

/** The devices, in the order in which Linux finds them. */
export function configDevices(config: Config, context: DeviceContext): QemuOption[] {
  const { notes } = context;
  const each = (kind: string, make: (number: number, setting: Setting) => QemuOption[]): Placed[] =>
    numbered(config, kind).map(({ number, setting }) => ({
      options: make(number, setting),
      place: slotOf(kind, number),
    }));
  const devices: Placed[] = [
    ...each('hostpci', (number, setting) => [device('vfio-pci', `hostpci${number}`, setting)]),
    ...small(config, context),
    ...scsiControllers(config, notes),
    ...each('virtio', (number, setting) => [device('virtio-blk-pci', `virtio${number}`, setting)]),
    ...each('net', (number, setting) => network(number, setting, notes)),
    ...each('virtiofs', (number, setting) => [device('vhost-user-fs-pci', `virtiofs${number}`, setting)]),
  ];
  return inPciOrder([...BRIDGES, ...devices]).flatMap(({ options }) => options);
}

/** Machine version, and what the guest is, as far as devices depend on them. */
export interface DeviceContext {
  readonly version: Version;
  readonly hasXhci: boolean;
  readonly notes: Notes;
}

/** QEMU's devices by the type of vga: those with message interrupts. */
const DISPLAYS = { virtio: 'virtio-vga', 'virtio-gl': 'virtio-vga-gl' } as const;

/** Display, sound, balloon, random numbers, guest agent, SPICE, USB. */
function small(config: Config, { hasXhci }: DeviceContext): Placed[] {
  const agent = config.get('agent');
  const hasAgent = agent && /^(?:enabled=)?1(?:,|$)/.test(agent.value) && !agent.value.includes('type=isa');
  const vga = config.get('vga');
  const display = lookup(DISPLAYS, properties(vga, 'type').get('type')?.value);
  const audio = config.get('audio0');
  const sound = properties(audio, 'device').get('device')?.value ?? '';
  const [sata] = numbered(config, 'sata');
  const isQxl = vga && /^(?:type=)?qxl\d?(?:,|$)/.test(vga.value);
  const rng = config.get('rng0');
  const usb = numbered(config, 'usb').find(
    ({ setting }) => setting.value !== 'spice' && (hasXhci || /(?:^|,)usb3=1/.test(setting.value)),
  );
  const one = (option: QemuOption, kind: string): Placed => ({ options: [option], place: slotOf(kind, 0) });
  return [
    ...(vga && display ? [one(device(display, 'vga', vga), 'vga')] : []),
    ...(audio && /hda/.test(sound) ? [one(device(sound, 'audio0', audio), 'audio')] : []),
    ...(sata ? [one(device('ahci', 'ahci0', sata.setting), 'ahci')] : []),
    ...(hasAgent ? [one(device('virtio-serial-pci', 'qga0', agent), 'qga')] : []),
    ...(isQxl ? [one(device('virtio-serial-pci', 'spice', vga), 'spice')] : []),
    ...(config.get('balloon')?.value === '0'
      ? []
      : [one(option('device', config.get('balloon')?.at, balloon), 'balloon')]),
    ...(rng ? [one(device('virtio-rng-pci', 'rng0', rng), 'rng')] : []),
    ...(usb ? [one(device('qemu-xhci', 'xhci', usb.setting), 'xhci')] : []),
  ];
}

const balloon: readonly Entry[] = [
  ['driver', given('virtio-balloon-pci')],
  ['id', given('balloon0')],
];

/** Disks of one virtio-scsi controller that is not "single". */
const DISKS_EACH = 256;

/** Controllers with one disk each have a bus of their own. */
function scsiControllers(config: Config, notes: Notes): Placed[] {
  const disks = numbered(config, 'scsi');
  const hardware = config.get('scsihw');
  if (disks.length > 0 && hardware === undefined)
    notes.assume('without scsihw: SCSI disks hang on an lsi adapter');
  if (hardware?.value === 'virtio-scsi-single') {
    return disks.map(({ number, setting }) => ({
      place: slotOf('virtioscsi', number),
      options: [
        device('virtio-scsi-pci', `virtioscsi${number}`, setting, [
          ['num_queues', properties(setting, 'file').get('queues')],
        ]),
      ],
    }));
  }
  const driver = lookup(ADAPTERS, hardware?.value);
  if (hardware && driver === undefined) {
    notes.notUnderstood(`scsihw: ${hardware.value}`, hardware.at, ['devices']);
  }
  if (!driver) return [];
  const first = new Map<number, Setting>();
  for (const { number, setting } of disks) {
    const controller = Math.floor(number / DISKS_EACH);
    if (!first.has(controller)) first.set(controller, setting);
  }
  return [...first].map(([controller, setting]) => ({
    place: slotOf('scsihw', controller),
    options: [device(driver, `scsihw${controller}`, setting)],
  }));
}

/** QEMU's names of SCSI adapters; null: no message interrupts. */
const ADAPTERS = {
  'virtio-scsi-pci': 'virtio-scsi-pci',
  lsi: null,
  lsi53c810: null,
  megasas: 'megasas',
  pvscsi: 'pvscsi',
} as const satisfies Readonly<Record<string, string | null>>;

/** QEMU's names of the models with MSI-X. */
const CARDS = {
  virtio: 'virtio-net-pci',
  e1000e: 'e1000e',
  vmxnet3: 'vmxnet3',
} as const;

const CARD_NAMES = Object.keys(CARDS) as readonly (keyof typeof CARDS)[];

/** Models without message interrupts, as Proxmox names them. */
const PLAIN_CARDS = /^(?:e1000(?:-.*)?|i8\w+|ne2k_(?:isa|pci)|pcnet|rtl8139)$/;

function network(number: number, setting: Setting, notes: Notes): QemuOption[] {
  const props = properties(setting, 'model');
  // "virtio=MAC" or "model=virtio".
  const model = CARD_NAMES.find((name) => props.has(name) || props.get('model')?.value === name);
  if (!model) {
    const known = [...props].some(([key, { value }]) => PLAIN_CARDS.test(key === 'model' ? value : key));
    const [[key, { value }] = ['', { value: '' }]] = props;
    const written = excerpt(key === 'model' ? value : key);
    if (!known) notes.notUnderstood(`the model ${written} of net${number}`, setting.at, ['devices']);
    return [];
  }
  const id = `net${number}`;
  const queues = model === 'virtio' ? moreThanOne(props.get('queues')) : undefined;
  if (!queues) return [device(CARDS[model], id, setting)];
  return [
    option('netdev', setting.at, [
      ['type', given('tap')],
      ['id', given(id)],
      ['queues', queues],
    ]),
    device(CARDS[model], id, setting, [
      ['netdev', given(id)],
      ['mq', given('on')],
      ['vectors', { value: String(2 * wholeNumber(queues, 'queues') + 2), at: queues.at }],
    ]),
  ];
}

function moreThanOne(queues: Fact<string> | undefined): Fact<string> | undefined {
  return queues && wholeNumber(queues, 'queues') > 1 ? queues : undefined;
}
