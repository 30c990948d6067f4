/** What each policy changes, asked of its own functions. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import type { ApicDecision } from '../../../src/linux/model/apic.ts';
import { excludeUnreachable } from '../../../src/linux/policy/exclude-unreachable.ts';
import { findPolicy, POLICIES, POLICY_NAMES } from '../../../src/linux/policy/index.ts';
import { liftLimit } from '../../../src/linux/policy/lift-limit.ts';
import type { PolicyCpus } from '../../../src/linux/policy/policy.ts';
import { presentOnly } from '../../../src/linux/policy/present-only.ts';
import { redirect } from '../../../src/linux/policy/redirect.ts';
import { NO_LIMIT } from '../../../src/machine/apic-ids.ts';
import { readText } from '../../helpers.ts';

const mask = (list: string) => (list === '' ? new CpuMask(8) : CpuMask.parse(list, 8));
/** CPUs 0-3 reachable, 4-5 not, 6-7 unknown; 1, 4 and 6 are not plugged, 1 was once. */
const CPUS: PolicyCpus = {
  possible: mask('0-7'),
  present: mask('0,2-3,5,7'),
  everPresent: mask('0-3,5,7'),
  reachable: mask('0-3'),
  unreachable: mask('4-5'),
  unknown: mask('6-7'),
  remapped: false,
  maxApicId: 255,
};

test('names and aliases, in any case', () => {
  for (const { name, aliases } of POLICIES)
    for (const each of [name, ...aliases]) {
      expect(findPolicy(each)?.name).toBe(name);
      expect(findPolicy(each.toLowerCase())?.name).toBe(name);
      expect(findPolicy(each.toUpperCase())?.name).toBe(name);
      expect(POLICY_NAMES).toContain(each);
    }
  expect(findPolicy('P99')).toBeUndefined();
  expect(new Set(POLICY_NAMES).size).toBe(POLICY_NAMES.length);
});

test.each([
  [excludeUnreachable, '0-3,6-7', '0,2-3,7'],
  [presentOnly, '0-3', '0,2-3'],
])('$name spreads over $1', ({ spreadOver }, possible, present) => {
  const over = spreadOver?.(CPUS);
  expect([`${over?.possible}`, `${over?.present}`]).toEqual([possible, present]);
});

test('P5 reserves where a vector can be used', () => {
  const reserved = (list: string) => redirect.reserveOn?.(mask(list), CPUS);
  expect(`${reserved('0,4')}`).toBe('0');
  expect(`${reserved('4-6')}`).toBe('6');
  const all = mask('1,6');
  expect(redirect.reserveOn?.(all, CPUS)).toBe(all);
});

describe('machines as a policy has them', () => {
  const adapted = async (policy: string, facts: string) => {
    const machine = await readText(`kernel: "6.12"\ntopology: { cores: 2 }\nhpet: { msi: on }\n${facts}\n`);
    return findPolicy(policy)?.adapt?.(machine) ?? machine;
  };

  test.each([
    ['platform: bare-metal', 'kvm'],
    ['platform: kvm', 'kvm'],
    ['platform: hyperv', 'hyperv'],
    ['platform: xen-hvm', 'xen-hvm'],
    ['platform: vmware', 'kvm'],
  ])('P7, %s: %s offers the extended ID', async (facts, platform) => {
    for (const policy of ['P7', 'P8a', 'P8b', 'P8c'])
      expect(await adapted(policy, facts)).toMatchObject({ platform, extDestId: true });
  });

  test.each([
    ['P0', { present: true, msi: true }],
    ['P7', { present: true, msi: true }],
    ['P8a', { present: true, msi: true }],
    ['P8b', { present: true, msi: false }],
    ['P8c', { present: false, msi: false }],
  ])('the HPET under %s', async (policy, hpet) => {
    expect((await adapted(policy, 'platform: kvm')).hpet).toMatchObject(hpet);
  });

  test('P0H: a guest of Hyper-V without extended ID and without remapping', async () => {
    const machine = await adapted('P0H', 'platform: kvm\nextDestId: on\nremapping: on');
    expect(machine).toMatchObject({ platform: 'hyperv', extDestId: false, remapping: { enabled: false } });
  });

  test('P8a limits the domain of the HPET alone', () => {
    const { domainMax } = findPolicy('P8a') ?? {};
    expect(domainMax?.('hpet-msi', 32767)).toBe(255);
    expect(domainMax?.('hpet-msi', 254)).toBe(254);
    expect(domainMax?.('pci-msi', 32767)).toBe(32767);
    expect(domainMax?.('ioapic', 32767)).toBe(32767);
  });
});

describe('the limit that is lifted', () => {
  const decision = {
    mode: 'x2apic-cluster',
    limit: 255,
    fatal: 'Cannot disable x2apic',
    messages: ['a line'],
    because: [{ text: 'why', path: ['cpus'] }],
  } as unknown as ApicDecision;
  const lifted = async (facts: string, before = decision) =>
    liftLimit(await readText(`kernel: "6.12"\ntopology: { cores: 2 }\n${facts}\n`), before, 'redirect');

  test('x2APIC stays on, in physical mode, and nothing is fatal', async () => {
    expect(await lifted('')).toEqual({
      ...decision,
      mode: 'x2apic-physical',
      limit: NO_LIMIT,
      fatal: null,
      messages: [],
      because: [
        { text: 'why', path: ['cpus'] },
        {
          text: 'the policy redirect brings CPUs online that device messages cannot address',
          path: ['policy'],
        },
      ],
    });
  });

  test.each([
    'x2apic: unsupported',
    'kernelConfig: { x2apic: off }',
    'cmdline: nox2apic',
    'cmdline: nolapic',
  ])('not without x2APIC: %s', async (facts) => {
    expect(await lifted(facts)).toBe(decision);
  });

  test('not where there is none', async () => {
    const unlimited = { ...decision, limit: NO_LIMIT };
    expect(await lifted('', unlimited)).toBe(unlimited);
  });
});
