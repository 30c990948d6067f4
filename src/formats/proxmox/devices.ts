/** Disks, network cards and passed-through devices of a Proxmox VE configuration → QEMU options. */

import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { wholeNumber } from '../qemu/props.ts';
import { type Config, numbered, properties, type Setting } from './config.ts';

function device(driver: string, id: string, setting: Setting, entries: readonly Entry[] = []): QemuOption {
  return option('device', setting.at, [['driver', given(driver)], ['id', given(id)], ...entries]);
}

/** The devices, in qemu-server's order. */
export function configDevices(config: Config, notes: Notes): QemuOption[] {
  const passed = numbered(config, 'hostpci').map(({ number, setting }) =>
    device('vfio-pci', `hostpci${number}`, setting),
  );
  const blocks = numbered(config, 'virtio').map(({ number, setting }) =>
    device('virtio-blk-pci', `virtio${number}`, setting),
  );
  return [
    ...passed,
    ...small(config),
    ...scsiControllers(config, notes),
    ...blocks,
    ...numbered(config, 'net').flatMap(({ number, setting }) => network(number, setting)),
  ];
}

/** Balloon, random numbers, guest agent. */
function small(config: Config): QemuOption[] {
  const agent = config.get('agent');
  const hasAgent = agent && /^(?:enabled=)?1(?:,|$)/.test(agent.value) && !agent.value.includes('type=isa');
  const rng = config.get('rng0');
  return [
    ...(hasAgent ? [device('virtio-serial-pci', 'qga0', agent)] : []),
    ...(config.get('balloon')?.value === '0' ? [] : [option('device', config.get('balloon')?.at, balloon)]),
    ...(rng ? [device('virtio-rng-pci', 'rng0', rng)] : []),
  ];
}

const balloon: readonly Entry[] = [
  ['driver', given('virtio-balloon-pci')],
  ['id', given('balloon0')],
];

/** Disks of one virtio-scsi controller that is not "single". */
const DISKS_EACH = 256;

function scsiControllers(config: Config, notes: Notes): QemuOption[] {
  const disks = numbered(config, 'scsi');
  const hardware = config.get('scsihw')?.value;
  if (disks.length > 0 && hardware === undefined)
    notes.assume('without scsihw: SCSI disks hang on an lsi adapter');
  if (hardware === 'virtio-scsi-single') {
    return disks.map(({ number, setting }) =>
      device('virtio-scsi-pci', `virtioscsi${number}`, setting, [
        ['num_queues', properties(setting, 'file').get('queues')],
      ]),
    );
  }
  if (hardware !== 'virtio-scsi-pci') return [];
  const first = new Map<number, Setting>();
  for (const { number, setting } of disks) {
    const controller = Math.floor(number / DISKS_EACH);
    if (!first.has(controller)) first.set(controller, setting);
  }
  return [...first].map(([controller, setting]) => device('virtio-scsi-pci', `scsihw${controller}`, setting));
}

/** QEMU's names of the models with MSI-X. */
const CARDS: Readonly<Record<string, string>> = {
  virtio: 'virtio-net-pci',
  e1000e: 'e1000e',
  vmxnet3: 'vmxnet3',
};

function network(number: number, setting: Setting): QemuOption[] {
  const props = properties(setting, 'model');
  // "virtio=MAC" or "model=virtio".
  const model = [...Object.keys(CARDS)].find((name) => props.has(name) || props.get('model')?.value === name);
  if (!model) return [];
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
