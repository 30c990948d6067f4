/** Devices of a guest of Nova: its own, and a root disk and a network adapter, which no flavor names. */
import { lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import { virtioNetOptions } from '../libvirt/guest.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { isOn, type Settings } from './keys.ts';

/** Most queue pairs that a tap device of Linux has. */
const MAX_PAIRS = 256;

/** Drivers of `hw_scsi_model`. */
const CONTROLLERS = {
  'virtio-scsi': 'virtio-scsi-pci',
  lsilogic: 'lsi53c895a',
  lsisas1068: 'mptsas1068',
  vmpvscsi: 'pvscsi',
} as const satisfies Readonly<Record<string, string>>;

/** Buses of disks that have no device with message interrupts of their own. */
const PLAIN_BUSES = /^(?:ide|sata|usb|fdc)$/;

function device(driver: string, id: string, fact: Fact<string> | undefined): QemuOption {
  return option('device', fact?.at, [
    ['driver', { value: driver, at: fact?.at }],
    ['id', given(id)],
  ]);
}

export function deviceOptions(settings: Settings, vcpus: Fact<string>, notes: Notes): QemuOption[] {
  const rng = settings.get('hw_rng_model');
  if (rng && rng.value !== 'virtio')
    notes.notUnderstood(`hw_rng_model=${excerpt(rng.value)}`, rng.at, ['devices']);
  return [
    ...diskOptions(settings, notes),
    ...networkOptions(settings, vcpus, notes),
    ...inputOptions(settings, notes),
    ...videoOptions(settings, notes),
    ...(settings.get('hw_rng_model')?.value === 'virtio' &&
    !/^(?:false|no)$/i.test(settings.get('hw_rng:allowed')?.value ?? '')
      ? [device('virtio-rng-pci', 'rng0', settings.get('hw_rng_model'))]
      : []),
    ...(isOn(settings.get('hw_qemu_guest_agent'))
      ? [device('virtio-serial-pci', 'virtio-serial0', settings.get('hw_qemu_guest_agent'))]
      : []),
  ];
}

/** The root disk, and those that the flavor adds. */
function diskOptions(settings: Settings, notes: Notes): QemuOption[] {
  const bus = settings.get('hw_disk_bus');
  const name = bus?.value.toLowerCase() ?? 'virtio';
  notes.assume(`the machine has one root disk, on the bus ${name}`);
  if (name === 'scsi') return scsiController(settings, bus, notes);
  if (name !== 'virtio') {
    if (!PLAIN_BUSES.test(name)) notes.notUnderstood(`hw_disk_bus=${name}`, bus?.at, ['devices']);
    return [];
  }
  const ephemeral = [...settings.keys()].filter((key) => /(?:^|[:_])ephemeral$/.test(key));
  const more = [...ephemeral, 'swap'].filter((key) => Number(settings.get(key)?.value ?? 0) > 0);
  const ids = ['root', ...new Set(more.map((key) => (key === 'swap' ? 'swap' : 'ephemeral')))];
  return ids.map((id) => device('virtio-blk-pci', id, bus));
}

function scsiController(settings: Settings, bus: Fact<string> | undefined, notes: Notes): QemuOption[] {
  const model = settings.get('hw_scsi_model');
  if (!model) {
    notes.assume('without hw_scsi_model the controller is lsilogic, without message interrupts');
    return [];
  }
  const name = model.value.toLowerCase();
  const driver = lookup(CONTROLLERS, name);
  if (driver) return [device(driver, 'scsi0', model)];
  notes.notUnderstood(`hw_scsi_model=${name}`, model.at ?? bus?.at, ['devices']);
  return [];
}

function networkOptions(settings: Settings, vcpus: Fact<string>, notes: Notes): QemuOption[] {
  const model = settings.get('hw_vif_model');
  const name = model?.value.toLowerCase() ?? 'virtio';
  notes.assume(`the machine has one network adapter, of the model ${name}`);
  if (name !== 'virtio') return [device(name, 'net0', model)];
  const multiqueue = settings.get('hw_vif_multiqueue_enabled');
  if (!isOn(multiqueue)) return virtioNetOptions('net0', undefined, model?.at);
  const pairs = Math.min(Number(vcpus.value), MAX_PAIRS);
  notes.assume(`multi-queue gives a network adapter one queue pair a vCPU: ${pairs}`);
  return virtioNetOptions('net0', { value: String(pairs), at: multiqueue?.at }, multiqueue?.at);
}

function inputOptions(settings: Settings, notes: Notes): QemuOption[] {
  const bus = settings.get('hw_input_bus');
  if (bus && !/^(?:usb|ps2|virtio)$/.test(bus.value))
    notes.notUnderstood(`hw_input_bus=${excerpt(bus.value)}`, bus.at, ['devices']);
  if (bus?.value !== 'virtio') return [];
  return [device('virtio-tablet-pci', 'input0', bus), device('virtio-keyboard-pci', 'input1', bus)];
}

/** Graphics adapters that Nova has; only virtio interrupts by message. */
const DISPLAYS = /^(?:vga|cirrus|vmvga|xen|qxl|virtio|gop|none|bochs|ramfb)$/;

function videoOptions(settings: Settings, notes: Notes): QemuOption[] {
  const model = settings.get('hw_video_model');
  if (!model) notes.assume('without hw_video_model the graphics adapter is virtio');
  if (model && !DISPLAYS.test(model.value))
    notes.notUnderstood(`hw_video_model=${excerpt(model.value)}`, model.at, ['devices']);
  return (model?.value ?? 'virtio') === 'virtio' ? [device('virtio-vga', 'video0', model)] : [];
}
