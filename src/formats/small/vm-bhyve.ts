/** Managers of bhyve: the configuration of a guest of vm-bhyve, and that of cbsd. Both become bhyve's own settings. */

import type { MayHold } from '../../machine/not-understood.ts';
import { lineComments } from '../comments/line-comments.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { Reader } from '../reader.ts';
import { headText } from '../text/head.ts';
import { locatedObject } from '../text/located.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { readAssignments } from './assignments.ts';
import { describeBhyve } from './bhyve.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** bhyve's settings of CPUs by those of vm-bhyve and cbsd. */
const CPU_KEYS = {
  cpu: 'cpus',
  cpu_sockets: 'sockets',
  cpu_cores: 'cores',
  cpu_threads: 'threads',
  vm_cpus: 'cpus',
} as const;

/** Settings without bearing on CPUs and interrupts. */
const WITHOUT_BEARING = words(`
  loader memory wired_memory hostbridge comports uuid graphics graphics_port graphics_listen graphics_res graphics_vga
  graphics_wait vnc_password xhci_mouse virt_random utctime debug uefi_vars bootrom_with_vars bhyveload_loader
  bhyveload_args grub_install0 grub_run0 grub_run_partition grub_run_dir grub_run_file priority prestart prestop
  poststop ahci_device_limit sound sound_play sound_rec guest start_slot install_slot zfs_dataset_opts zfs_zvol_opts
  limit_pcpu limit_rbps limit_wbps limit_riops limit_wiops
  jname vm_ram vm_efi vm_hostbridge vm_iso_path imgsize imgtype astart host_hostname ip4_addr gw4 path data
  rcconf fstab vm_boot vm_vnc_port vnc_password vm_rd_port bhyve_vnc_tcp_bind bhyve_vnc_resolution
  bhyve_generate_acpi bhyve_wire_memory bhyve_rts_keeps_utc bhyve_vnc_vgaconf on_poweroff on_reboot on_crash emulator ver
  register_iso_as register_iso_name iso_extract interface ci_template ci_user_pubkey ci_user_name nodnum`);

/** vm-bhyve: `disk0_type`, and what goes with it; `bhyve_options` is named, for it may hold any option. */
const NUMBERED =
  /^(?:(?:disk|network)\d+_(?:name|dev|opts|size|switch|device|mac|span)|virt_console\d+|grub_\w+\d+)$/;
const DEVICE = /^((?:disk|network)\d+)_type$/;
const PASSTHROUGH = /^passthru\d+$/;

const ABOUT: readonly MayHold[] = ['CPUs', 'devices'];

/** Accounts for a setting that makes no entry of bhyve's. */
function nameUnread(key: string, value: SourceValue, sheet: DescriptionBuilder): void {
  if (Object.hasOwn(CPU_KEYS, key) || WITHOUT_BEARING.has(key) || NUMBERED.test(key) || USED.has(key)) return;
  if (DEVICE.test(key) || PASSTHROUGH.test(key)) return;
  sheet.notUnderstood(`${key}=`, value.place, ABOUT);
}

/** Read by {@link settingsOf} and {@link tellMore}. */
const USED = words('virtio_type bhyve_x2apic_mode vm_os_type name');

/** The settings as bhyve_config(5) has them. */
function settingsOf(config: SourceValue, isCbsd: boolean): SourceValue {
  const settings = locatedObject();
  const put = (path: readonly string[], value: SourceValue | undefined, text = value?.text()) => {
    if (value) settings.set(path, text, value.place);
  };
  for (const [from, to] of Object.entries(CPU_KEYS)) put([to], config.get(from));
  if (!config.get('cpu') && !config.get('vm_cpus')) settings.set(['cpus'], '1');
  put(['name'], config.get('jname'));
  put(['x86', 'x2apic'], config.get('bhyve_x2apic_mode'));
  for (const key of config.keys()) {
    const device = DEVICE.exec(key)?.[1];
    if (device !== undefined) put(['pci', device, 'device'], config.get(key));
    if (PASSTHROUGH.test(key)) put(['pci', key, 'device'], config.get(key), 'passthru');
  }
  if (isCbsd) {
    put(['pci', 'disk0', 'device'], config.get('virtio_type'));
    if (!config.get('virtio_type')) settings.set(['pci', 'disk0', 'device'], 'virtio-blk');
    settings.set(['pci', 'nic0', 'device'], 'virtio-net');
  }
  return sourceValue(settings.raw, config.place.file);
}

function tellMore(config: SourceValue, isCbsd: boolean, sheet: DescriptionBuilder): void {
  for (const key of config.keys()) {
    const value = config.get(key);
    if (value) nameUnread(key, value, sheet);
  }
  if (!config.get('cpu') && !config.get('vm_cpus'))
    sheet.assume('a guest has one vCPU where nothing is written');
  if (isCbsd)
    sheet.assume('cbsd gives a guest one disk and one virtio-net adapter; further ones are not in this file');
  const os = config.get('vm_os_type');
  if (os && os.text() !== 'linux') sheet.set(['guestOs'], os.text(), os.place);
}

const isCbsdText = (text: string): boolean =>
  /^vm_cpus=/m.test(text) && /^(?:vm_ram|vm_os_type|jname)=/m.test(text);

export const vmBhyve: Reader = {
  name: 'vm-bhyve',
  comments: lineComments,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    return (
      isCbsdText(head) || (/^(?:cpu|memory|loader)=/m.test(head) && /^(?:network|disk)\d+_type=/m.test(head))
    );
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const raw = await parsed(text, file, () => readAssignments(text, textPositions(text, file)));
    const config = sourceValue(raw, file);
    const isCbsd = isCbsdText(text);
    return [describeBhyve(settingsOf(config, isCbsd), stack, (sheet) => tellMore(config, isCbsd, sheet))];
  },
};
