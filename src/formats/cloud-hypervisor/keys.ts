/**
 * The keys of a Cloud Hypervisor configuration (VmConfig of version 53), and what is wrapped around it. What is not
 * known is named.
 */
import type { MayHold } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import type { SourceValue } from '../text/source-value.ts';
import { isMapping } from '../text/values.ts';

const words = (text: string): readonly string[] => text.split(/\s+/);

/** Where a configuration lies in a document: `ch-remote info` prints it under "config", snapshots and tools under others. */
const WRAPPERS: readonly string[] = ['config', 'vm', 'vm_config'];

/** What the wrapping documents hold beside it. */
const BESIDE = words('state memory_actual_size device_tree');

/** Keys that are read. */
const USED = words('cpus payload cmdline numa disks net fs pmem vsock balloon rng devices user_devices vdpa');

/** Keys that say nothing of CPUs and interrupts. */
const WITHOUT_BEARING = words(
  `memory kernel initramfs serial console debug_console sgx_epc watchdog pvpanic iommu pvmemcontrol gdb platform tpm
  preserved_fds landlock_enable landlock_rules pci_segments rate_limit_groups ivshmem pvpanic`,
);

const CPU_KEYS = words(
  'boot_vcpus max_vcpus topology kvm_hyperv max_phys_bits affinity features nested core_scheduling',
);

/** The configuration in a document: the document itself, or what its wrapper holds. */
export function configIn(document: SourceValue): SourceValue {
  if (!isMapping(document.value) || document.get('cpus')) return document;
  const wrapper = WRAPPERS.find((key) => isMapping(document.get(key)?.value));
  const inside = wrapper === undefined ? undefined : document.get(wrapper);
  return inside ? configIn(inside) : document;
}

/** Names the keys of a configuration that are not known. */
export function accountForKeys(config: SourceValue, notes: Pick<Notes, 'notUnderstood'>): void {
  if (!isMapping(config.value)) return;
  nameOthers(config, [...USED, ...WITHOUT_BEARING, ...BESIDE], ['CPUs', 'devices'], notes);
  const cpus = config.get('cpus');
  if (cpus && isMapping(cpus.value)) nameOthers(cpus, CPU_KEYS, ['CPUs'], notes);
}

function nameOthers(
  mapping: SourceValue,
  known: readonly string[],
  mayHold: readonly MayHold[],
  notes: Pick<Notes, 'notUnderstood'>,
): void {
  for (const key of mapping.keys()) {
    const value = mapping.get(key);
    if (known.includes(key) || !value) continue;
    notes.notUnderstood(key.startsWith('--') ? key : `the key "${key}"`, value.place, mayHold);
  }
}
