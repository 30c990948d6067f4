/** What a policy makes of each interrupt domain of a machine (docs/model/policies.md#by-domain). */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import {
  countCpus,
  domainRules,
  interruptsMayUse,
  placeIn,
  policyCpus,
  reachOf,
  spreadIn,
  usableBy,
} from '../../../src/linux/sim/domain-use.ts';
import type { System } from '../../../src/linux/sim/system.ts';
import { USED_DOMAINS } from '../../../src/machine/interrupt-domains.ts';
import { readText } from '../../helpers.ts';

async function system(text: string): Promise<System> {
  const { stage } = bringToLife(await readText(`kernel: "6.12"\n${text}`));
  if (!stage) throw new Error('the kernel panics');
  return stage.system;
}

/** CPUs 0 and 1 are reachable, 2 and 3 are not. */
const APART = (policy: string) =>
  `hpet: off\npolicy: ${policy}\ncpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]\n`;
/** Without the IOMMU messages reach CPUs 0 to 7. */
const OUTSIDE = (policy: string) =>
  `hpet: off\npolicy: ${policy}\nremapping: on\ntopology: { cores: 12 }\ndevices: [{ name: out, driver: nvme, queues: 2, remapped: off }]\n`;
/** Lines reach CPUs 0 and 1, messages all. */
const STUB = (policy: string) =>
  `hpet: off\nplatform: hyperv\npolicy: ${policy}\nx2apic: enabled\ncpus: [{ apicId: "0-1,256-259" }]\n`;
const TIMERS = (policy: string, more = '') =>
  `platform: kvm\nhpet: { msi: on, channels: 8 }\ntimers: { arat: off }\npolicy: ${policy}\ntopology: { cores: 4 }\n${more}`;

const usable = (of: System) =>
  Object.fromEntries(USED_DOMAINS.map((name) => [name, usableBy(of, name)?.toString() ?? 'all']));
const rules = (of: System) =>
  domainRules(of, of.life.config.defaultAffinity).map(
    ({ usable: only, defaultAffinity }) => `${only ?? 'all'} ${defaultAffinity}`,
  );
const at = (name: (typeof USED_DOMAINS)[number]) => USED_DOMAINS.indexOf(name);

test('the place of a domain', () => {
  expect(placeIn('pci-msi')).toEqual({ domain: at('pci-msi'), unremapped: false });
  expect(placeIn('pci-msi-unremapped')).toEqual({ domain: at('pci-msi-unremapped'), unremapped: true });
  expect(placeIn('ioapic')).toEqual({ domain: at('ioapic'), unremapped: false });
});

describe('the CPUs that interrupts may use', () => {
  test('are all without such a policy', async () => {
    const of = await system(APART('P0'));
    expect(new Set(Object.values(usable(of)))).toEqual(new Set(['all']));
    expect([0, 1, 2, 3].map((cpu) => interruptsMayUse(of, cpu))).toEqual([true, true, true, true]);
    expect(new Set(rules(of))).toEqual(new Set(['all 0-3']));
  });

  test.each(['P2', 'P3', 'P4', 'P5'])(
    '%s: those that every domain reaches are online to the engine',
    async (policy) => {
      const of = await system(APART(policy));
      expect(usable(of)).toMatchObject({ 'pci-msi': '0-1', ioapic: '0-1' });
      expect([0, 1, 2, 3].map((cpu) => interruptsMayUse(of, cpu))).toEqual([true, true, false, false]);
      expect(`${of.life.online.bits}`).toBe('0-1');
      expect(rules(of)[at('pci-msi')]).toBe('all 0-3');
    },
  );

  test('P1: those of the mask, which the default is narrowed to', async () => {
    const of = await system(APART('P1'));
    expect(usable(of)).toMatchObject({ 'pci-msi': '0-1' });
    expect(rules(of)[at('pci-msi')]).toBe('all 0-1');
    const beyond = await system(`${APART('P1')}cmdline: irqaffinity=2-3\n`);
    // The boot CPU is always in it.
    expect(rules(beyond)[at('pci-msi')]).toBe('all 0');
  });

  test('P2: of a device outside the IOMMU fewer than of others', async () => {
    const of = await system(OUTSIDE('P2'));
    expect(usable(of)).toMatchObject({ 'pci-msi': '0-11', 'pci-msi-unremapped': '0-7', ioapic: '0-11' });
    expect(rules(of)[at('pci-msi-unremapped')]).toBe('0-7 0-11');
    expect(rules(of)[at('pci-msi')]).toBe('all 0-11');
    expect([7, 8, 11].map((cpu) => interruptsMayUse(of, cpu))).toEqual([true, true, true]);
  });

  test("P2: of lines of Hyper-V's stub fewer than of messages", async () => {
    const of = await system(STUB('P2'));
    expect(usable(of)).toMatchObject({ ioapic: '0-1', 'pci-msi': '0-5' });
    expect(rules(of)[at('ioapic')]).toBe('0-1 0-5');
    expect(interruptsMayUse(of, 5)).toBe(true);
  });

  test('P2: a CPU that lines alone reach may be used, unless there is no IO-APIC', async () => {
    const stated =
      'domains: { pci-msi: { reach: { unreachable: "2-3" } } }\ntopology: { cores: 4 }\nhpet: off\npolicy: P2\n';
    const of = await system(stated);
    expect([1, 2].map((cpu) => interruptsMayUse(of, cpu))).toEqual([true, true]);
    const without = await system(`${stated}cmdline: noapic\n`);
    expect([1, 2].map((cpu) => interruptsMayUse(without, cpu))).toEqual([true, false]);
  });

  test('P2: a CPU that timers alone reach may be used, where they send messages', async () => {
    const stated =
      'domains: { pci-msi: { reach: { unreachable: "3" } }, ioapic: { reach: { unreachable: "3" } } }\n';
    const of = await system(TIMERS('P2', stated));
    expect(usable(of)).toMatchObject({ 'hpet-msi': '0-3', 'pci-msi': '0-2' });
    expect(interruptsMayUse(of, 3)).toBe(true);
    const off = await system(TIMERS('P2', stated).replace('hpet: { msi: on, channels: 8 }', 'hpet: off'));
    expect(interruptsMayUse(off, 3)).toBe(false);
  });
});

describe('what a policy sees', () => {
  test('of each domain its own reach and limit', async () => {
    const of = await system(OUTSIDE('P3'));
    expect(policyCpus(of, 'pci-msi')).toMatchObject({ remapped: true });
    const outside = policyCpus(of, 'pci-msi-unremapped');
    expect(outside).toMatchObject({ remapped: false });
    expect(`${outside.reachable} ${outside.unreachable}`).toBe('0-7 8-11');
    expect(`${reachOf(of, 'pci-msi').reachable}`).toBe('0-11');
  });

  test('of the HPET what a policy limits it to', async () => {
    const guest = 'extDestId: on\nplatform: kvm\nhpet: { msi: on }\ncpus: [{ apicId: "0-1,256" }]\n';
    const limited = await system(`${guest}policy: P8a\n`);
    expect(`${reachOf(limited, 'hpet-msi').reachable}`).toBe('0-1');
    expect(`${reachOf(limited, 'pci-msi').reachable}`).toBe('0-2');
    expect(`${reachOf(await system(`${guest}policy: P7\n`), 'hpet-msi').reachable}`).toBe('0-2');
  });
});

describe('what is spread over, and counted', () => {
  const counts = async (text: string, domain: 'pci-msi' | 'pci-msi-unremapped' = 'pci-msi') => {
    const of = await system(text);
    const { nrCpuIds, possible, present, online } = countCpus(of, domain);
    return [nrCpuIds, possible, present, online];
  };

  test.each([
    ['P0', [4, 4, 4, 2]],
    ['P2', [4, 4, 4, 4]],
    ['P3', [2, 2, 2, 4]],
    ['P4', [2, 2, 2, 4]],
  ])('%s: CPU numbers, possible, present and online CPUs %j', async (policy, expected) => {
    expect(await counts(APART(policy))).toEqual(expected);
  });

  test('numbers without CPUs count, where nothing is narrowed', async () => {
    expect(await counts('hpet: off\ntopology: { cores: 4, present: 3 }\n')).toEqual([4, 4, 3, 3]);
    expect(await counts('hpet: off\npolicy: P4\ntopology: { cores: 4, present: 3 }\n')).toEqual([3, 3, 3, 3]);
  });

  test('P3: of each domain its own; other policies spread over one thing', async () => {
    expect(await counts(OUTSIDE('P3'))).toEqual([12, 12, 12, 12]);
    expect(await counts(OUTSIDE('P3'), 'pci-msi-unremapped')).toEqual([8, 8, 8, 12]);
    const of = await system(OUTSIDE('P0'));
    expect(spreadIn(of, 'pci-msi')).toBe(of.spread);
    const narrowed = await system(OUTSIDE('P3'));
    expect(`${spreadIn(narrowed, 'pci-msi-unremapped').possible}`).toBe('0-7');
    expect(spreadIn(narrowed, 'pci-msi-unremapped')).toBe(spreadIn(narrowed, 'pci-msi-unremapped'));
    expect(spreadIn(narrowed, 'pci-msi').possible.equals(CpuMask.full(12))).toBe(true);
  });
});
