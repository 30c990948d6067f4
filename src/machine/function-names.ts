/**
 * Kernel functions that had another name, and the behaviour that tells which: the one table from which texts name a
 * function as it is called in the kernel they are about (docs/model/README.md#names-of-kernel-functions).
 *
 * A row says what the function is called in the newest kernel, what the same step is called in the others (the former
 * name, or the function that did it itself), and which kernels those are: the ones that lack a behaviour, or still have
 * one.
 */

import type { BehaviourName } from './behaviours.ts';
import type { Kernel } from './kernel.ts';

type OtherName = {
  readonly name: string;
  readonly formerly: string;
} & ({ readonly lacking: BehaviourName } | { readonly having: BehaviourName });

export const FUNCTION_NAMES: readonly OtherName[] = [
  { name: 'group_cpus_evenly', formerly: 'irq_build_affinity_masks', lacking: 'spread-in-library' },
  { name: '__group_cpus_evenly', formerly: '__irq_build_affinity_masks', lacking: 'spread-in-library' },
  { name: 'alloc_nodes_groups', formerly: 'alloc_nodes_vectors', lacking: 'spread-in-library' },
  { name: 'native_kick_ap', formerly: 'native_cpu_up', lacking: 'kick-ap' },
  { name: 'topology_register_apic', formerly: 'generic_processor_info', lacking: 'topology-fixed-at-boot' },
  {
    name: 'topology_init_possible_cpus',
    formerly: 'prefill_possible_map',
    lacking: 'topology-fixed-at-boot',
  },
  { name: '__irq_msi_compose_msg', formerly: 'irq_msi_compose_msg', having: 'msi-level-assert' },
  { name: 'nvme_setup_irqs', formerly: 'nvme_setup_io_queues', lacking: 'spread-affinity-sets' },
];

const BY_NAME = new Map(FUNCTION_NAMES.map((row) => [row.name, row]));
const IDENTIFIER = /\b_*[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g;

const isOtherwise = (kernel: Kernel, row: OtherName): boolean =>
  'lacking' in row ? !kernel.has(row.lacking) : kernel.has(row.having);

/** A text with every kernel function in it named as it is called in `kernel`. */
export function asNamedIn(kernel: Kernel, text: string): string {
  return text.replace(IDENTIFIER, (word) => {
    const row = BY_NAME.get(word);
    return row !== undefined && isOtherwise(kernel, row) ? row.formerly : word;
  });
}

/** The same for a list of functions such as "init_vq, vp_find_vqs"; one that comes out twice is named once. */
export function functionsNamedIn(kernel: Kernel, list: string): string {
  return [...new Set(asNamedIn(kernel, list).split(', '))].join(', ');
}

/** The rows of the functions that a text names, where one of `kernels` calls them otherwise. */
export function otherNamesIn(text: string, kernels: readonly Kernel[]): readonly OtherName[] {
  const named = new Set(text.match(IDENTIFIER));
  return FUNCTION_NAMES.filter(
    (row) => named.has(row.name) && kernels.some((kernel) => isOtherwise(kernel, row)),
  );
}

/** The behaviour that decides which name is in use. */
export const decidedBy = (row: OtherName): BehaviourName => ('lacking' in row ? row.lacking : row.having);
