/** Kata with Cloud Hypervisor ([hypervisor.clh]): the configuration that the runtime makes of it (3.x). */
import { describeConfig } from '../cloud-hypervisor/config.ts';
import type { Notes } from '../notes.ts';
import type { Defines, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { locatedObject } from '../text/located.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { readVcpus } from './cpus.ts';

/** The sandbox before containers are in it. What `notes` holds goes into the result. Throws InputError. */
export function describeClh(clh: SourceValue, stack: Stack, notes: Notes, defines: Defines): ReadResult {
  const { vcpus, vcpusAt, max, maxAt } = readVcpus(clh, notes, defines);
  const config = locatedObject();
  config.set(['cpus', 'boot_vcpus'], vcpus, vcpusAt ?? clh.place);
  config.set(['cpus', 'max_vcpus'], max, maxAt ?? clh.place);
  const parameters = clh.get('kernel_params');
  if (parameters) config.set(['payload', 'cmdline'], parameters.text(), parameters.place);
  const shared = clh.get('shared_fs');
  const sharing = shared?.text() ?? 'virtio-fs';
  if (/^(?:virtio-fs|virtio-fs-nydus|inline-virtio-fs)$/.test(sharing))
    config.set(['fs', 0, 'tag'], 'kataShared', shared?.place ?? clh.place);
  else if (sharing !== 'none') notes.notUnderstood(`shared_fs = "${sharing}"`, shared?.place, ['devices']);
  const image = clh.get('image');
  const place = isOn(clh, 'disable_image_nvdimm') ? ['disks', 0, 'path'] : ['pmem', 0, 'file'];
  if (image) config.set(place, image.text(), image.place);
  if (isOn(clh, 'confidential_guest')) {
    const at = clh.get('confidential_guest')?.place;
    notes.notUnderstood('confidential_guest = true (the host decides which kind)', at, ['the irqchip']);
  }
  config.set(['vsock', 'cid'], 3, clh.place);
  config.set(['rng', 'src'], '/dev/urandom', clh.place);
  notes.assume('network adapters, disks and vCPUs of containers are plugged later, and are not shown');
  const whole = sourceValue(config.raw, clh.place.file);
  const result = describeConfig(whole, stack, (sheet) => {
    for (const { part, at, mayHold, remedy } of notes.unread) sheet.notUnderstood(part, at, mayHold, remedy);
  });
  return { ...result, assumptions: [...notes.assumptions, ...result.assumptions] };
}

const isOn = (table: SourceValue, key: string): boolean => table.get(key)?.isOn() ?? false;
