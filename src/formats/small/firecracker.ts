/** Firecracker: its JSON configuration. At most 32 vCPUs, none plugged later; devices without MSI. */

import { describedBy } from '../description-builder.ts';
import { keysOf, nameUnknown } from '../known-keys.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import { headText } from '../text/head.ts';
import { readJson } from '../text/json.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, rawInput } from '../text/text.ts';

const MAX_VCPUS = 32;

const MACHINE = keysOf('vcpu_count mem_size_mib smt ht_enabled cpu_template track_dirty_pages huge_pages', [
  'CPUs',
]);

/** Its keys (1.16); a custom CPU template changes what CPUs say of themselves. */
const CONFIG = keysOf(
  'vsock balloon logger metrics mmds-config entropy pmem memory-hotplug serial',
  ['CPUs', 'devices'],
  {
    'machine-config': MACHINE,
    'boot-source': keysOf('kernel_image_path boot_args initrd_path', ['the kernel']),
    drives: keysOf(
      'drive_id path_on_host is_root_device is_read_only partuuid cache_type io_engine rate_limiter socket',
      ['devices'],
    ),
    'network-interfaces': keysOf('iface_id guest_mac host_dev_name rx_rate_limiter tx_rate_limiter', [
      'devices',
    ]),
  },
);

function describe(config: SourceValue, stack: Stack): ReadResult {
  const sheet = describedBy(`Firecracker ${versionOf(stack, 'firecracker').text}`);
  const machine = config.get('machine-config') ?? config;
  const count = machine.get('vcpu_count');
  if (!count) throw machine.fail('machine-config: vcpu_count is missing');
  const vcpus = count.whole(1, 255);
  nameUnknown(config, machine === config ? MACHINE : CONFIG, sheet);
  const smt = machine.get('smt') ?? machine.get('ht_enabled');
  const threads = smt?.isOn() && vcpus % 2 === 0 ? 2 : 1;
  if (vcpus > MAX_VCPUS) sheet.fail(`vcpu_count is ${vcpus}, the limit is ${MAX_VCPUS}`, count.place);
  if (smt?.isOn() && vcpus > 1 && threads === 1) {
    sheet.fail(`vcpu_count is ${vcpus}; with smt it must be 1 or even`, count.place);
  }
  sheet.set(['platform'], 'kvm');
  const args = config.get('boot-source', 'boot_args');
  if (args) sheet.set(['cmdline'], args.text(), args.place);
  sheet.set(['topology', 'cores'], vcpus / threads, count.place);
  if (threads > 1) sheet.set(['topology', 'threads'], threads, smt?.place);
  sheet.assume('the APIC ID is the CPU index, and no CPU is plugged later', ['topology']);
  sheet.set(['extDestId'], false);
  sheet.set(['hpet'], false);
  sheet.assume('there is no HPET, no IOMMU and no extended destination ID', ['hpet']);
  const devices =
    (config.get('drives')?.list().length ?? 0) + (config.get('network-interfaces')?.list().length ?? 0);
  if (devices > 0) sheet.assume('without --enable-pci devices are virtio-mmio: no MSI, so they are left out');
  return sheet.result();
}

export const firecracker: Reader = {
  name: 'firecracker',
  recognises(bytes) {
    const head = headText(bytes, 256 * 1024);
    return /^\ufeff?\s*\{/.test(head) && /"(machine-config|boot-source)"\s*:/.test(head);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const raw = await parsed(text, file, () => rawInput(readJson(text), text, file));
    return [describe(sourceValue(raw, file), stack)];
  },
};
