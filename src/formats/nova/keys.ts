/** Settings of a flavor and an image: read, without bearing on CPUs and interrupts, or named. */
import { excerpt, type Location } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import { ANYTHING } from '../qemu/account.ts';
import type { Fact } from '../qemu/facts.ts';
import type { Part } from './text.ts';

type Setting = Fact<string> & { readonly at: Location };

/** Properties by the name that flavors and images share: `hw:cpu_sockets` and `hw_cpu_sockets` are one. */
export type Settings = ReadonlyMap<string, Setting>;

export const propertyName = (key: string): string => key.toLowerCase().replace(/^hw:/, 'hw_');

/** Fields of flavors and images, in all the ways in which they are printed. */
const FIELD =
  /^(?:os[-_]flv[-_](?:disabled|ext[-_]data)[:_](?:disabled|ephemeral)|os[-_]flavor[-_]access[:_]is_public|access_project_ids|description|disk|id|name|display_name|is[_ ]public|is_disabled|ram|rxtx[_ ]factor|swap|ephemeral|vcpus|links|location|checksum|container_format|created_at|disk_format|file|min_(?:disk|ram)|owner|owner_id|protected|is_protected|schema|size|status|tags|updated_at|virtual_size|visibility|hash_(?:algo|value)|os_hash_(?:algo|value)|os_hidden|is_hidden|direct_url|stores|locations|url|original_name)$/;

/** Properties that are read. */
const READ =
  /^(?:hw_cpu_(?:max_)?(?:sockets|cores|threads)|hw_cpu_(?:policy|thread_policy)|hw_numa_nodes|hw_numa_cpus\.\d+|hw_(?:vif_multiqueue_enabled|vif_model|disk_bus|scsi_model|machine_type|viommu_model|rng_model|qemu_guest_agent|time_hpet|video_model|input_bus|architecture|hide_hypervisor_id)|hw_rng:allowed|img_hide_hypervisor_id|hide_hypervisor_id|architecture|os_type|os_distro)$/;

/** Properties without bearing. */
const IDLE =
  /^(?:hw_(?:cpu_(?:realtime|realtime_mask|dedicated_mask|shares.*)|emulator_threads_policy|mem_page_size|mem_encryption|mem_encryption_model|mem_encryption_context|numa_mem\.\d+|numa_mempolicy|pci_numa_affinity_policy|maxphysaddr_(?:mode|bits)|firmware_type|firmware_stateless|boot_menu|cdrom_bus|pointer_model|pmu|serial_port_count|watchdog_action|tpm_(?:model|version)|video_ram|vif_poll.*|virtio_packed_ring|live_migration.*|locked_memory|rescue_(?:bus|device)|ephemeral_encryption.*|secure_boot|time_.*|vtpm.*|video:.*)|hw_rng:.*|hw_video:.*|os_(?:secure_boot|version|admin_user|require_quiesce|command_line|shutdown_timeout|skip_agent_.*|hash.*)|os:secure_boot|quota:.*|trait:.*|trait\d+:.*|resources\d*:(?:VCPU|PCPU|MEMORY_MB|DISK_GB|MEM_ENCRYPTION_CONTEXT|NET_BW_.*)|aggregate_instance_extra_specs:.*|capabilities:.*|group_policy|sw_.*|cinder_.*|image_.*|img_(?:hv_type|hv_requested_version|block_device_mapping|bdm_v2|config_drive|mappings|version|signature.*|owner_id|use_agent|root_device_name|cache_in_nova)|base_image_ref|bdm_v2|block_device_mapping|instance_(?:uuid|type.*)|user_id|owner_.*|ramdisk_id|kernel_id|hypervisor_type|vm_mode|root_device_name|min_.*|stores|traits.*|signature_verified|upstream_.*|os_glance_.*|powervm:.*|vmware:.*|hw_power.*)$/i;

/** Properties that give the guest devices of the host. */
const PASSES = /^(?:pci_passthrough:alias|resources\d*:(?:VGPU|PGPU|CUSTOM_.*|FPGA.*|SRIOV_.*)|accel:.*)$/i;

/** One set of settings of several parts; those of a flavor, which come first, count before an image's. */
export function settingsOf(parts: readonly Part[], notes: Notes): Settings {
  const settings = new Map<string, Setting>();
  for (const { settings: own, leftovers } of parts) {
    for (const [key, setting] of own) {
      const name = propertyName(key);
      account(key, name, setting, notes);
      if (isStronger(name, setting, settings.get(name))) settings.set(name, setting);
    }
    for (const { value, at } of leftovers) notes.notUnderstood(excerpt(value), at, ANYTHING);
  }
  return settings;
}

/** The first counts; of limits the lowest, for an image may not raise what its flavor allows. */
function isStronger(name: string, { value }: Setting, before: Setting | undefined): boolean {
  return !before || (name.startsWith('hw_cpu_max_') && Number(value) < Number(before.value));
}

function account(key: string, name: string, { value, at }: Setting, notes: Notes): void {
  if (FIELD.test(name) || READ.test(name) || IDLE.test(name)) return;
  if (PASSES.test(name)) {
    const part = `${key}=${excerpt(value)} (a host device, which decides how many queues it has)`;
    notes.notUnderstood(part, at, ['devices']);
  } else notes.notUnderstood(excerpt(key), at, /^(?:hw|pci|cpu|numa)[_:]/.test(name) ? ANYTHING : []);
}

/** What OpenStack takes for yes. */
export const isOn = (fact: Fact<string> | undefined): boolean =>
  /^(?:true|yes|on|1)$/i.test(fact?.value ?? '');
