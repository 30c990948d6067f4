/** A change that a person could make to a machine, said without any product's words. */
import type { Path } from '../machine/machine.ts';
import type { StackProduct } from './stack.ts';

/** CPUs by topology, as in a description. */
export interface TopologyIntent {
  readonly sockets: number;
  readonly dies: number;
  readonly modules: number;
  readonly cores: number;
  readonly threads: number;
  /** Possible CPUs: plugged ones and hot-plug slots. */
  readonly max: number;
  /** Plugged CPUs. */
  readonly present: number;
}

export type Intent =
  /** The hypervisor offers the extended destination ID. */
  | { readonly kind: 'ext-dest-id' }
  /** An IOMMU, virtual in a guest, that remaps interrupts with 32-bit destinations. */
  | { readonly kind: 'remapping'; readonly vendor: 'intel' | 'amd' }
  /** Another Linux release. */
  | { readonly kind: 'kernel'; readonly release: string }
  /** Kernel parameters to add and to remove, as they are written: "nr_cpus=64", "intremap=off". */
  | { readonly kind: 'parameters'; readonly add: readonly string[]; readonly remove: readonly string[] }
  /** A fact of the kernel's configuration, by its key in a description. */
  | { readonly kind: 'kernel-config'; readonly key: string; readonly value: boolean | number }
  /** CPUs dealt to sockets and cores in another way, or fewer of them. */
  | { readonly kind: 'topology'; readonly topology: TopologyIntent }
  /** How firmware hands over x2APIC. */
  | { readonly kind: 'x2apic'; readonly setting: 'auto' | 'supported' | 'enabled' }
  /** Queues that a device offers. */
  | { readonly kind: 'queues'; readonly device: Path; readonly name: string; readonly queues: number }
  /** Size of a device's MSI-X table. */
  | { readonly kind: 'vectors'; readonly device: Path; readonly name: string; readonly vectors: number }
  /** The guest has an HPET, or none. */
  | { readonly kind: 'hpet'; readonly present: boolean }
  /** The guest gets ACPI tables; a description always has them. */
  | { readonly kind: 'acpi' }
  /** The guest sees that it runs on KVM. */
  | { readonly kind: 'kvm-signature' }
  /** Another version of a product whose defaults count, e.g. libvirt 11.0. */
  | { readonly kind: 'stack'; readonly product: StackProduct; readonly version: string }
  /** Any other value of a description. */
  | { readonly kind: 'value'; readonly path: Path; readonly value: unknown };
