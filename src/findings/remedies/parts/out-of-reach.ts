/** Rules that remedies share: what goes wrong when CPUs are out of the reach of interrupts. */

/** Findings that go away once every CPU can be interrupted, or none is left that cannot. */
export const OUT_OF_REACH: readonly string[] = [
  'apic-id-above-limit',
  'bare-metal-apic-limit',
  'boot-cpu-above-limit',
  'kernel-too-old-for-ext-dest',
  'old-kernel-disables-x2apic',
  'hot-added-cpu-not-targetable',
  'slots-above-apic-limit',
  'sparse-apic-ids',
  'cpus-over-count-limit',
  'hyperv-ioapic-limit',
  'ext-dest-not-honoured',
  'domain-misses-cpus',
  'vpci-names-64-cpus',
  'msi-writes-memory',
  'noapic-with-x2apic',
  'remapping-misroutes',
  'bhyve-not-detected',
  'hypervisor-hidden',
  'platform-without-ext-dest',
  'remapping-without-eim',
  'irqchip-hides-ext-dest',
  'queue-never-starts',
  'managed-vectors-wasted',
  'cpus-share-queues',
  'device-node-without-cpus',
  'policy-io-hangs',
  'policy-refuses-mask',
  'crash-kernel-without-ioapic',
  'timer-interrupt-unreachable',
  'timer-check-skipped',
];

/** Findings that interrupt remapping in x2APIC mode takes away on top of those. */
export const NEEDS_REMAPPING: readonly string[] = [
  ...OUT_OF_REACH,
  'x2apic-locked',
  'x2apic-opt-out',
  'crash-kernel-panics',
  'resume-turns-x2apic-on',
  'hpet-msi-in-use',
  'multi-msi-needs-remapping',
];

/** Findings that go away with hot-plug slots or CPUs that are given up. */
export const TOO_MANY_CPUS: readonly string[] = [
  ...OUT_OF_REACH,
  'hypervisor-refuses',
  'apic-id-too-big',
  'firmware-in-xapic-mode',
  'kernel-without-x2apic',
  'nox2apic-with-high-ids',
  'slots-over-count-limit',
  'slots-need-hypervisor',
  'slots-not-online-capable',
  'unknown-cpus-in-masks',
  'crash-kernel-panics',
];
