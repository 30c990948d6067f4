/** Propolis (Oxide, bhyve on illumos): the TOML of propolis-standalone. */

import { lookup } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';
import { lineComments } from '../comments/line-comments.ts';
import { type DescribedDevice, describedBy } from '../description-builder.ts';
import { keysOf, nameUnknown } from '../known-keys.ts';
import type { Reader, ReadResult } from '../reader.ts';
import { headText } from '../text/head.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { readAssignments } from './assignments.ts';

/** Devices without message interrupts that drivers spread. */
const NO_BEARING: ReadonlySet<string> = new Set([
  'pci-pci-bridge',
  'pci-bridge',
  'softnpu-pci-port',
  'boot-private',
]);

const MAX_VCPUS = 254;

/** Keys of the file. */
const CONFIG = keysOf('block_dev cloudinit dev', ['CPUs', 'devices'], {
  main: keysOf(
    'name cpus memory bootrom bootrom_version exit_on_halt exit_on_reboot use_reservoir boot_order cpuid_profile',
    ['CPUs'],
  ),
});
const DEVICE = keysOf('driver block_dev pci-path vnic upstream downstream-bus tx_moderation serial_number', [
  'devices',
]);

/** Devices by the driver that Propolis names. */
const DEVICES = {
  'pci-virtio-block': { driver: 'virtio-blk', queues: 1, vectors: 2 },
  'pci-virtio-viona': { driver: 'virtio-net', queues: 1, vectors: 4 },
  'pci-nvme': { driver: 'nvme', queues: 15, vectors: 1024 },
} as const satisfies Readonly<Record<string, Omit<DescribedDevice, 'name'>>>;

function describe(config: SourceValue): ReadResult {
  const sheet = describedBy('Propolis');
  const name = config.get('main', 'name');
  if (name) sheet.set(['name'], name.text(), name.place);
  const main = config.get('main');
  const cpus = config.get('main', 'cpus');
  if (!cpus) throw (main ?? config).fail('main.cpus is missing');
  const count = cpus.whole(1, LIMITS.cpus);
  if (count > MAX_VCPUS) sheet.fail(`${count} vCPUs; the limit is ${MAX_VCPUS}`, cpus.place);
  sheet.set(['platform'], 'bhyve');
  sheet.set(['topology', 'cores'], count, cpus.place);
  sheet.assume('the APIC ID is the CPU index', ['topology']);
  sheet.set(['extDestId'], false);
  sheet.assume('the extended destination ID is not offered yet', ['extDestId']);
  sheet.set(['hpet'], true);
  sheet.assume('there is an HPET', ['hpet']);
  const devices = config.get('dev');
  nameUnknown(config, CONFIG, sheet);
  for (const key of devices?.keys() ?? []) {
    nameUnknown(devices?.get(key), DEVICE, sheet, { path: ['dev', key] });
    const driver = devices?.get(key, 'driver');
    const known = lookup(DEVICES, driver?.text());
    if (!driver || !known) {
      if (driver && !NO_BEARING.has(driver.text()))
        sheet.notUnderstood(`the device ${driver.text()}`, driver.place, ['devices']);
      continue;
    }
    const path = sheet.device({ name: key, ...known }, driver.place);
    sheet.assume(`${driver.text()} has ${known.queues} ${known.queues === 1 ? 'queue' : 'queues'}`, [
      ...path,
      'queues',
    ]);
  }
  return sheet.result();
}

export const propolis: Reader = {
  name: 'propolis',
  comments: lineComments,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    return /^\s*\[main\]\s*$/m.test(head) && /^\s*(cpus|bootrom)\s*=/m.test(head);
  },
  async read({ bytes, file }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const raw = await parsed(text, file, () => readAssignments(text, textPositions(text, file), 'refused'));
    return [describe(sourceValue(raw, file))];
  },
};
