/** The keys of a Kata configuration (runtime 3.x): read, without bearing on CPUs and interrupts, or named. */
import type { MayHold } from '../../machine/not-understood.ts';
import type { Notes } from '../notes.ts';
import { ANYTHING } from '../qemu/account.ts';
import type { SourceValue } from '../text/source-value.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Keys of [hypervisor.qemu] that machine.ts reads. */
const READ = words(`
  machine_type machine_accelerators cpu_features default_vcpus default_maxvcpus kernel_params enable_iommu image
  disable_image_nvdimm block_device_driver shared_fs enable_virtio_mem reclaim_guest_freed_memory pcie_root_port
  network_queues confidential_guest sev_snp_guest default_bridges`);

const WITHOUT_BEARING = words(`
  path jailer_path kernel initrd rootfs_type firmware firmware_volume seccompsandbox enable_annotations
  valid_hypervisor_paths valid_jailer_paths default_memory memory_slots default_maxmemory memory_offset
  disable_block_device_use block_device_aio block_device_cache_set block_device_cache_direct block_device_cache_noflush
  block_device_logical_sector_size block_device_physical_sector_size
  enable_iothreads indep_iothreads enable_mem_prealloc enable_hugepages enable_swap enable_vhost_user_store
  vhost_user_store_path valid_vhost_user_store_paths vhost_user_reconnect_timeout_sec enable_iommu_platform
  valid_file_mem_backends file_mem_backend pflashes enable_debug hypervisor_loglevel disable_nesting_checks msize_9p
  virtio_fs_daemon valid_virtio_fs_daemon_paths virtio_fs_cache_size virtio_fs_queue_size virtio_fs_extra_args virtio_fs_cache
  hotplug_vfio_on_root_bus disable_vhost_net entropy_source valid_entropy_sources guest_hook_path
  rx_rate_limiter_max_rate tx_rate_limiter_max_rate disk_rate_limiter_bw_max_rate disk_rate_limiter_ops_max_rate
  net_rate_limiter_bw_max_rate net_rate_limiter_ops_max_rate enable_guest_swap guest_swap_path guest_swap_size_percent
  guest_swap_create_threshold_secs use_legacy_serial disable_selinux disable_guest_selinux rootless guest_memory_dump_path
  guest_memory_dump_paging extra_monitor_socket enable_template template_path vm_rootfs_driver snp_id_block snp_id_auth
  snp_guest_policy snp_certs_path tdx_quote_generation_service_socket_port qgs_port initdata kernel_verity_params
  vcpus_pinning sandbox_cgroup_only`);

/** Keys of [runtime] that reader.ts reads. */
const READ_RUNTIME = words('internetworking_model disable_new_netns static_sandbox_resource_mgmt');

const RUNTIME_WITHOUT_BEARING = words(`
  name hypervisor_name agent_name enable_debug log_level disable_guest_seccomp enable_tracing jaeger_endpoint jaeger_user
  jaeger_password sandbox_cgroup_only sandbox_bind_mounts vfio_mode disable_guest_empty_dir experimental enable_pprof
  enable_vcpus_pinning guest_selinux_label create_container_timeout dan_conf keep_abnormal pod_resource_api_sock
  emptydir_mode use_passfd_io passfd_listener_port shared_mounts kubelet_root_dir shim_path forced_sandbox_cgroup`);

/** Tables that decide nothing of the guest's hardware. */
const IDLE_TABLES = words('agent factory image netmon proxy shim');

const ABOUT_QEMU: readonly MayHold[] = ['CPUs', 'devices', 'the machine type', 'the irqchip'];

/** What a whole configuration says of its hypervisor, and a file of config.d leaves out. */
const OF_WHOLE = ['path', 'kernel', 'machine_type'];

/** Names a file that is only laid over another. */
export function nameDropIn(table: SourceValue, notes: Notes): void {
  if (OF_WHOLE.some((key) => table.get(key))) return;
  const part = 'the configuration.toml that this file of config.d is laid over';
  notes.notUnderstood(
    part,
    table.place,
    ABOUT_QEMU,
    'give both in one: cat configuration.toml config.d/*.toml',
  );
}

/** Names the keys and tables that are not known; `hypervisor` is the one that is read. */
export function accountForKeys(config: SourceValue, hypervisor: string, notes: Notes): void {
  for (const table of config.keys()) {
    const value = config.get(table);
    if (!value || table === 'hypervisor' || IDLE_TABLES.has(table)) continue;
    if (table !== 'runtime') notes.notUnderstood(`[${table}]`, value.place, ANYTHING);
    else nameUnknown(value, [READ_RUNTIME, RUNTIME_WITHOUT_BEARING], ['CPUs', 'devices'], notes);
  }
  for (const name of config.get('hypervisor')?.keys() ?? []) {
    const value = config.get('hypervisor', name);
    if (!value) continue;
    if (name === hypervisor) nameUnknown(value, [READ, WITHOUT_BEARING], ABOUT_QEMU, notes);
    else notes.notUnderstood(`[hypervisor.${name}]`, value.place, ANYTHING);
  }
}

function nameUnknown(
  table: SourceValue,
  known: readonly ReadonlySet<string>[],
  mayHold: readonly MayHold[],
  notes: Notes,
): void {
  for (const key of table.keys()) {
    if (known.some((keys) => keys.has(key))) continue;
    notes.notUnderstood(`${key} =`, table.get(key)?.place, mayHold);
  }
}
