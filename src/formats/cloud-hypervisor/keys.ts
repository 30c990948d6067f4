/**
 * The keys of a Cloud Hypervisor configuration (VmConfig of version 53, and the command line's), and what is wrapped around it.
 * What is not known is named.
 */
import { excerpt, type Path } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import { idleKeys, type KnownKeys, keysOf, nameUnknown } from '../known-keys.ts';
import type { Notes } from '../notes.ts';
import type { SourceValue } from '../text/source-value.ts';
import { isMapping } from '../text/values.ts';

/** Where a configuration lies in a document: `ch-remote info` prints it under "config", snapshots and tools under others. */
const WRAPPERS: readonly string[] = ['config', 'vm', 'vm_config'];

const DEVICES: readonly MayHold[] = ['devices'];
const device = (keys: string) => keysOf(`id iommu pci_segment pci_device_id ${keys}`, DEVICES);
const LIMITS = 'bw_size bw_one_time_burst bw_refill_time ops_size ops_one_time_burst ops_refill_time';

const CONFIG: KnownKeys = keysOf(
  `memory memory_zones kernel initramfs serial console debug_console sgx_epc watchdog pvpanic iommu pvmemcontrol gdb tpm preserved_fds
  landlock_enable landlock_rules pci_segments rate_limit_groups ivshmem state memory_actual_size device_tree`,
  ['CPUs', 'devices'],
  {
    cpus: keysOf('boot_vcpus max_vcpus kvm_hyperv max_phys_bits affinity nested core_scheduling', ['CPUs'], {
      topology: keysOf('threads_per_core cores_per_die dies_per_package packages', ['CPUs']),
      features: keysOf('amx', ['CPUs']),
    }),
    payload: keysOf('firmware kernel cmdline initramfs igvm host_data fw_cfg_config', ['the kernel']),
    cmdline: keysOf('args', ['the kernel']),
    numa: keysOf('guest_numa_id cpus distances memory_zones sgx_epc_sections device_id pci_segments', [
      'CPUs',
    ]),
    disks: device(
      `path readonly direct num_queues queue_size vhost_user vhost_socket socket rate_limit_group rate_limiter_config
      disable_io_uring disable_aio serial queue_affinity backing_files sparse image_type lock_granularity ${LIMITS}`,
    ),
    net: device(
      `tap ip mask mac host_mac mtu num_queues queue_size vhost_user vhost_socket socket vhost_mode fd fds rate_limiter_config
      offload_tso offload_ufo offload_csum ${LIMITS}`,
    ),
    fs: device('tag socket num_queues queue_size'),
    pmem: device('file size discard_writes'),
    vsock: device('cid socket'),
    balloon: device('size deflate_on_oom free_page_reporting free_page_hinting'),
    rng: device('src'),
    devices: device('path x_nv_gpudirect_clique'),
    user_devices: device('socket'),
    vdpa: device('path num_queues'),
    platform: keysOf(
      'num_pci_segments iommu_segments iommu_address_width serial_number uuid oem_strings vfio_p2p_dma iommufd',
      ['the irqchip'],
    ),
  },
);

/** What keys without bearing hold. */
const ZONE = `id size file shared hugepages hugepage_size host_numa_node hotplug_size hotplugged_size prefault reserve mergeable`;

const IDLE_KEYS = idleKeys({
  memory: `size mergeable hotplug_method hotplug_size hotplugged_size shared hugepages hugepage_size prefault reserve thp zones`,
  memory_zones: ZONE,
  zones: ZONE,
  kernel: 'path',
  initramfs: 'path',
  serial: 'file mode iommu socket url pci_segment',
  console: 'file mode iommu socket url pci_segment',
  debug_console: 'file mode iobase',
  sgx_epc: 'id size prefault',
  tpm: 'socket',
  landlock_rules: 'path access',
  pci_segments: 'pci_segment mmio32_aperture_weight mmio64_aperture_weight',
  rate_limit_groups: `id rate_limiter_config ${LIMITS}`,
  rate_limiter_config: 'bandwidth ops',
  bandwidth: 'size one_time_burst refill_time',
  ops: 'size one_time_burst refill_time',
  queue_affinity: 'queue_index host_cpus',
  affinity: 'vcpu host_cpus',
  distances: 'destination distance',
  fw_cfg_config: 'e820 kernel cmdline initramfs acpi_tables items',
  items: 'name file string',
  ivshmem: 'path size',
  device_tree: '*',
});

/** What `ch-remote info` prints beside "config" (VmInfo of the REST interface). */
const BESIDE = 'state memory_actual_size device_tree';

/** A configuration, and what it is wrapped in, from outside in. */
export interface Wrapped {
  readonly config: SourceValue;
  readonly wrappers: readonly { readonly document: SourceValue; readonly key: string }[];
}

/** The configuration in a document: the document itself, or what its wrapper holds. */
export function configIn(document: SourceValue): Wrapped {
  const bare = { config: document, wrappers: [] };
  if (!isMapping(document.value) || document.get('cpus')) return bare;
  const key = WRAPPERS.find((one) => isMapping(document.get(one)?.value));
  const inside = key === undefined ? undefined : document.get(key);
  if (key === undefined || !inside) return bare;
  const { config, wrappers } = configIn(inside);
  return { config, wrappers: [{ document, key }, ...wrappers] };
}

/** Names what stands beside a configuration and is not known: another machine, for all that is known. */
export function accountForWrappers({ wrappers }: Wrapped, notes: Pick<Notes, 'notUnderstood'>): void {
  for (const { document, key } of wrappers)
    nameUnknown(document, keysOf(`${key} ${BESIDE}`, ['CPUs', 'devices']), notes, { say });
}

const say = (path: Path): string => {
  const key = String(path.at(-1));
  return key.startsWith('--') ? key : `the key ${excerpt(key)}`;
};

/** Names the keys of a configuration that are not known. */
export function accountForKeys(config: SourceValue, notes: Pick<Notes, 'notUnderstood'>): void {
  nameUnknown(config, CONFIG, notes, { say, idle: IDLE_KEYS });
}
