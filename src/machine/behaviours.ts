/**
 * The table of facts: each named kernel behaviour, the release it came with, the stable releases it
 * was backported to, and the commit or function it is known from. To model a change, add a row here, one
 * `kernel.has('name')` in the function that mirrors the kernel's, and a case that shows it (test/machine/behaviours.test.ts).
 *
 * `since`/`until` are mainline releases; `backports`/`endedIn` name the first stable patch level per
 * series. `evidence` says how sure the release is: "measured" on a boot or compiled code, "source"
 * read, "unverified" believed.
 */
import { CPU_AND_APIC_BEHAVIOURS } from './behaviours-apic.ts';

/** "6.12" */
export type Series = `${number}.${number}`;

export interface Behaviour {
  readonly name: string;
  readonly summary: string;
  /** First mainline release that does it; absent: every modelled release. */
  readonly since?: string;
  /** First mainline release that no longer does it. */
  readonly until?: string;
  /** Series → first stable patch level that does it, for series older than `since`. */
  readonly backports?: Readonly<Record<Series, number>>;
  /** Series → first stable patch level that no longer does it, for series older than `until`. */
  readonly endedIn?: Readonly<Record<Series, number>>;
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
    name: 'spread-in-library',
    summary: 'spreading is in lib/group_cpus.c, for drivers and the block layer too; the masks are the same',
    since: '6.3',
    backports: { '6.1': 192 },
    where: 'group_cpus_evenly; 6.1.192 is where it was seen, the first 6.1.y that has it may be earlier',
    evidence: 'source',
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
    where: 'group_cpus_evenly',
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
    name: 'blk-mq-maps-by-groups',
    summary: 'queues without interrupts of their own are dealt to CPUs by group_cpus_evenly, not CPU by CPU',
    since: '6.3',
    where: 'blk_mq_map_queues, commit 6a6dcae8f486',
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

  // CPU lists and isolation: lib/bitmap.c, kernel/sched/isolation.c
  {
    name: 'cpulist-last-cpu',
    summary: 'N in a CPU list of a parameter means the last possible CPU',
    since: '5.13',
    where: 'bitmap_getnum',
    evidence: 'source',
  },
  {
    name: 'cpulist-all',
    summary: '"all" in a CPU list of a parameter means every CPU',
    since: '5.14',
    where: 'bitmap_parse_region',
    evidence: 'source',
  },
  {
    name: 'isolation-keeps-a-cpu',
    summary: 'a nohz_full= and isolcpus=domain that together leave no present CPU: the second is ignored',
    since: '6.19',
    where: 'housekeeping_setup',
    evidence: 'source',
  },

  // CPU hotplug: kernel/cpu.c
  {
    name: 'last-housekeeping-cpu-stays',
    summary: 'offlining the last CPU that isolcpus=domain leaves is refused; else the kernel crashes',
    since: '6.7',
    until: '7.2',
    where: '_cpu_down: measured on 6.12.43; on 7.2 and 7.3 the test comes too early; 7.0 and 7.1 unknown',
    evidence: 'measured',
  },
  {
    name: 'cpu0-hotplug',
    summary: 'CPU 0 can be taken offline with cpu0_hotplug',
    until: '6.5',
    where: 'arch_register_cpu, cpu0_hotpluggable',
    evidence: 'measured',
  },
  {
    name: 'smt-on-skips-offline-cores',
    summary: 'turning SMT on leaves cores alone whose first thread is offline',
    since: '6.18',
    where: 'cpuhp_smt_enable, topology_is_core_online',
    evidence: 'unverified',
  },

  // CPU enumeration and APIC mode: arch/x86/kernel/acpi, arch/x86/kernel/apic, arch/x86/kernel/cpu
  ...CPU_AND_APIC_BEHAVIOURS,

  // Drivers
  {
    name: 'virtio-blk-poll-queues',
    summary: 'virtio_blk.poll_queues= turns queues of the device into queues without interrupt',
    since: '5.19',
    where: 'virtblk init_vq',
    evidence: 'measured',
  },
  {
    name: 'virtio-queues-by-possible',
    summary: 'virtio-blk and virtio-scsi count possible CPUs, not nr_cpu_ids',
    since: '6.17',
    where: 'virtblk init_vq, virtscsi_probe: blk_mq_num_possible_queues; no effect on x86',
    evidence: 'measured',
  },
] as const satisfies readonly Behaviour[];

export type BehaviourName = (typeof table)[number]['name'];

/** All modelled behaviours, grouped by subsystem. */
export const BEHAVIOURS: readonly (Behaviour & { readonly name: BehaviourName })[] = table;
