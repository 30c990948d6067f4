/** Xen: xl.cfg of an HVM or PVH guest. APIC IDs are twice the vCPU number, so they end at 254. */

import { parseCpuList } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import { lineComments } from '../comments/line-comments.ts';
import { cpuEntries } from '../cpu-entries.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import { keysOf, nameUnknown } from '../known-keys.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import { headText } from '../text/head.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { readAssignments } from './assignments.ts';

const MAX_HVM_VCPUS = 128;

/** Settings of xl.cfg(5) that are read, or say nothing of CPUs and interrupts. */
const CONFIG = keysOf(
  `type builder name vcpus maxvcpus cmdline extra hpet disk vif pci vnuma viridian acpi apic parallel
  memory maxmem uuid kernel ramdisk bootloader bootloader_args root on_poweroff on_reboot on_watchdog on_crash on_soft_reset
  cpus cpus_soft cpu_weight cap pool sched scheduler seclabel init_seclabel boot bios bios_path_override firmware
  firmware_override ovmf_override_path nvram pae apic_assist nestedhvm altp2m nomigrate tsc_mode localtime rtc_timeoffset
  timer_mode vpt_align timeoffset usb usbctrl usbdev usbdevice usbversion vga videoram stdvga vnc vnclisten vncdisplay vncunused vncpasswd
  keymap sdl opengl nographic spice spicehost spiceport spicetls_port spicedisable_ticketing spicepasswd spiceagent_mouse spicevdagent
  spice_clipboard_sharing spiceusbredirection serial soundhw vkb_device vfb vtpm channel p9 pvcalls vdispl vsnd vkb vusb
  xen_platform_pci platform_pci shadow_memory hap oos driver_domain device_model device_model_version device_model_override
  device_model_stubdomain_override device_model_stubdomain_seclabel device_model_user stubdomain_memory stubdomain_kernel
  stubdomain_ramdisk max_grant_frames max_maptrack_frames max_grant_version max_event_channels claim_mode gfx_passthru
  rdm rdm_mem_boundary passthrough pci_msitranslate pci_power_mgmt pci_permissive pci_seize ioports irqs iomem acpi_s3 acpi_s4
  acpi_laptop_slate acpi_table smbios_firmware acpi_firmware ms_vm_genid mmio_hole mca_caps vmport dm_restrict vuart
  e820_host exec cpu_affinity vif_other_config autostart xend_config_format nestedhvm grant_usage vpmu msr_relaxed tee
  shared_info_ssidref`,
  ['CPUs', 'devices', 'the irqchip'],
);

/** "hvm", "pvh" or "pv", which is the default. */
function guestType(config: SourceValue): string {
  const type = config.get('type') ?? config.get('builder');
  const name = type?.text().toLowerCase() ?? 'pv';
  if (name === 'hvm' || name === 'pvh') return name;
  throw (type ?? config).fail(
    `a ${name} guest has no APIC: its interrupts are event channels, which irqsim does not model`,
  );
}

function describe(config: SourceValue, stack: Stack): ReadResult {
  const sheet = describedBy(`Xen ${versionOf(stack, 'xen').text}`);
  nameUnknown(config, CONFIG, sheet);
  const type = guestType(config);
  const name = config.get('name');
  if (name) sheet.set(['name'], name.text(), name.place);
  sheet.set(['platform'], `xen-${type}`, (config.get('type') ?? config.get('builder'))?.place);
  describeCpus(config, sheet);
  const cmdline = config.get('cmdline') ?? config.get('extra');
  if (cmdline) sheet.set(['cmdline'], cmdline.text(), cmdline.place);
  sheet.set(['extDestId'], false);
  sheet.assume('no Xen sets the CPUID bit of the extended destination ID', ['extDestId']);
  const viridian = config.get('viridian');
  if (viridian && !/^(?:0|false|no)$/i.test(String(viridian.value))) {
    sheet.set(['guestOs'], 'Windows', viridian.place);
    sheet.assume('viridian is switched on for Windows guests');
  }
  for (const key of ['acpi', 'apic']) {
    const value = config.get(key);
    if (value?.isOn() === false) sheet.notUnderstood(`${key} = 0 (guests without it)`, value.place, ['CPUs']);
  }
  const hpet = config.get('hpet');
  sheet.set(['hpet'], type === 'hvm' && (hpet?.isOn() ?? true), hpet?.place);
  if (type === 'pvh') {
    sheet.set(['legacyIrqs'], false);
    sheet.assume('a PVH guest has no HPET, no PIC and no IO-APIC', ['legacyIrqs']);
  } else if (!hpet) sheet.assume('hpet=1 is the default', ['hpet']);
  if (config.get('disk') ?? config.get('vif')) {
    sheet.assume('disks and network devices are left out: Linux drives them over event channels');
  }
  for (const device of listOf(config.get('pci'))) {
    sheet.assume(`pci ${device.text()} is left out: the host device decides how many queues it has`);
  }
  return sheet.result();
}

function describeCpus(config: SourceValue, sheet: DescriptionBuilder): void {
  const vcpus = config.get('vcpus');
  const maxvcpus = config.get('maxvcpus');
  const present = vcpus?.whole(1, LIMITS.cpus) ?? 1;
  const max = Math.max(present, maxvcpus?.whole(1, LIMITS.cpus) ?? present);
  if (!vcpus) sheet.assume('vcpus=1 is the default', ['cpus']);
  if (maxvcpus && maxvcpus.whole(1, LIMITS.cpus) < present)
    sheet.fail(`maxvcpus is ${maxvcpus.text()}, less than vcpus, ${present}`, maxvcpus.place);
  if (max > MAX_HVM_VCPUS) {
    sheet.fail(
      `${max} vCPUs; the limit of HVM and PVH guests is ${MAX_HVM_VCPUS}`,
      (maxvcpus ?? vcpus)?.place,
    );
  }
  const nodes = nodesOf(config.get('vnuma'), max);
  const cpus = nodes.map((node, index) => ({ apicId: 2 * index, node, present: index < present }));
  const place = (maxvcpus ?? vcpus ?? config).place;
  for (const [index, entry] of cpuEntries(cpus).entries()) sheet.set(['cpus', index], entry, place);
  sheet.assume('the APIC ID is twice the vCPU number', ['cpus']);
}

/** vnuma = [ [ "pnode=0", "size=2048", "vcpus=0-1" ], … ] → the node of each vCPU. */
function nodesOf(vnuma: SourceValue | undefined, max: number): number[] {
  const nodes = new Array<number>(max).fill(0);
  for (const [node, settings] of listOf(vnuma).entries()) {
    for (const setting of settings.list()) {
      const [, list] = /^\s*vcpus\s*=\s*(.*)$/.exec(setting.text()) ?? [];
      if (list !== undefined) fillNode(nodes, node, list, setting);
    }
  }
  return nodes;
}

function fillNode(nodes: number[], node: number, list: string, setting: SourceValue): void {
  try {
    for (const [first, last] of parseCpuList(list.trim())) nodes.fill(node, first, last + 1);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw setting.fail(`vnuma vcpus: ${error.message}`);
  }
}

const listOf = (value: SourceValue | undefined): readonly SourceValue[] => value?.list() ?? [];

export const xen: Reader = {
  name: 'xen',
  comments: lineComments,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    return (
      /^\s*(vcpus|maxvcpus|memory|maxmem)\s*=\s*["']?\d/m.test(head) &&
      /^\s*(type|builder|vif|disk|kernel|bootloader)\s*=\s*["'[]/m.test(head) &&
      !/^\s*\[[\w."' -]+\]\s*$/m.test(head)
    );
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const raw = await parsed(text, file, () => readAssignments(text, textPositions(text, file)));
    return [describe(sourceValue(raw, file), stack)];
  },
};
