/**
 * The table of facts: each named kernel behaviour, the release it came with, the stable releases it
 * was backported to, and the commit or function it is known from. To model a change, add a row here and
 * one `kernel.has('name')` in the function that mirrors the kernel's.
 *
 * `since`/`until` are mainline releases; `backports`/`endedIn` name the first stable patch level per
 * series. `evidence` says how sure the release is: "measured" on a boot or compiled code, "source"
 * read, "unverified" believed.
 */
export interface Behaviour {
  readonly name: string;
  readonly summary: string;
  /** First mainline release that does it; absent: every modelled release. */
  readonly since?: string;
  /** First mainline release that no longer does it. */
  readonly until?: string;
  /** Series → first stable patch level that does it, for series older than `since`. */
  readonly backports?: Readonly<Record<string, number>>;
  /** Series → first stable patch level that no longer does it, for series older than `until`. */
  readonly endedIn?: Readonly<Record<string, number>>;
  readonly where: string;
  readonly evidence: 'measured' | 'source' | 'unverified';
}

const table = [
  // Spreading: kernel/irq/affinity.c, lib/group_cpus.c
  {
    name: 'managed-flag-per-vector',
    summary: 'only vectors between pre and post are managed; before, every vector of the device was',
    since: '5.0',
    where: 'irq_create_affinity_masks',
    evidence: 'measured',
  },
  {
    name: 'spread-affinity-sets',
    summary: 'vectors may be split into sets that are spread separately',
    since: '5.0',
    where: 'irq_create_affinity_masks',
    evidence: 'measured',
  },
  {
    name: 'calc-sets-callback',
    summary: 'set sizes come from a driver callback, so the vector count is not clamped to the CPUs',
    since: '5.1',
    where: 'irq_calc_affinity_vectors, commit c66d4bd110a1',
    evidence: 'source',
  },
  {
    name: 'spread-by-ratio',
    summary: 'nodes get groups in proportion to their CPUs, in the order of an unstable heapsort',
    since: '5.4',
    where: 'alloc_nodes_groups',
    evidence: 'measured',
  },
  {
    name: 'spread-node-intersection',
    summary: 'with fewer groups than nodes a group takes node ∩ set, not the whole node',
    since: '5.18',
    backports: { '5.4': 190, '5.10': 112, '5.15': 35, '5.17': 4 },
    where: '__group_cpus_evenly, commit 08d835dff916',
    evidence: 'measured',
  },
  {
    name: 'spread-empty-set-is-null',
    summary: 'a set of size 0 makes the whole result NULL',
    since: '6.3',
    where: 'group_cpus_evenly, commit df831e977394',
    evidence: 'measured',
  },
  {
    name: 'spread-warns-on-surplus-groups',
    summary: 'WARN when fewer groups are filled than were asked for',
    since: '5.0',
    until: '6.17',
    where: 'group_cpus_evenly; before 6.3 irq_build_affinity_masks',
    evidence: 'measured',
  },
  {
    name: 'spread-partial-groups',
    summary: 'group_cpus_evenly returns how many groups it filled; the rest get the default affinity',
    since: '6.17',
    where: 'group_cpus_evenly, commit b6139a6abf67',
    evidence: 'measured',
  },
  {
    name: 'spread-clusters',
    summary: 'CPUs that share an L2 cache are grouped together first',
    since: '7.0',
    where: 'group_cpus_evenly',
    evidence: 'measured',
  },
  {
    name: 'sort-two-at-a-time',
    summary: 'lib/sort.c extracts two elements at a time; ties come out in another order',
    since: '6.9',
    where: 'lib/sort.c',
    evidence: 'measured',
  },

  // Vector matrix and life cycle: kernel/irq, arch/x86/kernel/apic/vector.c
  {
    name: 'move-cleanup-vector',
    summary: 'vector 0x20 is the move-cleanup IPI, so the first vector handed out is 33',
    until: '6.6',
    where: 'arch/x86/include/asm/irq_vectors.h, commit bdc1dad299bb',
    evidence: 'measured',
  },
  {
    name: 'posted-msi-vector',
    summary: 'vector 0xeb is the posted-MSI notification: the window ends at 235, not 236',
    since: '6.10',
    where: 'arch/x86/include/asm/irq_vectors.h',
    evidence: 'measured',
  },
  {
    name: 'unplug-check-skips-managed',
    summary: 'the check before taking a CPU down counts non-managed vectors only',
    since: '6.7',
    backports: { '4.19': 299, '5.4': 261, '5.10': 201, '5.15': 139, '6.1': 63, '6.6': 2 },
    where: 'irq_matrix_allocated, commit a0b0bad10587',
    evidence: 'unverified',
  },
  {
    name: 'migrate-retries-any-online',
    summary: 'a move that finds no vector in the mask is tried again over all online CPUs',
    since: '6.10',
    backports: { '6.6': 45 },
    where: 'migrate_one_irq, commit 88d724e2301a',
    evidence: 'unverified',
  },
  {
    name: 'assign-any-mask-before-node',
    summary: 'an ordinary interrupt prefers its affinity mask to the rest of its node',
    since: '5.10',
    backports: { '5.9': 15 },
    where: 'assign_irq_vector_any_locked, commit 190113b4c653',
    evidence: 'source',
  },
  {
    name: 'managed-affinity-eperm',
    summary: 'writing the affinity of a managed interrupt gives EPERM; before, EIO',
    since: '6.12',
    where: 'write_irq_affinity',
    evidence: 'measured',
  },

  // CPU enumeration: arch/x86/kernel/acpi/boot.c, arch/x86/kernel/cpu/topology.c
  {
    name: 'topology-fixed-at-boot',
    summary: 'absent CPUs keep their APIC IDs and get numbers by ascending ID at boot',
    since: '6.9',
    where: 'topology_init_possible_cpus',
    evidence: 'measured',
  },
  {
    name: 'madt-x2apic-shadowed',
    summary: 'x2APIC entries below 255 are ignored when usable xAPIC entries exist',
    since: '6.7',
    where: 'acpi_check_lapic, commits ec9aedb2aa1a and d5a10b976ecb',
    evidence: 'source',
  },
  {
    name: 'madt-xapic-entries-first',
    summary: 'all xAPIC entries are registered before all x2APIC entries, not in MADT order',
    since: '6.7',
    until: '6.14',
    endedIn: { '6.12': 13, '6.13': 2 },
    where: 'acpi_parse_madt_lapic_entries, commit 0141978ae75b',
    evidence: 'unverified',
  },
  {
    name: 'online-capable-by-madt',
    summary: 'disabled entries need the Online Capable flag if the MADT revision is 5 or newer',
    since: '5.18',
    until: '6.3',
    endedIn: { '6.1': 23 },
    where: 'acpi_is_processor_usable',
    evidence: 'source',
  },
  {
    name: 'online-capable-by-fadt',
    summary: 'disabled entries need the Online Capable flag if the FADT is 6.3 or newer',
    since: '6.3',
    backports: { '6.1': 23 },
    where: 'acpi_is_processor_usable',
    evidence: 'source',
  },
  {
    name: 'disabled-needs-hypervisor',
    summary: 'with an older FADT, disabled entries count only under a detected hypervisor',
    since: '6.18',
    backports: { '6.12': 59, '6.17': 9 },
    where: 'acpi_is_processor_usable, fix of November 2025',
    evidence: 'measured',
  },
  {
    name: 'kick-ap',
    summary: 'CPUs are brought up through native_kick_ap, in parallel: a refusal at boot prints twice',
    since: '6.5',
    where: 'native_kick_ap',
    evidence: 'measured',
  },
  {
    name: 'hot-add-acpi-prefix',
    summary: 'the line about a hot-added CPU starts with "ACPI: "',
    since: '6.2',
    where: 'acpi_processor_hotadd_init: without on 6.1.176, with on 6.12.117',
    evidence: 'unverified',
  },

  // APIC mode: arch/x86/kernel/apic/apic.c, kernel/kvm.c, kernel/cpu/mshyperv.c
  {
    name: 'guest-apic-limit',
    summary: 'a guest without remapping limits APIC IDs to 255 instead of judging present CPUs only',
    since: '5.11',
    backports: { '5.4': 86, '5.10': 4 },
    where: 'try_to_enable_x2apic, commit 26573a97746c',
    evidence: 'measured',
  },
  {
    name: 'ext-dest-id',
    summary: 'KVM and Hyper-V guests use the 15-bit extended destination ID where it is offered',
    since: '5.11',
    where: 'kvm_msi_ext_dest_id, commit 2e008ffe426f',
    evidence: 'measured',
  },
  {
    name: 'ext-dest-id-xen',
    summary: 'Xen HVM and PVH guests use the extended destination ID where it is offered',
    since: '5.17',
    where: 'msi_ext_dest_id (Xen)',
    evidence: 'source',
  },
  {
    name: 'bhyve-guest',
    summary: 'bhyve is detected as a hypervisor that offers x2APIC, if CONFIG_BHYVE_GUEST is on',
    since: '6.18',
    where: 'bhyve_detect, commit 215596ddc33f',
    evidence: 'measured',
  },
  {
    name: 'hyperv-x2apic-available',
    summary: 'Hyper-V guests may use x2APIC without remapping',
    since: '5.11',
    where: 'ms_hyperv_x2apic_available',
    evidence: 'source',
  },
  {
    name: 'hyperv-remap-xapic',
    summary: 'the Hyper-V remapping stub is also used without x2APIC',
    since: '6.2',
    where: 'hyperv_prepare_irq_remapping',
    evidence: 'source',
  },
  {
    name: 'x2apic-lock-known',
    summary: 'a hardware-locked x2APIC is recognised',
    since: '6.1',
    where: 'x2apic_hw_locked, commit b8d1d163604b',
    evidence: 'source',
  },
  {
    name: 'flat-apic',
    summary: 'up to 8 possible CPUs in xAPIC mode use flat logical destinations',
    until: '6.12',
    where: 'default_acpi_madt_oem_check, commit 838ba7733e4e',
    evidence: 'measured',
  },
  {
    name: 'x2apic-needs-config-survives',
    summary: 'a kernel without x2APIC support handed an x2APIC machine disables the APIC; before, it panics',
    since: '6.1',
    where: 'check_x2apic',
    evidence: 'source',
  },
  {
    name: 'apic-routing-prefix',
    summary: 'the chosen APIC driver is printed as "APIC: Switched APIC routing to: NAME"',
    since: '6.6',
    where: 'apic_install_driver: old text on 6.1.176, new on 6.12.117',
    evidence: 'unverified',
  },
  {
    name: 'x2apic-lock-kept',
    summary:
      'a locked x2APIC is left alone, so the kernel dies in setup_IO_APIC, not in the next APIC access',
    since: '6.12',
    where: 'x2apic_disable: page fault on 6.1.176, BUG on 6.12.117 and 7.2.13',
    evidence: 'unverified',
  },
  {
    name: 'hyperv-iommu',
    summary: 'Hyper-V guests have a stub that remaps IO-APIC interrupts only',
    since: '5.2',
    where: 'drivers/iommu/hyperv-iommu.c',
    evidence: 'unverified',
  },
  {
    name: 'amd-intcapxt',
    summary: "the AMD IOMMU's own interrupts have 32-bit destinations in XT mode",
    since: '5.4',
    where: 'INTCAPXT registers',
    evidence: 'unverified',
  },

  // Drivers
  {
    name: 'virtio-queues-by-possible',
    summary: 'virtio-blk and virtio-scsi count possible CPUs, not nr_cpu_ids',
    since: '7.2',
    where: 'virtblk init_vq, virtscsi_probe',
    evidence: 'source',
  },
] as const satisfies readonly Behaviour[];

export type BehaviourName = (typeof table)[number]['name'];

/** All modelled behaviours, grouped by subsystem. */
export const BEHAVIOURS: readonly (Behaviour & { readonly name: BehaviourName })[] = table;
