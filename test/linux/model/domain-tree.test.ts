/** The domains of a machine as a tree, from devices up to the vectors (docs/model/domains-and-destinations.md#domains). */
import { describe, expect, test } from 'vitest';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import {
  deviceDomain,
  domainReach,
  innerReach,
  remapsMessages,
  takesMultiMsi,
} from '../../../src/linux/model/irqdomain.ts';
import { MAX_APIC_ID } from '../../../src/machine/apic-ids.ts';
import type { DeviceSpec, Platform } from '../../../src/machine/machine.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

const device = (more: Partial<DeviceSpec> = {}): DeviceSpec =>
  ({ name: 'one', driver: 'nvme', interrupts: 'msix', remapped: true, behind: null, ...more }) as DeviceSpec;

function treeOf(wanted: Wanted): Record<string, string> {
  const machine = buildMachine({ cpus: cpus('0-3'), ...wanted });
  const { enumeration, apic } = earlyBoot(machine);
  const all = [...domainReach(machine, enumeration, apic), ...innerReach(machine, enumeration, apic)];
  return Object.fromEntries(
    all.map(({ name, parent, maxApicId }) => [
      name,
      `${parent} ${maxApicId === MAX_APIC_ID ? 'all' : maxApicId}`,
    ]),
  );
}

const HPET: Wanted = { hpet: { msi: true } };
const intel = { enabled: true };
const amd = { enabled: true, vendor: 'amd' as const };

test.each<[string, Wanted, Record<string, string>]>([
  [
    'bare metal',
    HPET,
    {
      'pci-msi': 'vector 254',
      ioapic: 'vector 254',
      'hpet-msi': 'vector 254',
      ipi: 'null 254',
      vector: 'null 254',
    },
  ],
  [
    'VT-d on bare metal takes the HPET in',
    { ...HPET, remapping: intel },
    {
      'pci-msi': 'intel-ir all',
      ioapic: 'intel-ir all',
      'hpet-msi': 'intel-ir all',
      ipi: 'null all',
      'iommu-fault': 'vector all',
      'intel-ir': 'vector all',
      vector: 'null all',
    },
  ],
  [
    'VT-d without EIM in a guest: the HPET is outside',
    { ...HPET, platform: 'kvm', remapping: { ...intel, eim: false } },
    {
      'pci-msi': 'intel-ir 255',
      ioapic: 'intel-ir 255',
      'hpet-msi': 'vector 255',
      ipi: 'null all',
      'iommu-fault': 'vector 255',
      'intel-ir': 'vector 255',
      vector: 'null all',
    },
  ],
  [
    'AMD, with a device outside it',
    { remapping: amd, devices: [device(), device({ name: 'two', remapped: false })] },
    {
      'pci-msi': 'amd-ir all',
      'pci-msi-unremapped': 'vector 7',
      ioapic: 'amd-ir all',
      ipi: 'null all',
      'iommu-fault': 'vector all',
      'amd-ir': 'vector all',
      vector: 'null all',
    },
  ],
  [
    "Hyper-V's stub is for lines",
    { platform: 'hyperv' },
    {
      'pci-msi': 'vector all',
      ioapic: 'hyperv-ir 255',
      ipi: 'null all',
      'hyperv-ir': 'vector 255',
      vector: 'null all',
    },
  ],
  ['no local APIC: the boot CPU', { cmdline: 'nolapic' }, { 'pci-msi': 'vector 0', vector: 'null 0' }],
  [
    'what the description says of a domain holds for those below',
    {
      platform: 'kvm',
      domains: { vector: { maxApicId: 100, reachable: new Set(), unreachable: new Set(), path: [] } },
    },
    { 'pci-msi': 'vector 100', ioapic: 'vector 100', ipi: 'null 100', vector: 'null 100' },
  ],
])('%s', (_, wanted, tree) => {
  expect(treeOf(wanted)).toEqual(tree);
});

describe('the domain of a device', () => {
  const on = { mode: 'on', ioApic: true, remapped: true } as const;

  test.each<[Partial<DeviceSpec>, object, string, string]>([
    [{}, on, '', 'pci-msi'],
    [{ remapped: false }, on, '', 'pci-msi-unremapped'],
    [{ remapped: false }, { ...on, remapped: false }, '', 'pci-msi'],
    [{ interrupts: 'line' }, on, '', 'ioapic'],
    [{ interrupts: 'line' }, { ...on, ioApic: false }, '', 'pci-msi'],
    [{}, on, 'pci=nomsi', 'ioapic'],
    [{ interrupts: 'line' }, { ...on, mode: 'off' }, '', 'pci-msi'],
    [{ remapped: false }, { ...on, mode: 'off' }, '', 'pci-msi'],
    // Behind VMD it is the controller's.
    [{ behind: 'vmd' }, on, '', 'pci-msi-unremapped'],
    [{ behind: 'nobody', remapped: true }, on, '', 'pci-msi'],
  ])('%j %j %s: %s', (more, ways, cmdline, domain) => {
    const controller = device({ name: 'vmd', remapped: false });
    const machine = buildMachine({ cmdline, devices: [controller, device(more)] });
    expect(deviceDomain(machine, ways as typeof on, device(more))).toBe(domain);
  });

  test('several messages of MSI need a unit that they pass, or the bus of Hyper-V', () => {
    const takes = (platform: Platform, remapped: boolean, domain: 'pci-msi' | 'ioapic') =>
      takesMultiMsi(buildMachine({ platform }), { remapped }, domain);
    expect(takes('kvm', true, 'pci-msi')).toBe(true);
    expect(takes('kvm', true, 'ioapic')).toBe(false);
    expect(takes('kvm', false, 'pci-msi')).toBe(false);
    expect(takes('hyperv', false, 'pci-msi')).toBe(true);
  });

  test('the stub remaps no messages', () => {
    const decided = (wanted: Wanted) => remapsMessages(earlyBoot(buildMachine(wanted)).apic);
    expect([decided({}), decided({ remapping: intel }), decided({ platform: 'hyperv' })]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
