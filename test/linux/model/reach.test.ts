/** The three sets of a domain: which CPUs its messages address (docs/model/domains-and-destinations.md#three-sets). */
import { describe, expect, test } from 'vitest';
import type { Enumeration } from '../../../src/linux/model/enumerate.ts';
import {
  type Domain,
  hypervStubMask,
  reachIn,
  reachSets,
  vpciByMask,
} from '../../../src/linux/model/reach.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { MAX_APIC_ID } from '../../../src/machine/apic-ids.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { readText } from '../../helpers.ts';

async function booted(text: string): Promise<{ machine: Machine; enumeration: Enumeration }> {
  const machine = await readText(`hpet: off\n${text}`);
  return { machine, enumeration: simulate(machine).enumeration };
}
const PCI: Domain = { name: 'pci-msi', parent: 'vector', maxApicId: 255 };

const sets = async (text: string, domain: Domain = PCI) => {
  const { machine, enumeration } = await booted(text);
  const { reachable, unreachable, unknown, complete } = reachSets(machine, enumeration, domain);
  return [`${reachable}`, `${unreachable}`, `${unknown}`, complete];
};

const APART = 'kernel: "6.12"\ncpus: [{ apicId: "0-1,255-256" }]\n';

describe('the highest APIC ID', () => {
  test.each<[number, [string, string, string, boolean]]>([
    [254, ['0-1', '2-3', '', false]],
    [255, ['0-2', '3', '', false]],
    [256, ['0-3', '', '', true]],
    [MAX_APIC_ID, ['0-3', '', '', true]],
  ])('%i', async (maxApicId, expected) => {
    expect(await sets(APART, { ...PCI, maxApicId })).toEqual(expected);
  });

  test('of a CPU whose ID the kernel does not know yet nothing is known', async () => {
    const slots = (kernel: string) =>
      `kernel: "${kernel}"\nplatform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "2,300", state: absent }]\n`;
    expect(await sets(slots('6.1'))).toEqual(['0-1', '', '2-3', false]);
    expect(await sets(slots('6.12'))).toEqual(['0-2', '3', '', false]);
  });
});

describe('what the description states', () => {
  const stated = (facts: string) => `${APART}domains: { ${facts} }\n`;

  test.each<[string, [string, string, string, boolean]]>([
    ['pci-msi: { reach: { unreachable: "0" } }', ['1-2', '0,3', '', false]],
    ['pci-msi: { reach: { reachable: "3" } }', ['0-3', '', '', true]],
    ['pci-msi: { reach: { unreachable: "0", reachable: "3" } }', ['1-3', '0', '', false]],
    ['vector: { reach: { unreachable: "1" } }', ['0,2', '1,3', '', false]],
    // The domain itself is nearer than what it is below.
    [
      'pci-msi: { reach: { reachable: "1" } }, vector: { reach: { unreachable: "1-2" } }',
      ['0-1', '2-3', '', false],
    ],
    ['ioapic: { reach: { unreachable: "0" } }', ['0-2', '3', '', false]],
  ])('%s', async (facts, expected) => {
    expect(await sets(stated(facts))).toEqual(expected);
  });
});

describe('Hyper-V', () => {
  const guest = (more: string) => `platform: hyperv\n${more}`;

  test('its stub sends lines to CPU numbers and APIC IDs up to 255', async () => {
    const many = guest('kernel: "6.12"\ncpus: [{ apicId: "256" }, { apicId: "0-254" }, { apicId: "255" }]\n');
    const { machine, enumeration } = await booted(many);
    expect(enumeration.nrCpuIds).toBe(257);
    const mask = `${hypervStubMask(machine, enumeration)}`;
    const ofStub: Domain = { name: 'ioapic', parent: 'hyperv-ir', maxApicId: MAX_APIC_ID };
    const reach = reachSets(machine, enumeration, ofStub);
    expect(`${reach.reachable}`).toBe(mask);
    const numbers = (low: boolean) =>
      enumeration.cpus
        .filter(({ cpu, apicId }) => (cpu <= 255 && (apicId ?? 0) <= 255) === low)
        .map(({ cpu }) => cpu);
    expect(numbers(false).length).toBeGreaterThan(0);
    for (const cpu of numbers(true)) expect(reach.reachable.test(cpu)).toBe(true);
    for (const cpu of numbers(false)) expect(reach.unreachable.test(cpu)).toBe(true);
  });

  test.each([
    ['6.12', '0-2'],
    ['6.1', '0-1'],
  ])('%s: the stub knows the CPUs of boot, and on newer kernels those to come: %s', async (kernel, cpus) => {
    const text = guest(`kernel: "${kernel}"\ncpus: [{ apicId: "0-1" }, { apicId: "2", state: absent }]\n`);
    const { machine, enumeration } = await booted(`${text}events: [{ plug: { apicId: 2 } }]\n`);
    expect(enumeration.cpus[2].apicId).toBe(2);
    expect(`${hypervStubMask(machine, enumeration)}`).toBe(cpus);
  });

  test('the stub is of lines and itself, not of messages', async () => {
    const { machine, enumeration } = await booted(guest('kernel: "6.12"\ncpus: [{ apicId: "0,256" }]\n'));
    const reached = (domain: Omit<Domain, 'maxApicId'>) =>
      `${reachSets(machine, enumeration, { ...domain, maxApicId: MAX_APIC_ID }).reachable}`;
    expect(reached({ name: 'ioapic', parent: 'hyperv-ir' })).toBe('0');
    expect(reached({ name: 'hyperv-ir' as Domain['name'], parent: 'vector' })).toBe('0');
    expect(reached({ name: 'ioapic', parent: 'vector' })).toBe('0-1');
    expect(reached({ name: 'pci-msi', parent: 'vector' })).toBe('0-1');
  });

  test('its bus names 64 virtual processors by a mask, before protocol 1.2', async () => {
    const many = (more: string) => booted(`kernel: "6.12"\ntopology: { cores: 66 }\n${more}`);
    const mask = await many('platform: hyperv\nvpciProtocol: "1.1"\n');
    expect(vpciByMask(mask.machine)).toBe(true);
    const reach = reachSets(mask.machine, mask.enumeration, { ...PCI, maxApicId: MAX_APIC_ID });
    expect(`${reach.reachable} ${reach.unreachable}`).toBe('0-63 64-65');
    const lines = reachSets(mask.machine, mask.enumeration, {
      name: 'ioapic',
      parent: 'vector',
      maxApicId: 255,
    });
    expect(lines.complete).toBe(true);
    for (const more of ['platform: hyperv\nvpciProtocol: "1.2"\n', 'platform: kvm\n'])
      expect(vpciByMask((await many(more)).machine)).toBe(false);
  });
});

test('domains of one limit share their sets, unless something narrows one', async () => {
  const { machine, enumeration } = await booted(APART);
  const domains: Domain[] = [
    PCI,
    { name: 'ioapic', parent: 'vector', maxApicId: 255 },
    { name: 'hpet-msi', parent: 'vector', maxApicId: 254 },
  ];
  const [pci, lines, timers] = reachIn(machine, enumeration, domains);
  expect([pci.name, lines.name, timers.name]).toEqual(['pci-msi', 'ioapic', 'hpet-msi']);
  expect(lines.reachable).toBe(pci.reachable);
  expect(`${timers.reachable}`).toBe('0-1');
  const stated = await booted(`${APART}domains: { ioapic: { reach: { unreachable: "0" } } }\n`);
  const own = reachIn(stated.machine, stated.enumeration, domains);
  expect(own.map(({ reachable }) => `${reachable}`)).toEqual(['0-2', '1-2', '0-1']);
});
