import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { bringUpCpus } from '../../../src/linux/model/bringup.ts';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import { hotAdd } from '../../../src/linux/model/hotplug.ts';
import { domainReach } from '../../../src/linux/model/irqdomain.ts';
import { MAX_APIC_ID } from '../../../src/machine/apic-ids.ts';
import { PLATFORMS } from '../../../src/machine/machine.ts';
import { runs } from '../../budget.ts';
import { buildMachine, cpus, slots, type Wanted } from './build-machine.ts';

const NINE = cpus('0,1,7,8,0xfe,0xff,0x100,0x7fff');
const HPET: Wanted = { hpet: { msi: true } };

function reach(wanted: Wanted) {
  const machine = buildMachine({ cpus: NINE, ...wanted });
  const { enumeration, apic: decision } = earlyBoot(machine);
  return { machine, enumeration, decision, domains: domainReach(machine, enumeration, decision) };
}

describe('D.2 limits', () => {
  const limits = (wanted: Wanted) =>
    Object.fromEntries(
      reach({ ...HPET, ...wanted }).domains.map((domain) => [domain.name, domain.maxApicId]),
    );
  const intel = { enabled: true };
  const amd = { enabled: true, vendor: 'amd' as const };
  const cases: readonly (readonly [string, Wanted, Record<string, number>])[] = [
    ['bare metal', {}, { 'pci-msi': 254, ioapic: 254, 'hpet-msi': 254, ipi: 254 }],
    ['guest', { platform: 'kvm' }, { 'pci-msi': 255, ioapic: 255, 'hpet-msi': 255, ipi: MAX_APIC_ID }],
    [
      'guest with EXT',
      { platform: 'kvm', extDestId: true },
      { 'pci-msi': 32767, ioapic: 32767, 'hpet-msi': 32767, ipi: MAX_APIC_ID },
    ],
    [
      'VT-d with EIM',
      { remapping: intel },
      {
        'pci-msi': MAX_APIC_ID,
        ioapic: MAX_APIC_ID,
        'hpet-msi': MAX_APIC_ID,
        ipi: MAX_APIC_ID,
        'iommu-fault': MAX_APIC_ID,
      },
    ],
    [
      'VT-d with EIM in a guest: its HPET is not in the tables',
      { platform: 'kvm', remapping: intel },
      { 'pci-msi': MAX_APIC_ID, ioapic: MAX_APIC_ID, ipi: MAX_APIC_ID, 'iommu-fault': MAX_APIC_ID },
    ],
    [
      'VT-d without EIM',
      { remapping: { ...intel, eim: false } },
      { 'pci-msi': 254, ioapic: 254, 'hpet-msi': 254, ipi: 254, 'iommu-fault': 254 },
    ],
    [
      'VT-d without EIM, guest with EXT: the IRTE has 8 bits',
      { platform: 'kvm', extDestId: true, remapping: { ...intel, eim: false } },
      { 'pci-msi': 255, ioapic: 255, 'hpet-msi': 32767, ipi: MAX_APIC_ID, 'iommu-fault': 255 },
    ],
    [
      'AMD without XT, guest with EXT',
      { platform: 'kvm', extDestId: true, remapping: { ...amd, eim: false } },
      { 'pci-msi': 255, ioapic: 255, 'hpet-msi': 32767, ipi: MAX_APIC_ID, 'iommu-fault': 32767 },
    ],
    [
      'AMD with XT',
      { remapping: amd },
      {
        'pci-msi': MAX_APIC_ID,
        ioapic: MAX_APIC_ID,
        'hpet-msi': MAX_APIC_ID,
        ipi: MAX_APIC_ID,
        'iommu-fault': MAX_APIC_ID,
      },
    ],
    [
      'noapic: cluster IDs cut to 8 bits',
      { cmdline: 'noapic' },
      { 'pci-msi': 7, 'hpet-msi': 7, ipi: MAX_APIC_ID },
    ],
    [
      'noapic x2apic_phys',
      { cmdline: 'noapic x2apic_phys' },
      { 'pci-msi': 255, 'hpet-msi': 255, ipi: MAX_APIC_ID },
    ],
    ['hpet=disable', { cmdline: 'hpet=disable' }, { 'pci-msi': 254, ioapic: 254, ipi: 254 }],
    [
      'Hyper-V stub',
      { platform: 'hyperv', hpet: { msi: false } },
      { 'pci-msi': MAX_APIC_ID, ioapic: 255, ipi: MAX_APIC_ID },
    ],
    [
      'old guest kernel without limit',
      { platform: 'kvm', kernel: '5.10.3', cpus: cpus('0-3'), hpet: { msi: false } },
      { 'pci-msi': 255, ioapic: 255, ipi: MAX_APIC_ID },
    ],
    ['nolapic', { cmdline: 'nolapic' }, { 'pci-msi': 0 }],
  ];
  test.each(cases)('%s', (_name, wanted, expected) => {
    expect(limits(wanted)).toEqual(expected);
  });
});

test('Hyper-V stub: CPU numbers and APIC IDs up to 255', () => {
  const list = [...cpus('0-99'), ...cpus('1000-1199'), ...cpus('100-109')];
  const io = reach({ platform: 'hyperv', cpus: list }).domains.find((domain) => domain.name === 'ioapic');
  expect(io?.reachable.toString()).toBe('0-99');
  expect(io?.unreachable.toString()).toBe('100-309');
});

test('6.1: plugging makes a CPU known, and only that', () => {
  const wanted: Wanted = {
    platform: 'kvm',
    kernel: '6.1',
    cpus: [...cpus('0-1'), ...cpus('0x100,2', 'absent'), ...slots(2)],
  };
  const vm = reach(wanted);
  expect(vm.domains[0].unknown.toString()).toBe('2-5');
  hotAdd(vm.enumeration, vm.machine, 0x100, 0);
  const [msi] = domainReach(vm.machine, vm.enumeration, vm.decision);
  expect([msi.reachable, msi.unreachable, msi.unknown].map(String)).toEqual(['0-1', '2', '3-5']);
});

test('6.12: absent CPUs are known at boot, phantoms never', () => {
  const [msi] = reach({
    platform: 'kvm',
    cpus: [...slots(2), ...cpus('0-1'), ...cpus('0x100,2', 'absent')],
  }).domains;
  expect([msi.reachable, msi.unreachable, msi.unknown].map(String)).toEqual(['0-2', '3', '4-5']);
});

const machines = fc.record({
  kernel: fc.constantFrom(
    '4.19',
    '5.10.3',
    '5.10',
    '5.15',
    '6.1.176',
    '6.6',
    '6.8',
    '6.9',
    '6.12.117',
    '7.2',
  ),
  platform: fc.constantFrom(...PLATFORMS),
  cmdline: fc.constantFrom(
    '',
    '',
    'noapic',
    'nosmp',
    'nox2apic',
    'nopv',
    'nr_cpus=5',
    'possible_cpus=9',
    'intremap=off',
    'nolapic',
    'maxcpus=2',
    'x2apic_phys',
  ),
  ids: fc.uniqueArray(
    fc.oneof(fc.nat(20), fc.integer({ min: 250, max: 260 }), fc.integer({ min: 32760, max: 32775 })),
    { minLength: 1, maxLength: 14 },
  ),
  states: fc.array(fc.constantFrom('online', 'offline', 'absent'), { minLength: 14, maxLength: 14 }),
  nulls: fc.nat(3),
  extDestId: fc.boolean(),
  enabled: fc.boolean(),
  eim: fc.boolean(),
  vendor: fc.constantFrom('intel', 'amd'),
  msi: fc.boolean(),
});

test('properties of any machine', () => {
  fc.assert(
    fc.property(machines, ({ ids, states, nulls, enabled, eim, vendor, msi, ...rest }) => {
      const list = ids.map((apicId, i) => ({
        apicId,
        node: i % 3,
        state: i === 0 ? ('online' as const) : states[i],
      }));
      const wanted = {
        ...rest,
        cpus: [...list, ...slots(nulls)],
        remapping: { enabled, eim: enabled && eim, vendor },
        hpet: { msi },
      } as Wanted;
      const { machine, enumeration, decision, domains } = reach(wanted);
      const { possible, present, cpus: slotsFound, nrCpuIds, ignored } = enumeration;

      // The three sets partition the possible CPUs, in every domain; pci-msi is the first.
      expect(domains[0].name).toBe('pci-msi');
      expect(new Set(domains.map((domain) => domain.name)).size).toBe(domains.length);
      for (const { reachable, unreachable, unknown } of domains) {
        expect(CpuMask.or(CpuMask.or(reachable, unreachable), unknown).equals(possible)).toBe(true);
        expect(reachable.weight() + unreachable.weight() + unknown.weight()).toBe(possible.weight());
      }
      // Numbers and firmware entries are one to one; an entry has a number or is ignored, never both.
      expect(possible.weight()).toBe(nrCpuIds);
      expect(slotsFound.map((cpu) => cpu.cpu)).toEqual(Array.from({ length: nrCpuIds }, (_, cpu) => cpu));
      const numbered = slotsFound.map((cpu) => cpu.firmwareIndex).filter((index) => index !== null);
      const seen = [...numbered, ...ignored.map((cpu) => cpu.firmwareIndex)].sort((a, b) => a - b);
      expect(seen).toEqual([...new Set(seen)]);
      expect(seen).toEqual(machine.cpus.map((_, index) => index));
      // Masks agree with the CPUs; what is online is present, known and within the limit.
      expect(present.isSubsetOf(possible)).toBe(true);
      const { online } = bringUpCpus(machine, enumeration, decision);
      expect(online.isSubsetOf(present)).toBe(true);
      online.forEach((cpu) => {
        if (cpu > 0) expect(slotsFound[cpu].apicId).toBeLessThanOrEqual(decision.limit);
      });
      expect(slotsFound[0].firmwareIndex).toBe(machine.bootIndex);
      expect(decision.because.length).toBeGreaterThan(0);
    }),
    { numRuns: runs(800) },
  );
});
