/**
 * Reads flavors and images of OpenStack Nova (libvirt driver, KVM): what their properties make of a guest
 * (docs/model/importing.md#openstack-nova).
 */

import { excerpt, inputError } from '../../machine/locate.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { describeLibvirtGuest } from '../libvirt/guest.ts';
import { type Notes, takeNotes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt } from '../qemu/props.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { headText } from '../text/head.ts';
import { cleanText } from '../text/text.ts';
import { numaOptions, readCpus } from './cpus.ts';
import { deviceOptions } from './devices.ts';
import { isOn, propertyName, type Settings, settingsOf } from './keys.ts';
import { type Part, readParts } from './text.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

/** Fields that only flavors have, or a property of the hardware. */
const TELLING =
  /\bOS-FLV-(?:DISABLED|EXT-DATA):|\bos-flavor-access:|\bopenstack (?:flavor|image) (?:create|set) |(?:^|[\s"'|,{=])hw[:_][a-z][\w.]*["']?\s*[=:]/m;

export const nova: Reader = {
  name: 'nova',
  comments: shellComments,
  recognises(bytes) {
    const head = headText(bytes, HEAD);
    return !/^\s*</.test(head) && TELLING.test(head);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const parts = await readParts(text, file);
    if (parts.length === 0) throw inputError(file, 'no flavor and no image of OpenStack is found');
    const isFlavor = (part: Part) => [...part.settings.keys()].some((key) => propertyName(key) === 'vcpus');
    const others = parts.filter((part) => !isFlavor(part));
    const flavors = parts.filter(isFlavor);
    if (flavors.length === 0) return [describe(others, stack)];
    return flavors.map((flavor) => describe([flavor, ...others], stack));
  },
};

function describe(parts: readonly Part[], stack: Stack): ReadResult {
  const notes = takeNotes('Nova');
  const settings = settingsOf(parts, notes);
  refuseOtherArchitectures(settings);
  for (const key of ['img_hv_type', 'hypervisor_type']) {
    const hypervisor = settings.get(key);
    if (hypervisor && !/^(?:kvm|qemu)$/i.test(hypervisor.value))
      notes.notUnderstood(`${key}=${excerpt(hypervisor.value)}`, hypervisor.at, ['the machine type', 'CPUs']);
  }
  const cmdline = settings.get('os_command_line');
  const cpus = readCpus(settings, notes);
  const options = [
    machineOption(settings, notes),
    ...cpuOption(settings),
    ...iommuOptions(settings, notes),
    ...nameOption(settings),
    ...(cmdline ? [{ ...option('append', cmdline.at, []), value: cmdline }] : []),
    ...numaOptions(settings, cpus.vcpus, notes),
    ...deviceOptions(settings, cpus.vcpus, notes),
  ];
  return describeLibvirtGuest({ options, vcpus: cpus.facts, notes, guestOs: guestOs(settings) }, stack);
}

function refuseOtherArchitectures(settings: Settings): void {
  const written = settings.get('hw_architecture') ?? settings.get('architecture');
  if (!written || /^(?:x86_64|i686)$/.test(written.value)) return;
  throw errorAt(written.at, `architecture: ${written.value}: only x86 machines are simulated`);
}

function machineOption(settings: Settings, notes: Notes): QemuOption {
  const type = settings.get('hw_machine_type');
  if (!type) notes.assume('without hw_machine_type the machine type is pc, unless nova.conf says otherwise');
  const hpet = settings.get('hw_time_hpet');
  if (!hpet) notes.assume('without hw_time_hpet there is no HPET', ['hpet']);
  const entries: Entry[] = [
    ['type', type ?? given('pc')],
    ['accel', given('kvm')],
    ['acpi', given('on')],
    ['hpet', { value: isOn(hpet) ? 'on' : 'off', at: hpet?.at }],
  ];
  const remaps = modelOf(settings) === 'intel';
  if (remaps) entries.push(['kernel-irqchip', { value: 'split', at: settings.get('hw_viommu_model')?.at }]);
  return option('machine', type?.at, entries);
}

/** A hidden hypervisor has no signature of KVM. */
function cpuOption(settings: Settings): QemuOption[] {
  const hidden = ['hw_hide_hypervisor_id', 'hide_hypervisor_id', 'img_hide_hypervisor_id']
    .map((key) => settings.get(key))
    .find(isOn);
  return hidden ? [option('cpu', hidden.at, [['kvm', { value: 'off', at: hidden.at }]])] : [];
}

const modelOf = (settings: Settings): string | undefined =>
  settings.get('hw_viommu_model')?.value.toLowerCase();

/** `auto` is virtio with every libvirt since 8.3. */
function iommuOptions(settings: Settings, notes: Notes): QemuOption[] {
  const written = settings.get('hw_viommu_model');
  const model = modelOf(settings);
  if (!written || model === undefined) return [];
  const on = { value: 'on', at: written.at };
  if (model === 'intel') {
    return [
      option('device', written.at, [
        ['driver', { value: 'intel-iommu', at: written.at }],
        ['intremap', on],
        ['caching-mode', on],
      ]),
    ];
  }
  if (model === 'auto') notes.assume('hw:viommu_model=auto is virtio, as with every libvirt since 8.3');
  else if (model !== 'virtio')
    notes.notUnderstood(`hw:viommu_model=${model}`, written.at, ['devices', 'the irqchip']);
  return model === 'auto' || model === 'virtio'
    ? [option('device', written.at, [['driver', { value: 'virtio-iommu-pci', at: written.at }]])]
    : [];
}

function nameOption(settings: Settings): QemuOption[] {
  const name = settings.get('name');
  return name ? [option('name', name.at, [['guest', name]])] : [];
}

/** The system that the image names; undefined: Linux, or nothing is said. */
function guestOs(settings: Settings): Fact<string> | undefined {
  const named = [settings.get('os_type'), settings.get('os_distro')].find((fact) =>
    /^win/i.test(fact?.value ?? ''),
  );
  return named && { value: 'Windows', at: named.at };
}
