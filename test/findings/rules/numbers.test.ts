/** The R numbers of rules: aliases that users have written down, so that none ever moves to another rule. */
import { expect, test } from 'vitest';
import { findRule, RULE_NAMES } from '../../../src/findings/rules/index.ts';

/** Every number that is taken. A rule that goes leaves its number here, with null: no other rule may have it. */
const TAKEN: Readonly<Record<string, string | null>> = {
  R001: 'bare-metal-apic-limit',
  R002: 'boot-cpu-above-limit',
  R003: 'x2apic-locked',
  R004: 'apic-id-above-limit',
  R005: 'kernel-too-old-for-ext-dest',
  R006: 'hot-added-cpu-not-targetable',
  R007: 'old-kernel-disables-x2apic',
  R008: 'firmware-in-xapic-mode',
  R009: 'apic-id-too-big',
  R010: 'cpus-over-count-limit',
  R011: 'possible-cpus-ignored',
  R012: 'slots-over-count-limit',
  R013: 'slots-above-apic-limit',
  R014: 'madt-order-changes-numbers',
  R015: 'duplicate-apic-ids',
  R016: 'x2apic-entries-ignored',
  R017: 'slots-not-online-capable',
  R018: 'slots-need-hypervisor',
  R020: 'noapic-with-x2apic',
  R021: 'remapping-misroutes',
  R022: 'device-outside-iommu',
  R023: 'hyperv-ioapic-limit',
  R024: 'ext-dest-not-honoured',
  R025: 'msi-writes-memory',
  R026: 'broadcast-id',
  R027: 'mixed-xt',
  R028: 'vpci-names-64-cpus',
  R029: 'vmd-children-follow',
  R030: 'x2apic-opt-out',
  R031: 'remapping-without-eim',
  R032: 'ioapic-without-iommu',
  R033: 'remapping-off-on-cmdline',
  R034: 'intel-iommu-off',
  R035: 'amd-iommu-off',
  R036: 'hypervisor-hidden',
  R037: 'nox2apic-with-high-ids',
  R038: 'bhyve-not-detected',
  R039: 'xen-offers-no-ext-dest',
  R040: 'platform-without-ext-dest',
  R041: 'ext-dest-unused',
  R042: 'hyperv-interfaces-unused',
  R043: 'irqchip-hides-ext-dest',
  R044: 'hypervisor-refuses',
  R045: 'physical-flat-used',
  R046: 'kernel-without-x2apic',
  R046b: 'kernel-without-irq-remap',
  R050: 'queue-never-starts',
  R051: 'cpus-share-queues',
  R052: 'device-without-queue',
  R053: 'managed-vectors-wasted',
  R054: 'vector-reservation-failed',
  R055: 'queue-waits-for-cpus',
  R056: 'queue-waits-for-cpus',
  R057: 'policy-refuses-mask',
  R058: 'policy-io-hangs',
  R059: 'policy-loses-hotplug-queues',
  R060: 'multi-msi-needs-remapping',
  R061: 'queue-stays-on-isolated-cpu',
  R062: 'device-node-without-cpus',
  R070: 'hpet-msi-in-use',
  R071: 'hpet-not-needed',
  R072: 'timer-source-missing',
  R073: 'timer-interrupt-unreachable',
  R074: 'crash-kernel-panics',
  R075: 'crash-kernel-without-ioapic',
  R076: 'crash-kernel-loses-boot-cpu',
  R077: 'timer-check-skipped',
  R078: 'resume-turns-x2apic-on',
};

const isNumber = (name: string): boolean => /^R\d{3}[a-z]?$/.test(name);

test('every number names the rule that it was given to', () => {
  const named = Object.keys(TAKEN).map((number) => [number, findRule(number)?.name ?? null]);
  expect(Object.fromEntries(named)).toEqual(TAKEN);
});

test('no other number is used', () => {
  const others = RULE_NAMES.filter(isNumber).filter((number) => (TAKEN[number] ?? null) === null);
  expect(others.map((number) => `${number} of ${findRule(number)?.name}`)).toEqual([]);
});
